package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// param is one parameter of a route: where it comes from and which field takes it.
type param struct {
	name, in string // in: path, query, header
	index    []int
	schema   *huma.Schema
	required bool
	fallback string
	doc      string
}

// binding turns requests into a route's input and its output into answers.
type binding struct {
	route  module.Route
	params []param
	body   *reflect.StructField
	schema *huma.Schema
	types  huma.Registry
}

// bind reads a route's input type, documents the route, and returns what serves it.
func bind(doc *huma.OpenAPI, r module.Route) (*binding, error) {
	b := &binding{route: r, types: doc.Components.Schemas}
	if err := b.fields(r.In, nil); err != nil {
		return nil, err
	}
	b.schema = document(doc, r, b.params, b.body)
	return b, nil
}

func (b *binding) fields(t reflect.Type, path []int) error {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, path...), i)
		if f.Anonymous {
			if err := b.fields(f.Type, index); err != nil {
				return err
			}
			continue
		}
		if f.Name == "Body" {
			f.Index = index
			b.body = &f
			continue
		}
		for _, in := range []string{"path", "query", "header"} {
			name, ok := f.Tag.Lookup(in)
			if !ok {
				continue
			}
			if !settable(f.Type) {
				return fmt.Errorf("parameter %s: a %s cannot be read from text", name, f.Type)
			}
			b.params = append(b.params, param{name: name, in: in, index: index,
				schema: huma.SchemaFromField(b.types, f, ""), required: f.Tag.Get("required") == "true",
				fallback: f.Tag.Get("default"), doc: f.Tag.Get("doc")})
		}
	}
	return nil
}

// input reads a request into a new value of the route's input type.
func (b *binding) input(w http.ResponseWriter, r *http.Request) (any, error) {
	in := reflect.New(b.route.In)
	problems := &wrong{}
	query := r.URL.Query()
	b.strangers(query, problems)
	for _, p := range b.params {
		text, given := p.text(r, query)
		if !given {
			if p.required {
				problems.add(p.in+"."+p.name, "is missing")
			}
			if text = p.fallback; text == "" {
				continue
			}
		}
		b.set(in.Elem().FieldByIndex(p.index), p, text, problems)
	}
	if b.body != nil {
		if err := b.readBody(w, r, in.Elem().FieldByIndex(b.body.Index), problems); err != nil {
			return nil, err
		}
	}
	return in.Interface(), problems.err(b.route)
}

func (p param) text(r *http.Request, query url.Values) (string, bool) {
	switch p.in {
	case "path":
		return r.PathValue(p.name), true
	case "header":
		v := r.Header.Get(p.name)
		return v, v != ""
	}
	return query.Get(p.name), query.Has(p.name)
}

func (b *binding) set(field reflect.Value, p param, text string, problems *wrong) {
	v, err := parse(field.Type(), text)
	if err != nil {
		problems.add(p.in+"."+p.name, err.Error())
		return
	}
	var plain any = v.Interface()
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		plain = float64(v.Int())
	case reflect.String:
		plain = v.String()
	case reflect.Struct:
		plain = text
	}
	problems.validate(b.types, p.schema, p.in+"."+p.name, plain)
	field.Set(v)
}

func (b *binding) readBody(w http.ResponseWriter, r *http.Request, field reflect.Value, problems *wrong) error {
	most := cmp.Or(b.route.MostBody, maxBody)
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return fault.New(fault.TooLarge, "The body of this request is larger than %d bytes. Send less at once.", most)
		}
		return fault.New(fault.Invalid, "The body of this request ended early: %w", err)
	}
	var loose any
	if err := json.Unmarshal(data, &loose); err != nil {
		return fault.New(fault.Invalid, "The body of this request is not JSON: %w", err)
	}
	before := len(problems.list)
	problems.validate(b.types, b.schema, "body", loose)
	if len(problems.list) > before {
		return nil
	}
	if err := json.Unmarshal(data, field.Addr().Interface()); err != nil {
		problems.add("body", err.Error())
	}
	return nil
}

// serve answers a request whose caller has been let in.
func (b *binding) serve(a *API, w http.ResponseWriter, r *http.Request) {
	if b.route.Raw != nil {
		b.serveRaw(a, w, r)
		return
	}
	in, err := b.input(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out, err := b.route.Call(r.Context(), in)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if out == nil || b.route.Out == reflect.TypeFor[module.None]() {
		w.WriteHeader(successOf(b.route))
		return
	}
	data, err := json.Marshal(fill(reflect.ValueOf(out)))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(successOf(b.route))
	_, _ = w.Write(data) // the caller has gone away; there is nobody to tell
}

// fill turns the nil lists of an answer's own fields into empty ones, as the
// document promises.
func fill(v reflect.Value) any {
	s := reflect.Indirect(v)
	if s.Kind() == reflect.Struct && s.CanSet() {
		for i := range s.NumField() {
			if f := s.Field(i); f.Kind() == reflect.Slice && f.IsNil() && f.CanSet() {
				f.Set(reflect.MakeSlice(f.Type(), 0, 0))
			}
		}
	}
	return v.Interface()
}

func settable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Bool, reflect.Float64:
		return true
	}
	return t == reflect.TypeFor[time.Time]()
}

func parse(t reflect.Type, text string) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return v, errors.New("is no time as RFC 3339 writes it, like 2026-11-22T08:00:00Z")
		}
		v.Set(reflect.ValueOf(at))
	case t.Kind() == reflect.String:
		v.SetString(text)
	case t.Kind() == reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return v, errors.New("is neither true nor false")
		}
		v.SetBool(yes)
	case t.Kind() == reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return v, errors.New("is no number")
		}
		v.SetFloat(n)
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return v, errors.New("is no whole number")
		}
		v.SetInt(n)
	}
	return v, nil
}

// wrong gathers everything that is wrong with an input.
type wrong struct{ list [][2]string }

func (w *wrong) add(where, message string) { w.list = append(w.list, [2]string{where, message}) }

func (w *wrong) validate(types huma.Registry, s *huma.Schema, where string, v any) {
	res := &huma.ValidateResult{}
	path := huma.NewPathBuffer([]byte{}, 0)
	path.Push(where)
	huma.Validate(types, s, path, huma.ModeWriteToServer, v, res)
	for _, err := range res.Errors {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			w.add(d.Location, d.Message)
		}
	}
}

func (w *wrong) err(r module.Route) error {
	if len(w.list) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "Something is wrong with the input of %s; every single thing is listed.%w", r.ID, several(w.list))
}

// several is the cause of an error that lists things; it adds no words of its own.
type several [][2]string

func (several) Error() string          { return "" }
func (s several) Details() [][2]string { return s }
