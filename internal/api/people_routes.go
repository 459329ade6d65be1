package api

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
	"warder/internal/store"
)

// Token is what a program signs in with; the secret itself is shown once.
type Token struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Role    string     `json:"role" enum:"sender,viewer,operator,lead,admin"`
	Created time.Time  `json:"created"`
	Expires *time.Time `json:"expires,omitempty"`
	Used    *time.Time `json:"used,omitempty"`
	Secret  string     `json:"secret,omitempty" doc:"only in the answer that makes the token"`
}

type newToken struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
		Role string `json:"role" enum:"sender,viewer,operator,lead,admin"`
		Days int    `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"until it ends; 0 for never"`
	}
}

type newUser struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
		Role string `json:"role" enum:"viewer,operator,lead,admin"`
	}
}

// NewUser is a person with the one-time link to sign in by.
type NewUser struct {
	User User   `json:"user"`
	Link string `json:"link" doc:"path and fragment; put the console's address before it"`
}

type byID struct {
	ID string `path:"id"`
}

// Routes are about sessions, people and tokens.
func (p *People) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "people", Permission: module.ManagePeople}
	}
	users := op("list-users", "People who may sign in")
	users.Look = "user.look"
	made := func(o module.Op) module.Op { o.Status = 201; return o }
	return append(p.sessionRoutes(),
		module.Handle("GET", "/users", users, p.listUsers),
		module.Handle("POST", "/users", made(op("add-user", "Add a person; answers with a one-time link")), p.addUser),
		module.Handle("DELETE", "/users/{id}", op("remove-user", "Remove a person and end their sessions"), p.removeUser),
		module.Handle("POST", "/users/{id}/link", op("make-link", "A new one-time sign-in link"), p.makeLink),
		module.Handle("GET", "/tokens", op("list-tokens", "Programs' tokens"), p.listTokens),
		module.Handle("POST", "/tokens", made(op("make-token", "Make a token for a program")), p.makeToken),
		module.Handle("DELETE", "/tokens/{id}", op("remove-token", "Withdraw a token"), p.removeToken),
	)
}

