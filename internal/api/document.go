package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"warder/internal/module"
)

// newDocument starts the OpenAPI 3.1 document.
func newDocument(version string) *huma.OpenAPI {
	huma.DefaultArrayNullable = false // a list is empty, never null: bind makes it so
	registry := huma.NewMapRegistry("#/components/schemas/", namer())
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Warder", Version: version,
			Description: "Incidents, their predicted impact on care, the response, and what they rest on. " +
				"Errors are RFC 9457 problem documents; lists are paged by cursor; times are RFC 3339 in UTC.",
			License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Servers: []*huma.Server{{URL: Prefix}},
		Components: &huma.Components{
			Schemas: registry,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"session": {Type: "apiKey", In: "cookie", Name: cookieName},
				"token":   {Type: "http", Scheme: "bearer"},
			},
		},
	}
}

// namer names schemas after their types. Where two packages have a type of one
// name, the later one gets its package's name before it; the table of routes has
// one order, so names are stable.
func namer() func(t reflect.Type, hint string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if other, ok := taken[name]; ok && other != t {
			name = packageOf(t) + name
		}
		taken[name] = t
		return name
	}
}

// packageOf is the capitalised last element of the package of a type, or of its
// type argument.
func packageOf(t reflect.Type) string {
	path := t.PkgPath()
	if _, argument, generic := strings.Cut(t.Name(), "["); generic {
		path = argument[:strings.LastIndexByte(argument, '.')]
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	return strings.ToUpper(last[:1]) + last[1:]
}

// document adds a route to the document and returns the schema of its body, if
// it has one.
func document(doc *huma.OpenAPI, r module.Route, params []param, body *reflect.StructField) *huma.Schema {
	registry := doc.Components.Schemas
	op := &huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Summary, Tags: tags(r),
		Description: "Permission: " + string(r.Permission) + ".",
		Responses:   map[string]*huma.Response{},
	}
	if r.Permission != module.Public {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	for _, p := range params {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: p.name, In: p.in, Schema: p.schema, Required: p.in == "path" || p.required, Description: p.doc,
		})
	}
	var bodySchema *huma.Schema
	if body != nil {
		bodySchema = registry.Schema(body.Type, true, r.ID+"Body")
		op.RequestBody = &huma.RequestBody{Required: true,
			Content: map[string]*huma.MediaType{"application/json": {Schema: bodySchema}}}
	}
	op.Responses[strconv.Itoa(successOf(r))] = success(registry, r)
	op.Responses["default"] = &huma.Response{
		Description: "What went wrong and what to do next",
		Content: map[string]*huma.MediaType{"application/problem+json": {
			Schema: registry.Schema(reflect.TypeFor[Problem](), true, "Problem")}},
	}
	doc.AddOperation(op)
	return bodySchema
}

func tags(r module.Route) []string {
	if r.Tag != "" {
		return []string{r.Tag}
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
	return []string{first}
}

func success(registry huma.Registry, r module.Route) *huma.Response {
	res := &huma.Response{Description: "Done"}
	if r.Raw != nil {
		for _, media := range r.RawTypes {
			if res.Content == nil {
				res.Content = map[string]*huma.MediaType{}
			}
			res.Content[media] = &huma.MediaType{}
		}
		return res
	}
	if r.Out != reflect.TypeFor[module.None]() {
		res.Content = map[string]*huma.MediaType{"application/json": {Schema: registry.Schema(r.Out, true, r.ID+"Out")}}
	}
	return res
}

func successOf(r module.Route) int {
	switch {
	case r.Status != 0:
		return r.Status
	case r.Raw == nil && r.Out == reflect.TypeFor[module.None]():
		return http.StatusNoContent
	}
	return http.StatusOK
}

// Matrix lists which role may use which route, for the reference page.
func (a *API) Matrix() [][]string {
	rows := make([][]string, 0, len(a.table))
	for _, r := range a.table {
		row := []string{r.Method + " " + Prefix + r.Path, string(r.Permission)}
		for _, role := range Roles() {
			mark := ""
			if allowed(role, r.Permission) {
				mark = "yes"
			}
			row = append(row, mark)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(x, y []string) int { return strings.Compare(x[0], y[0]) })
	return rows
}
