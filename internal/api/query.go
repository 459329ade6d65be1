package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// strangers refuses query parameters that the route does not have: one that is
// misspelt and left out of account would give an answer to another question.
func (b *binding) strangers(query url.Values, problems *wrong) {
	known := b.known()
	hint := "is no parameter of this route, which takes none in its query"
	if len(known) > 0 {
		hint = "is no parameter of this route, which takes " + strings.Join(known, ", ")
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			problems.add("query."+name, hint)
		}
	}
}

// known lists the names of the route's query parameters.
func (b *binding) known() []string {
	var names []string
	for _, p := range b.params {
		if p.in == "query" {
			names = append(names, p.name)
		}
	}
	return names
}

// serveRaw hands a request to a route that reads its parameters itself. One that
// says which its query has is held to it.
func (b *binding) serveRaw(a *API, w http.ResponseWriter, r *http.Request) {
	if len(b.known()) > 0 {
		problems := &wrong{}
		b.strangers(r.URL.Query(), problems)
		if err := problems.err(b.route); err != nil {
			a.fail(w, r, err)
			return
		}
	}
	b.route.Raw(w, r)
}
