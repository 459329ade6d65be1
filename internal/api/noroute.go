package api

import (
	"net/http"
	"strings"
)

// noRoute answers what no route of the modules takes: a path that other methods
// have is told from one that nobody has (RFC 9110 sections 15.5.5 and 15.5.6).
func (a *API) noRoute(w http.ResponseWriter, r *http.Request) {
	methods := strings.Join(a.methods(r), ", ")
	if methods == "" {
		writeProblem(w, r, http.StatusNotFound, "There is no such route. The document at "+Prefix+"/openapi.json lists all of them.", nil)
		return
	}
	w.Header().Set("Allow", methods)
	writeProblem(w, r, http.StatusMethodNotAllowed, "This path does not take "+r.Method+". It takes "+methods+".", nil)
}

// methods lists those that the path of a request has a route for.
func (a *API) methods(r *http.Request) []string {
	var out []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); strings.Contains(pattern, " ") { // only a route's pattern begins with a method
			out = append(out, m)
		}
	}
	return out
}
