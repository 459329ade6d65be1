package source_test

import (
	"reflect"
	"testing"

	"warder/internal/module"
)

// newIn makes a route's input with the id of a source.
func newIn(r module.Route, id string) any {
	in := reflect.New(r.In)
	if f := in.Elem().FieldByName("ID"); f.IsValid() {
		f.SetString(id)
	}
	return in.Interface()
}

// call calls one of a module's routes as the API does.
func call[T any](t *testing.T, m module.Router, operation, id string) *T {
	t.Helper()
	for _, r := range m.Routes() {
		if r.ID != operation {
			continue
		}
		out, err := r.Call(t.Context(), newIn(r, id))
		if err != nil {
			t.Fatal(err)
		}
		return out.(*T)
	}
	t.Fatalf("there is no operation %s", operation)
	return nil
}
