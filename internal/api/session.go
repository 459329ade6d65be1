package api

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

const (
	cookieName = "warder_session"
	csrfHeader = "X-CSRF-Token"
)

// session is somebody signed in.
type session struct {
	user User
	csrf string
	seen time.Time
}

// open starts a session for a person and returns its secret.
func (p *People) open(ctx context.Context, u User, how, from string) (string, session, error) {
	secret, s := newSecret(), session{user: u, csrf: newSecret(), seen: p.now()}
	err := p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.Micros(p.now())
		if _, err := tx.ExecContext(ctx, `DELETE FROM api_sessions WHERE seen < $1 OR created < $2`,
			store.Micros(p.now().Add(-sessionIdle)), store.Micros(p.now().Add(-sessionWhole))); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO api_sessions (fingerprint, user_id, csrf, created, seen)
			VALUES ($1, $2, $3, $4, $4)`, fingerprint(secret), u.ID, s.csrf, now); err != nil {
			return err
		}
		who := module.WithCaller(ctx, principal(u))
		return tx.Audit(ctx, p.entry(who, "session.open", u.ID, map[string]any{"how": how, "from": from}))
	})
	return secret, s, err
}

// resume finds the session of a secret and writes down that it was used.
func (p *People) resume(ctx context.Context, secret string) (session, error) {
	s, err := p.session(ctx, secret)
	if now := p.now(); err == nil && now.Sub(s.seen) > seenEvery {
		err = p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE api_sessions SET seen = $1 WHERE fingerprint = $2`, store.Micros(now), fingerprint(secret))
			return err
		})
	}
	return s, err
}

// session finds the session of a secret.
func (p *People) session(ctx context.Context, secret string) (session, error) {
	var s session
	var created, seen int64
	row := p.space.QueryRowContext(ctx, `SELECT `+userColumns+`, s.csrf, s.created, s.seen
		FROM api_sessions s JOIN api_users u ON u.id = s.user_id WHERE s.fingerprint = $1`, fingerprint(secret))
	u, err := scanUser(row, &s.csrf, &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.Unknown, "You are not signed in, or your session has ended. Sign in again.")
	}
	if err != nil {
		return s, p.space.Fault("read a session", err)
	}
	s.user, s.seen = u, store.FromMicros(seen)
	now := p.now()
	if now.Sub(s.seen) > sessionIdle || now.Sub(store.FromMicros(created)) > sessionWhole {
		return s, fault.New(fault.Unknown, "Your session has ended after a long time. Sign in again.")
	}
	return s, nil
}

func (p *People) end(ctx context.Context, secret string) error {
	return p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM api_sessions WHERE fingerprint = $1`, fingerprint(secret)); err != nil {
			return err
		}
		return tx.Audit(ctx, p.entry(ctx, "session.end", module.Caller(ctx).ID, nil))
	})
}

func principal(u User) module.Principal {
	return module.Principal{ID: u.ID, Name: u.Name, Role: u.Role, Locale: u.Locale}
}

func (p *People) setCookie(w http.ResponseWriter, secret string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: secret, Path: "/", HttpOnly: true, Secure: p.secure,
		SameSite: http.SameSiteStrictMode, MaxAge: int(age.Seconds())})
}
