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

// How long what people sign in with holds.
const (
	sessionIdle  = 12 * time.Hour
	sessionWhole = 7 * 24 * time.Hour
	linkLife     = 24 * time.Hour
	seenEvery    = time.Minute // how often a session's or token's last use is written down
)

// Space is what People keep themselves in: the store's space "api".
type Space interface {
	store.Reader
	Write(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) error) error
	// Fault says of an error of a row whether the database is away.
	Fault(doing string, err error) error
}

// People knows who may sign in, who is signed in, and which programs hold tokens.
type People struct {
	space  Space
	now    func() time.Time
	gate   *gate
	about  func() Instance
	secure bool
	// strangers are those who try to sign in and are nobody here.
	strangers strangers
}

// Instance is what the console shows about the installation before anybody signs in.
type Instance struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Demo     bool   `json:"demo"`
	TimeZone string `json:"time_zone" doc:"IANA name of the sites' zone"`
}

// PeopleOptions is all that People rest on.
type PeopleOptions struct {
	Space  Space
	About  func() Instance
	Secure bool // cookies only over TLS
	Now    func() time.Time
}

// NewPeople returns the people of a store.
func NewPeople(o PeopleOptions) *People {
	return &People{space: o.Space, now: o.Now, gate: newGate(o.Now), about: o.About, secure: o.Secure}
}

// User is somebody who may sign in.
type User struct {
	ID                  string    `json:"id"`
	Name                string    `json:"name"`
	Role                string    `json:"role" enum:"viewer,operator,lead,admin"`
	Locale              string    `json:"locale"`
	Theme               string    `json:"theme" enum:"system,dark,light"`
	IntendedUseAccepted bool      `json:"intended_use_accepted"`
	HasPassword         bool      `json:"has_password"`
	Created             time.Time `json:"created"`

	password string
}

const userColumns = `u.id, u.name, u.role, u.password, u.locale, u.theme, u.intended_use, u.created`

func scanUser(row interface{ Scan(...any) error }, extra ...any) (User, error) {
	var u User
	var intended, created int64
	err := row.Scan(append([]any{&u.ID, &u.Name, &u.Role, &u.password, &u.Locale, &u.Theme, &intended, &created}, extra...)...)
	u.IntendedUseAccepted, u.HasPassword, u.Created = intended > 0, u.password != "", store.FromMicros(created)
	return u, err
}

// Any tells whether there is anybody who may sign in.
func (p *People) Any(ctx context.Context) (bool, error) {
	var n int
	err := p.space.QueryRowContext(ctx, `SELECT COUNT(*) FROM api_users`).Scan(&n)
	return n > 0, err
}

// AddUser adds somebody who signs in by a one-time link and may then set a password.
func (p *People) AddUser(ctx context.Context, name, role string) (User, error) {
	if name == "" || len(name) > 100 {
		return User{}, fault.New(fault.Invalid, "A person needs a name of 1 to 100 letters.")
	}
	if role == RoleSender || grants(role) == nil {
		return User{}, fault.New(fault.Invalid, "There is no role %q for people. There are viewer, operator, lead and admin.", role)
	}
	u := User{ID: id.New(), Name: name, Role: role, Locale: "en", Theme: "system", Created: p.now()}
	err := p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO api_users (id, name, role, password, locale, theme, intended_use, created)
			VALUES ($1, $2, $3, '', $4, $5, 0, $6)`, u.ID, u.Name, u.Role, u.Locale, u.Theme, store.Micros(u.Created))
		if fault.KindOf(err) == fault.Conflict {
			return fault.New(fault.Conflict, "Somebody called %q is there already. Choose another name.", name)
		}
		if err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, "user.add", u.ID, map[string]any{"name": name, "role": role}))
	})
	return u, err
}

// Link makes a one-time sign-in secret for a person. It works once, for a day.
func (p *People) Link(ctx context.Context, userID string) (string, error) {
	secret := newSecret()
	err := p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM api_links WHERE expires < $1`, store.Micros(p.now())); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO api_links (fingerprint, user_id, expires) VALUES ($1, $2, $3)`,
			fingerprint(secret), userID, store.Micros(p.now().Add(linkLife)))
		if err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, "link.make", userID, nil))
	})
	return secret, err
}

// UserByName finds somebody by name.
func (p *People) UserByName(ctx context.Context, name string) (User, error) {
	u, err := scanUser(p.space.QueryRowContext(ctx, `SELECT `+userColumns+` FROM api_users u WHERE u.name = $1`, name))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fault.New(fault.NotFound, "There is nobody called %q.", name)
	}
	return u, err
}

// redeem turns a one-time secret into its person, once.
func (p *People) redeem(ctx context.Context, secret string) (User, error) {
	var u User
	err := p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var userID string
		err := tx.QueryRowContext(ctx, `DELETE FROM api_links WHERE fingerprint = $1 AND expires >= $2 RETURNING user_id`,
			fingerprint(secret), store.Micros(p.now())).Scan(&userID)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Unknown, "This sign-in link has been used or is too old. Ask an administrator for a new one, or run: warder link create.")
		}
		if err != nil {
			return err
		}
		u, err = scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+` FROM api_users u WHERE u.id = $1`, userID))
		return err
	})
	return u, err
}

// verify checks a name and a password; a wrong one costs the same time either
// way. With an error the person is who was meant, if there is such a person.
func (p *People) verify(ctx context.Context, name, password string) (User, error) {
	if err := p.gate.enter(name); err != nil {
		return User{}, err
	}
	u, err := p.UserByName(ctx, name)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return User{}, err
	}
	hash := u.password
	if hash == "" {
		hash = p.gate.decoy
	}
	if !checkPassword(hash, password) || u.password == "" {
		p.gate.failed(name)
		return u, fault.New(fault.Unknown, "The name or the password is wrong.")
	}
	p.gate.passed(name)
	return u, nil
}

func (p *People) entry(ctx context.Context, action, subject string, detail map[string]any) store.Entry {
	who := module.Caller(ctx)
	e := store.Entry{Time: p.now(), By: who.ID, Name: who.Name, Action: action, Subject: subject, Detail: detail}
	if e.By == "" {
		e.By, e.Name = "warder", "Warder"
	}
	return e
}

// AwaitSignIn returns once somebody has signed in, looking every so often, or
// with the context's error.
func (p *People) AwaitSignIn(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		var n int
		if err := p.space.QueryRowContext(ctx, `SELECT COUNT(*) FROM api_sessions`).Scan(&n); err == nil && n > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
