package sigma

import (
	"io/fs"
	"os"
	"testing"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Shared, PublicRules and TableFiles give the comparison tests, which see this
// package from outside, what its own tests have.

func Shared(t testing.TB, name string) string { return shared(t, name) }

func PublicRules(t testing.TB) fs.FS { return publicRules(t) }

func TableFiles(t testing.TB) Tables { return tables(t) }

func PublicSet(t testing.TB) *Set { return publicSet(t) }

func PublicEngine(t testing.TB) *Engine { return publicEngine(t) }

func Tortured() bool { return tortured() }

// MatchEvery holds an event against every rule, whatever its log source.
func (e *Engine) MatchEvery(ev *flow.Event) []detect.Match {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.begin(ev)
	defer s.end()
	s.match(e.every)
	return e.found(s)
}

func HasPublicRules() bool {
	at, ok := find(archived)
	_, err := os.Stat(at)
	return ok && err == nil
}
