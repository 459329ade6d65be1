package module

import (
	"context"
	"net/http"
	"reflect"
)

// Route is one operation of the API, as data: the permission matrix and the
// OpenAPI document are made from it. A route without a permission does not start.
type Route struct {
	Method     string
	Path       string // below /api/v1, with {names}
	Permission Permission
	ID         string // operation id: "list-incidents"
	Summary    string
	Tag        string
	Status     int   // of success; 0 means 200, or 204 when there is no output
	MostBody   int64 // bytes of a JSON body; 0 means 1 MiB
	// Look is what the audit calls it when somebody uses a route that shows
	// personal data; empty where none is shown, or the module writes it down itself.
	Look string
	// In and Out are struct types. Fields of In with a path, query or header tag
	// are parameters; a field Body is the JSON body. Out is the JSON body itself.
	// Tags follow huma: required, minimum, maxLength, enum, default, doc, example.
	In, Out reflect.Type
	Call    func(ctx context.Context, in any) (out any, err error)
	// Raw serves what is no JSON exchange: streams, pictures, uploads. Then In
	// may still describe the parameters for the document; Call is nil.
	Raw      http.HandlerFunc
	RawTypes []string // media types that Raw answers with
}

// None is the input or output of a route that has none.
type None struct{}

// Op describes a route to Handle and Serve.
type Op struct {
	ID         string
	Summary    string
	Tag        string
	Permission Permission
	Status     int
	MostBody   int64
	Look       string
}

// Handle makes a typed route. The caller's identity is in the context: Caller.
// Errors are shown by their kind (package fault).
func Handle[I, O any](method, path string, op Op, fn func(context.Context, *I) (*O, error)) Route {
	return Route{
		Method: method, Path: path, Permission: op.Permission, ID: op.ID, Summary: op.Summary,
		Tag: op.Tag, Status: op.Status, MostBody: op.MostBody, Look: op.Look,
		In: reflect.TypeFor[I](), Out: reflect.TypeFor[O](),
		Call: func(ctx context.Context, in any) (any, error) {
			out, err := fn(ctx, in.(*I))
			if err != nil || out == nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// Serve makes a route that speaks HTTP itself; I describes its parameters.
func Serve[I any](method, path string, op Op, types []string, fn http.HandlerFunc) Route {
	return Route{
		Method: method, Path: path, Permission: op.Permission, ID: op.ID, Summary: op.Summary,
		Tag: op.Tag, Status: op.Status, Look: op.Look, In: reflect.TypeFor[I](), Out: reflect.TypeFor[None](),
		Raw: fn, RawTypes: types,
	}
}

// Page asks for one page of a list; embed it in an input.
type Page struct {
	Cursor string `query:"cursor" doc:"where the last page ended, as it said; empty for the first page" maxLength:"512"`
	Limit  int    `query:"limit" doc:"how many at most" minimum:"1" maximum:"500" default:"100"`
}

// List is one page of an answer.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
	Total int    `json:"total,omitempty" doc:"how many there are in all, where that is cheap to know"`
}
