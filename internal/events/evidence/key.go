package evidence

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key signs for an instance.
type Key struct{ private ed25519.PrivateKey }

// Public is the key's public half as people compare it: 64 hexadecimal digits.
func (k Key) Public() string {
	return hex.EncodeToString(k.private.Public().(ed25519.PublicKey))
}

// OpenKey reads the instance's key, making it at the first use.
func OpenKey(path string) (Key, error) {
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("read the key that signs evidence: %w", err)
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return Key{}, fmt.Errorf("read the key that signs evidence: %s holds no PEM; restore it from a backup", path)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("read the key that signs evidence from %s: %w", path, err)
	}
	key, ok := private.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("read the key that signs evidence: %s holds a key of another kind", path)
	}
	return Key{key}, nil
}

func makeKey(path string) (Key, error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return Key{}, fmt.Errorf("make the key that signs evidence: %w", err)
	}
	body, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("make the key that signs evidence: %w", err)
	}
	if err := writeDurably(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: body})); err != nil {
		return Key{}, fmt.Errorf("keep the key that signs evidence: %w", err)
	}
	return Key{private}, nil
}

// writeDurably writes a file, for its owner only, so that a crash leaves none or
// the whole.
func writeDurably(path string, body []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".half-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// seal is a signature with the key that checks it.
type seal struct {
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// seal signs a body for one purpose, so that no signature serves for another.
func (k Key) seal(purpose string, body []byte) []byte {
	line, err := json.Marshal(seal{k.Public(), hex.EncodeToString(ed25519.Sign(k.private, sealed(purpose, body)))})
	if err != nil { // two strings always can be written
		return nil
	}
	return append(line, '\n')
}

func sealed(purpose string, body []byte) []byte {
	return append([]byte(purpose+"\n"), body...)
}

// checkSeal checks a signature and returns the key that made it. The seal itself
// may be written in one way only.
func checkSeal(purpose string, body, line []byte, want string) (key string, err error) {
	var s seal
	if err := json.Unmarshal(line, &s); err != nil {
		return "", errors.New("the signature cannot be read")
	}
	again, err := json.Marshal(s)
	if err != nil || string(again)+"\n" != string(line) || strings.ToLower(s.Key+s.Signature) != s.Key+s.Signature {
		return "", errors.New("the signature is not written as it must be")
	}
	public, err := hex.DecodeString(s.Key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return "", errors.New("the key beside the signature is none")
	}
	signature, err := hex.DecodeString(s.Signature)
	if err != nil || !ed25519.Verify(public, sealed(purpose, body), signature) {
		return s.Key, errors.New("the signature does not match")
	}
	if want != "" && !strings.EqualFold(strings.TrimSpace(want), s.Key) {
		return s.Key, fmt.Errorf("it was signed with the key %s, not with %s", s.Key, want)
	}
	return s.Key, nil
}
