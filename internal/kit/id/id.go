// Package id makes identifiers: new ones that sort by time, and derived ones
// that a replay makes again.
package id

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

// New returns a UUIDv7 (RFC 9562 section 5.7): it sorts by the time it was made.
func New() string { return uuid.Must(uuid.NewV7()).String() }

var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// Derive returns the identifier that the causes give, always the same for the
// same causes in the same order: prefix, a dash and 26 letters (130 bits of a
// SHA-256). Whatever is made from messages is named so, that a replay makes
// nothing twice.
func Derive(prefix string, causes ...string) string {
	h := sha256.New()
	for _, c := range causes {
		h.Write([]byte(c))
		h.Write([]byte{0})
	}
	return prefix + "-" + strings.ToLower(letters.EncodeToString(h.Sum(nil))[:26])
}
