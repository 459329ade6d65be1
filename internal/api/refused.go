package api

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/store"
)

// nobody is who tries to sign in and is not let in.
const nobody = "nobody"

// tries of strangers that are written down in a minute; of the rest their number.
const (
	mostTold  = 20
	toldEvery = time.Minute
)

// strangers counts tries to sign in that name nobody who may: they cost their
// sender nothing, so they must not fill the audit.
type strangers struct {
	mu     sync.Mutex
	since  time.Time
	told   int
	untold int
}

// tell tells whether a try is to be written down, and how many before it were
// not.
func (s *strangers) tell(now time.Time) (yes bool, untold int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.since) >= toldEvery || now.Before(s.since) {
		s.since, s.told = now, 0
	}
	if s.told == mostTold {
		s.untold++
		return false, 0
	}
	s.told++
	untold, s.untold = s.untold, 0
	return true, untold
}

// refused writes down that somebody was not let in: whose name it was, where
// there is such a person. What was typed as the name of a stranger is not kept,
// because passwords are typed there by mistake.
func (p *People) refused(ctx context.Context, u User, how, from string, why error) error {
	if fault.KindOf(why) != fault.Unknown {
		return nil
	}
	e := store.Entry{Time: p.now(), By: nobody, Action: "session.refuse", Subject: u.ID, Detail: map[string]any{"how": how, "from": from}}
	if u.ID != "" {
		e.Detail["name"] = u.Name
	} else {
		tell, untold := p.strangers.tell(p.now())
		if !tell {
			return nil
		}
		if untold > 0 {
			e.Detail["untold"] = untold
		}
	}
	return p.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Audit(ctx, e) })
}

// origin is the address that a request comes from.
func origin(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