func (p *People) listUsers(ctx context.Context, _ *module.None) (*module.List[User], error) {
	rows, err := p.space.QueryContext(ctx, `SELECT `+userColumns+` FROM api_users u ORDER BY u.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := &module.List[User]{}
	for rows.Next() {
		u, err := scanUser(rows)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, u)
	}
	return out, rows.Err()
}

func (p *People) addUser(ctx context.Context, in *newUser) (*NewUser, error) {
	u, err := p.AddUser(ctx, in.Body.Name, in.Body.Role)
	if err != nil {
		return nil, err
	}
	secret, err := p.Link(ctx, u.ID)
	return &NewUser{User: u, Link: SignInPath(secret)}, err
}

// SignInPath is where the console takes a one-time secret: in the fragment, which
// browsers never send, so that no log holds it.
func SignInPath(secret string) string { return "/sign-in#token=" + secret }

// LinkFor makes a one-time link for a person, who is added with the role when
// nobody has the name yet.
func (p *People) LinkFor(ctx context.Context, name, role string) (string, error) {
	u, err := p.UserByName(ctx, name)
	if fault.KindOf(err) == fault.NotFound {
		u, err = p.AddUser(ctx, name, role)
	}
	if err != nil {
		return "", err
	}
	secret, err := p.Link(ctx, u.ID)
	return SignInPath(secret), err
}

func (p *People) makeLink(ctx context.Context, in *byID) (*NewUser, error) {
	u, err := scanUser(p.space.QueryRowContext(ctx, `SELECT `+userColumns+` FROM api_users u WHERE u.id = $1`, in.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such person.")
	}
	if err != nil {
		return nil, err
	}
	secret, err := p.Link(ctx, u.ID)
	return &NewUser{User: u, Link: SignInPath(secret)}, err
}

func (p *People) removeUser(ctx context.Context, in *byID) (*module.None, error) {
	if in.ID == module.Caller(ctx).ID {
		return nil, fault.New(fault.Conflict, "You cannot remove yourself. Ask another administrator.")
	}
	return nil, p.remove(ctx, "user.remove", "person", `DELETE FROM api_users WHERE id = $1 RETURNING name`, in.ID)
}

func (p *People) removeToken(ctx context.Context, in *byID) (*module.None, error) {
	return nil, p.RemoveToken(ctx, in.ID)
}

// RemoveToken withdraws a program's token.
func (p *People) RemoveToken(ctx context.Context, tokenID string) error {
	return p.remove(ctx, "token.remove", "token", `DELETE FROM api_tokens WHERE id = $1 RETURNING name`, tokenID)
}

func (p *People) remove(ctx context.Context, action, what, query, subject string) error {
	return p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, query, subject).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "There is no such %s.", what)
		}
		if err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, action, subject, map[string]any{"name": name}))
	})
}

func (p *People) listTokens(ctx context.Context, _ *module.None) (*module.List[Token], error) {
	tokens, err := p.Tokens(ctx)
	return &module.List[Token]{Items: tokens}, err
}

// Tokens lists the programs' tokens, without their secrets.
func (p *People) Tokens(ctx context.Context) ([]Token, error) {
	rows, err := p.space.QueryContext(ctx, `SELECT id, name, role, created, expires, used FROM api_tokens ORDER BY name, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Token
	for rows.Next() {
		var t Token
		var created, expires, used int64
		if err := rows.Scan(&t.ID, &t.Name, &t.Role, &created, &expires, &used); err != nil {
			return nil, err
		}
		t.Created, t.Expires, t.Used = store.FromMicros(created), sometime(expires), sometime(used)
		out = append(out, t)
	}
	return out, rows.Err()
}

func sometime(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := store.FromMicros(us)
	return &t
}

func (p *People) makeToken(ctx context.Context, in *newToken) (*Token, error) {
	return p.MakeToken(ctx, in.Body.Name, in.Body.Role, time.Duration(in.Body.Days)*24*time.Hour)
}

// MakeToken makes a token for a program; life 0 means without end.
func (p *People) MakeToken(ctx context.Context, name, role string, life time.Duration) (*Token, error) {
	if grants(role) == nil {
		return nil, fault.New(fault.Invalid, "There is no role %q. There are sender, viewer, operator, lead and admin.", role)
	}
	t := &Token{ID: id.New(), Name: name, Role: role, Created: p.now(), Secret: newSecret()}
	var expires int64
	if life > 0 {
		end := p.now().Add(life)
		t.Expires, expires = &end, store.Micros(end)
	}
	return t, p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO api_tokens (id, fingerprint, name, role, created_by, created, expires, used)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			t.ID, fingerprint(t.Secret), name, role, module.Caller(ctx).ID, store.Micros(t.Created), expires)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, "token.make", t.ID, map[string]any{"name": name, "role": role}))
	})
}

// useToken finds the program that a secret belongs to and writes down that it was used.
func (p *People) useToken(ctx context.Context, secret string) (module.Principal, error) {
	who, used, err := p.token(ctx, secret)
	if now := p.now(); err == nil && now.Sub(used) > seenEvery {
		err = p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE api_tokens SET used = $1 WHERE id = $2`, store.Micros(now), who.ID)
			return err
		})
	}
	return who, err
}

// token finds the program that a secret belongs to, and when it was used last.
func (p *People) token(ctx context.Context, secret string) (module.Principal, time.Time, error) {
	who := module.Principal{Token: true, Locale: "en"}
	var expires, used int64
	err := p.space.QueryRowContext(ctx, `SELECT id, name, role, expires, used FROM api_tokens WHERE fingerprint = $1`,
		fingerprint(secret)).Scan(&who.ID, &who.Name, &who.Role, &expires, &used)
	now := store.Micros(p.now())
	if errors.Is(err, sql.ErrNoRows) || (err == nil && expires != 0 && expires < now) {
		return module.Principal{}, time.Time{}, fault.New(fault.Unknown, "This token is not known or has ended. Make a new one with: warder token create.")
	}
	if err != nil {
		return module.Principal{}, time.Time{}, p.space.Fault("read a token", err)
	}
	return who, store.FromMicros(used), nil
}
