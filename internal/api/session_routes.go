package api

import (
	"context"
	"encoding/json"
	"net/http"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// SessionInfo tells who is signed in and what the console needs to begin.
type SessionInfo struct {
	SignedIn    bool                `json:"signed_in"`
	NeedsSetup  bool                `json:"needs_setup" doc:"nobody may sign in yet: use the link that warder printed"`
	User        *User               `json:"user,omitempty" doc:"the person, when a person asks"`
	Program     *Program            `json:"program,omitempty" doc:"the program, when one asks by its token"`
	Permissions []module.Permission `json:"permissions"`
	CSRF        string              `json:"csrf,omitempty" doc:"goes back in the header X-CSRF-Token with everything that writes"`
	Instance    Instance            `json:"instance"`
}

// Program is a program that signed in by its token.
type Program struct {
	ID   string `json:"id" doc:"id of the token"`
	Name string `json:"name"`
	Role string `json:"role" enum:"sender,viewer,operator,lead,admin"`
}

type signIn struct {
	Body struct {
		Name     string `json:"name" maxLength:"100"`
		Password string `json:"password" maxLength:"500"`
	}
}

type redeem struct {
	Body struct {
		Token string `json:"token" maxLength:"100" doc:"from the one-time link"`
	}
}

type preferences struct {
	Body struct {
		Locale string `json:"locale,omitempty" enum:"en,fr"`
		Theme  string `json:"theme,omitempty" enum:"system,dark,light"`
	}
}

type newPassword struct {
	Body struct {
		Password string `json:"password" minLength:"12" maxLength:"500" doc:"at least 12 letters; a sentence is good"`
		Current  string `json:"current,omitempty" maxLength:"500" doc:"the password until now, if there is one"`
	}
}

// sessionRoutes answer before or about signing in. Those that set the cookie
// speak HTTP themselves.
func (p *People) sessionRoutes() []module.Route {
	op := func(id, summary string, perm module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "session", Permission: perm}
	}
	return []module.Route{
		module.Handle("GET", "/session", op("get-session", "Who is signed in", module.Public), p.getSession),
		module.Handle("POST", "/session/intended-use", op("accept-intended-use", "Accept the statement of intended use", module.SignedIn), p.acceptUse),
		module.Handle("PUT", "/session/preferences", op("set-preferences", "Choose language and theme", module.SignedIn), p.setPreferences),
		module.Handle("PUT", "/session/password", op("set-password", "Set the password to sign in with", module.SignedIn), p.setPassword),
	}
}

func (p *People) getSession(ctx context.Context, _ *module.None) (*SessionInfo, error) {
	info := &SessionInfo{Instance: p.about()}
	if s, ok := ctx.Value(sessionKey{}).(session); ok {
		info.SignedIn, info.User, info.CSRF, info.Permissions = true, &s.user, s.csrf, grants(s.user.Role)
		return info, nil
	}
	if who := module.Caller(ctx); who.Token {
		info.SignedIn, info.Permissions = true, grants(who.Role)
		info.Program = &Program{ID: who.ID, Name: who.Name, Role: who.Role}
		return info, nil
	}
	somebody, err := p.Any(ctx)
	info.NeedsSetup = !somebody
	return info, err
}

func (p *People) acceptUse(ctx context.Context, _ *module.None) (*module.None, error) {
	return nil, p.update(ctx, "user.intended-use", `UPDATE api_users SET intended_use = $2 WHERE id = $1`, store.Micros(p.now()))
}

func (p *People) setPreferences(ctx context.Context, in *preferences) (*module.None, error) {
	return nil, p.update(ctx, "user.preferences", `UPDATE api_users SET
		locale = CASE WHEN $2 = '' THEN locale ELSE $2 END, theme = CASE WHEN $3 = '' THEN theme ELSE $3 END WHERE id = $1`,
		in.Body.Locale, in.Body.Theme)
}

func (p *People) setPassword(ctx context.Context, in *newPassword) (*module.None, error) {
	u, err := p.UserByName(ctx, module.Caller(ctx).Name)
	if err != nil {
		return nil, err
	}
	if u.password != "" && !checkPassword(u.password, in.Body.Current) {
		return nil, fault.New(fault.Denied, "The password until now is wrong. Give it again, or sign in with a new link to set another.")
	}
	return nil, p.update(ctx, "user.password", `UPDATE api_users SET password = $2 WHERE id = $1`, hashPassword(in.Body.Password))
}

// update changes the row of whoever asks.
func (p *People) update(ctx context.Context, action, query string, args ...any) error {
	who := module.Caller(ctx)
	if who.Token {
		return fault.New(fault.Denied, "A program's token has no personal settings.")
	}
	return p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, query, append([]any{who.ID}, args...)...); err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, action, who.ID, nil))
	})
}

// ownRoutes are those that need the answer's headers.
func (a *API) ownRoutes() []module.Route {
	op := func(id, summary string, perm module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "session", Permission: perm, Status: http.StatusNoContent}
	}
	return []module.Route{
		module.Serve[signIn]("POST", "/session", op("sign-in", "Sign in with name and password", module.Public), nil, a.signIn),
		module.Serve[redeem]("POST", "/session/redeem", op("redeem-link", "Sign in with a one-time link", module.Public), nil, a.redeem),
		module.Serve[module.None]("DELETE", "/session", op("sign-out", "Sign out", module.SignedIn), nil, a.signOut),
		module.Serve[module.None]("GET", "/openapi.json", module.Op{ID: "get-openapi", Summary: "This document", Tag: "about",
			Permission: module.Public}, []string{"application/openapi+json"}, a.openAPI),
	}
}

func (a *API) signIn(w http.ResponseWriter, r *http.Request) {
	var in signIn
	if err := readJSON(w, r, &in.Body); err != nil {
		a.fail(w, r, err)
		return
	}
	u, err := a.people.verify(r.Context(), in.Body.Name, in.Body.Password)
	a.begin(w, r, u, "password", err)
}

func (a *API) redeem(w http.ResponseWriter, r *http.Request) {
	var in redeem
	if err := readJSON(w, r, &in.Body); err != nil {
		a.fail(w, r, err)
		return
	}
	u, err := a.people.redeem(r.Context(), in.Body.Token)
	a.begin(w, r, u, "link", err)
}

func (a *API) begin(w http.ResponseWriter, r *http.Request, u User, how string, err error) {
	var secret string
	if err == nil {
		secret, _, err = a.people.open(r.Context(), u, how, origin(r))
	} else if wrong := a.people.refused(r.Context(), u, how, origin(r), err); wrong != nil {
		a.log.Warn("a refused sign-in could not be written to the audit", "error", wrong)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.people.setCookie(w, secret, sessionWhole)
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := a.people.end(r.Context(), c.Value); err != nil {
			a.fail(w, r, err)
			return
		}
	}
	a.people.setCookie(w, "", -1)
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) openAPI(w http.ResponseWriter, r *http.Request) {
	data, err := a.Document()
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(data)
}

// Document is the OpenAPI document as indented JSON.
func (a *API) Document() ([]byte, error) {
	return json.MarshalIndent(a.doc, "", "  ")
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fault.New(fault.Invalid, "The body of this request is not the JSON that this route takes: %w", err)
	}
	return nil
}
