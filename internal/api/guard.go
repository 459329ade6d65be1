package api

import (
	"context"
	"net/http"
	"strings"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

type sessionKey struct{}

// guard lets a request through to its route when its caller may use it.
func (a *API) guard(r module.Route, b *binding) http.Handler {
	crossSite := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, err := a.identify(req)
		if err != nil && r.Permission != module.Public {
			a.fail(w, req, err)
			return
		}
		who := module.Caller(ctx)
		if who.ID == "" && r.Permission != module.Public {
			a.fail(w, req, fault.New(fault.Unknown, "You are not signed in. Sign in, or send a token as Authorization: Bearer."))
			return
		}
		if !allowed(who.Role, r.Permission) {
			a.fail(w, req, fault.New(fault.Denied, "Your role (%s) may not do this; it needs the permission %s. Ask an administrator.", who.Role, r.Permission))
			return
		}
		if err := checkForgery(ctx, crossSite, req, r.Permission); err != nil {
			a.fail(w, req, err)
			return
		}
		b.serve(a, w, req.WithContext(ctx))
	})
}

// identify finds who asks: a program by its bearer token, a person by the cookie.
func (a *API) identify(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if h := r.Header.Get("Authorization"); h != "" {
		secret, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return ctx, fault.New(fault.Unknown, "The header Authorization must be of the form: Bearer <token>.")
		}
		who, err := a.people.token(ctx, secret)
		return module.WithCaller(ctx, who), err
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ctx, nil
	}
	s, err := a.people.resume(ctx, c.Value)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(module.WithCaller(ctx, principal(s.user)), sessionKey{}, s), nil
}

// checkForgery refuses writes that another site makes a browser send. A token is
// never sent by a browser on its own, so programs need no second proof.
// Signing in again while signed in needs none either: there is nothing to forge.
func checkForgery(ctx context.Context, crossSite *http.CrossOriginProtection, r *http.Request, p module.Permission) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := crossSite.Check(r); err != nil {
		return fault.New(fault.Denied, "This request comes from another site and was refused.")
	}
	s, signedIn := ctx.Value(sessionKey{}).(session)
	if signedIn && p != module.Public && r.Header.Get(csrfHeader) != s.csrf {
		return fault.New(fault.Denied, "The header %s is missing or wrong. Read it from GET %s/session.", csrfHeader, Prefix)
	}
	return nil
}
