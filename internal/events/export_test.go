package events

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/events/query"
)

// Rename changes a segment's bytes and gives it the name that they ask for.
func Rename(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body = change(body)
	h := sha256.New()
	h.Write(body)
	old, _ := sumOf(path)
	name := strings.Replace(filepath.Base(path), old, sumText(h), 1)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), body, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, text string) query.Node {
	t.Helper()
	n, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
