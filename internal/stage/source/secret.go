package source

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Secret is how a configured password is checked.
type Secret struct {
	file   string
	digest []byte // of "sha256:" form
	salt   []byte // of argon2id form
	hash   []byte
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var errSecretForm = errors.New(`want "$argon2id$...", "sha256:<64 hex digits>" or "file:<path>"`)

// ParseSecret reads a password setting; it does not open files.
func ParseSecret(s string) (Secret, error) {
	switch {
	case strings.HasPrefix(s, "file:") && len(s) > len("file:"):
		return Secret{file: s[len("file:"):]}, nil
	case strings.HasPrefix(s, "sha256:"):
		digest, err := hex.DecodeString(s[len("sha256:"):])
		if err != nil || len(digest) != sha256.Size {
			return Secret{}, errSecretForm
		}
		return Secret{digest: digest}, nil
	case strings.HasPrefix(s, "$argon2id$"):
		return parseArgon(s)
	}
	return Secret{}, errSecretForm
}

// Bounds of argon2id parameters: a hash must not be able to exhaust the machine.
const (
	mostArgonMemory = 256 << 10 // KiB
	mostArgonPasses = 16
)

func parseArgon(s string) (Secret, error) {
	parts := strings.Split(s, "$") // "", argon2id, v=19, m=..,t=..,p=.., salt, hash
	if len(parts) != 6 || parts[2] != "v=19" {
		return Secret{}, errSecretForm
	}
	var out Secret
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &out.memory, &out.passes, &out.lanes); err != nil {
		return Secret{}, errSecretForm
	}
	if out.memory > mostArgonMemory || out.passes == 0 || out.passes > mostArgonPasses || out.lanes == 0 {
		return Secret{}, fmt.Errorf("the argon2id hash asks for m=%d, t=%d, p=%d; at most m=%d, t=%d and p of at least 1",
			out.memory, out.passes, out.lanes, mostArgonMemory, mostArgonPasses)
	}
	var err1, err2 error
	out.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	out.hash, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(out.salt) < 8 || len(out.hash) < 16 || len(out.hash) > 64 {
		return Secret{}, errSecretForm
	}
	return out, nil
}

// Load replaces a "file:" secret by what the file holds: a hash, or the
// password itself on its first line.
func (s Secret) Load() (Secret, error) {
	if s.file == "" {
		return s, nil
	}
	b, err := os.ReadFile(s.file)
	if err != nil {
		return Secret{}, fmt.Errorf("read password file: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimRight(line, "\r")
	if line == "" {
		return Secret{}, fmt.Errorf("read password file %s: its first line is empty", s.file)
	}
	if strings.HasPrefix(line, "sha256:") || strings.HasPrefix(line, "$argon2id$") {
		return ParseSecret(line)
	}
	sum := sha256.Sum256([]byte(line))
	return Secret{digest: sum[:]}, nil
}

// Matches tells whether password is right, in time that does not depend on it.
// An argon2id secret takes its memory for the while.
func (s Secret) Matches(password []byte) bool {
	if s.hash != nil {
		got := argon2.IDKey(password, s.salt, s.passes, s.memory, s.lanes, uint32(len(s.hash)))
		return subtle.ConstantTimeCompare(got, s.hash) == 1
	}
	sum := sha256.Sum256(password)
	return s.digest != nil && subtle.ConstantTimeCompare(sum[:], s.digest) == 1
}
