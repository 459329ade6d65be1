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
		a.look(ctx, r, req)
		b.serve(a, w, req.WithContext(ctx))
	})
}

// look writes down that personal data is about to be shown.
func (a *API) look(ctx context.Context, r module.Route, req *http.Request) {
	if r.Look == "" {
		return
	}
	subject := strings.Trim(r.Path, "/")
	for _, name := range []string{"id", "topic"} {
		if v := req.PathValue(name); v != "" {
			subject = v
		}
	}
	a.looks.Look(ctx, r.Look, subject)
}

// identify finds who asks: a program by its bearer token, a person by the cookie.
func (a *API) identify(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	token, cookie, err := credentials(r)
	switch {
	case err != nil:
		return ctx, err
	case token != "":
		who, err := a.people.useToken(ctx, token)
		return module.WithCaller(ctx, who), err
	case cookie == "":
		return ctx, nil
	}
	s, err := a.people.resume(ctx, cookie)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(module.WithCaller(ctx, principal(s.user)), sessionKey{}, s), nil
}

// credentials are what a request proves its caller with; a token goes before a
// cookie, and both are empty for a stranger.
func credentials(r *http.Request) (token, cookie string, err error) {
	if h := r.Header.Get("Authorization"); h != "" {
		secret, ok := strings.CutPrefix(h, "Bearer ")
		if !ok || secret == "" {
			return "", "", fault.New(fault.Unknown, "The header Authorization must be of the form: Bearer <token>.")
		}
		return secret, "", nil
	}
	if c, err := r.Cookie(cookieName); err == nil {
		return "", c.Value, nil
	}
	return "", "", nil
}

// Still returns an error when the caller of a request that was let in may not do
// any longer what needs the permission: the token was withdrawn, the session has
// ended, the person is gone or has another role. Asking does not count as using:
// a session ends when it would have ended without.
func (p *People) Still(r *http.Request, need module.Permission) error {
	token, cookie, err := credentials(r)
	if err != nil {
		return err
	}
	var role string
	if token != "" {
		who, _, err := p.token(r.Context(), token)
		if err != nil {
			return err
		}
		role = who.Role
	} else {
		s, err := p.session(r.Context(), cookie)
		if err != nil {
			return err
		}
		role = s.user.Role
	}
	if !allowed(role, need) {
		return fault.New(fault.Denied, "The role %s does not hold the permission %s.", role, need)
	}
	return nil
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
