// Package api is Warder's HTTP side: who asks (sessions for people, bearer
// tokens for programs), what they may do, the table of routes, the live stream,
// the console's files, and the OpenAPI document that all of this gives.
//
// Routes are data from the modules (module.Route). The permission check and the
// document are made from the same table, so neither can drift from what is
// served. Errors leave as RFC 9457 problem documents; what is internal goes to
// the log under an id that the caller sees.
package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"warder/internal/module"
)

// Prefix is where every route of the modules lives.
const Prefix = "/api/v1"

// Limits of what a caller may send, in bytes and time.
const (
	maxBody       = 1 << 20
	maxUpload     = 64 << 20
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
)

// Options is all that the HTTP side rests on.
type Options struct {
	Version string
	People  *People        // who may sign in; also a module with routes of its own
	Routes  []module.Route // of every module
	Console fs.FS          // the built console
	Root    []RootRoute    // served outside Prefix
	Looks   Looks          // writes down who looked at personal data
	Secure  bool           // served over TLS: cookies are marked so
	Log     *slog.Logger
	Now     func() time.Time
}

// Looks writes down that the caller looks at personal data: a route's action and
// what it shows. That this fails must keep nobody from seeing an incident, on a
// full disk for one; whoever writes it down says so where it is noticed.
type Looks interface {
	Look(ctx context.Context, action, subject string)
}

// RootRoute is what machines look for at the root: "/metrics", "/healthz".
type RootRoute struct {
	Path       string
	Permission module.Permission
	Handler    http.Handler
}

// API is the composed handler.
type API struct {
	mux    *http.ServeMux
	people *People
	looks  Looks
	doc    *huma.OpenAPI
	table  []module.Route
	log    *slog.Logger
	secure bool
}

// New checks the table of routes and composes the handler. It refuses a route
// without a permission, without an id, or with the id or pattern of another.
func New(o Options) (*API, error) {
	a := &API{mux: http.NewServeMux(), people: o.People, looks: o.Looks, doc: newDocument(o.Version), log: o.Log, secure: o.Secure}
	a.table = append(a.table, o.Routes...)
	a.table = append(a.table, o.People.Routes()...)
	a.table = append(a.table, a.ownRoutes()...)
	if err := checkTable(a.table); err != nil {
		return nil, err
	}
	for _, r := range a.table {
		b, err := bind(a.doc, r)
		if err != nil {
			return nil, fmt.Errorf("compose the API: route %s: %w", r.ID, err)
		}
		a.mux.Handle(r.Method+" "+Prefix+r.Path, a.guard(r, b))
	}
	a.mux.HandleFunc(Prefix+"/", a.noRoute)
	for _, r := range o.Root {
		route := module.Route{Method: http.MethodGet, Path: r.Path, Permission: r.Permission, Raw: r.Handler.ServeHTTP}
		a.mux.Handle("GET "+r.Path, a.guard(route, &binding{route: route}))
	}
	a.mux.Handle("/", console(o.Console))
	return a, nil
}

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secureHeaders(w.Header(), a.secure)
	a.mux.ServeHTTP(w, r)
}

// Server returns an HTTP server with Warder's limits around the handler. It sets
// no write timeout, because the live stream lasts; every other answer is small.
func (a *API) Server(log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           a,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       idleTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

func checkTable(table []module.Route) error {
	ids, patterns := map[string]bool{}, map[string]bool{}
	var problems []error
	for _, r := range table {
		pattern := r.Method + " " + r.Path
		switch {
		case r.ID == "":
			problems = append(problems, fmt.Errorf("route %s has no id", pattern))
		case r.Permission == "":
			problems = append(problems, fmt.Errorf("route %s has no permission", pattern))
		case !strings.HasPrefix(r.Path, "/"):
			problems = append(problems, fmt.Errorf("route %s does not begin with a slash", pattern))
		case ids[r.ID]:
			problems = append(problems, fmt.Errorf("two routes have the id %s", r.ID))
		case patterns[pattern]:
			problems = append(problems, fmt.Errorf("two routes answer %s", pattern))
		}
		ids[r.ID], patterns[pattern] = true, true
	}
	if len(problems) > 0 {
		return fmt.Errorf("compose the API: %w", errors.Join(problems...))
	}
	return nil
}

// secureHeaders sets what every answer carries: scripts and styles come from
// Warder itself and never from within a page.
func secureHeaders(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "+
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
