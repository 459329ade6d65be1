package api

import (
	"context"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Texts is the catalogue of machine text: locale, then code, then template. It
// turns flow.Text into words wherever it is shown.
type Texts map[string]map[string]string

// Catalogue is one language's machine text.
type Catalogue struct {
	Locale string            `json:"locale"`
	Texts  map[string]string `json:"texts" doc:"by code; {names} stand for parameters"`
}

type textsInput struct {
	Locale string `path:"locale" maxLength:"10"`
}

// Routes is the catalogue, for the console and for whoever shows machine text.
func (t Texts) Routes() []module.Route {
	return []module.Route{module.Handle("GET", "/texts/{locale}", module.Op{ID: "get-texts", Tag: "about",
		Summary: "Machine text in a language", Permission: module.Public}, t.get)}
}

func (t Texts) get(_ context.Context, in *textsInput) (*Catalogue, error) {
	texts, ok := t[in.Locale]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no machine text in %q. There is en and fr.", in.Locale)
	}
	return &Catalogue{Locale: in.Locale, Texts: texts}, nil
}
