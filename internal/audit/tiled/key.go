package tiled

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs the checkpoints of one log, whose name is the key's.
type Key struct {
	signer   note.Signer
	verifier string
}

// Name is the log's origin, as checkpoints give it.
func (k *Key) Name() string { return k.signer.Name() }

// Verifier is what others check the signatures with.
func (k *Key) Verifier() string { return k.verifier }

// LoadKey reads the key of a file, or makes one when there is no file, readable
// by its owner only.
func LoadKey(path string) (k *Key, made bool, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		made = true
		data, err = makeKey(path)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the key of the audit's log: %w", err)
	}
	k, err = parseKey(strings.TrimSpace(string(data)))
	if err != nil {
		return nil, false, fmt.Errorf("read the key of the audit's log in %s: %w", path, err)
	}
	return k, made, nil
}

func makeKey(path string) ([]byte, error) {
	var tag [4]byte
	_, _ = rand.Read(tag[:]) // it never fails
	secret, _, err := note.GenerateKey(rand.Reader, "warder-audit-"+hex.EncodeToString(tag[:]))
	if err != nil {
		return nil, err
	}
	return []byte(secret), replaceFile(path, []byte(secret+"\n"))
}

// parseKey reads a signing key of package note, and derives its public half,
// which the package does not give away: the last field is the algorithm (1) and
// the seed.
func parseKey(secret string) (*Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, errors.New("it is no signing key")
	}
	fields := strings.SplitN(secret, "+", 5) // the last may hold a plus itself
	seed, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, errors.New("it is no Ed25519 key")
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	return &Key{signer: signer, verifier: verifier}, err
}
