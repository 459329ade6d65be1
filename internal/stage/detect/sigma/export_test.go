package sigma

import (
	"io/fs"
	"os"
	"testing"
)

// Shared, PublicRules and TableFiles give the comparison tests, which see this
// package from outside, what its own tests have.

func Shared(t testing.TB, name string) string { return shared(t, name) }

func PublicRules(t testing.TB) fs.FS { return publicRules(t) }

func TableFiles(t testing.TB) Tables { return tables(t) }

func HasPublicRules() bool {
	at, ok := find(archived)
	_, err := os.Stat(at)
	return ok && err == nil
}
