//go:build unix

package regular_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"warder/internal/kit/regular"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"five": "12345", "six": "123456", "none": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "five", "piped": "pipe", "zero": "/dev/zero"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, text, says string
		is               error
	}{
		{name: "five", text: "12345"}, {name: "none"}, {name: "link", text: "12345"},
		{name: "six", says: "has 6 bytes; it may have 5"}, {name: "absent", is: fs.ErrNotExist},
		{name: "pipe", is: regular.ErrKind}, {name: "piped", is: regular.ErrKind}, {name: "zero", is: regular.ErrKind}, {name: ".", is: regular.ErrKind},
	} {
		for way, read := range map[string]func() ([]byte, error){
			"folder": func() ([]byte, error) { return regular.Read(os.DirFS(dir), c.name, 5) },
			"path":   func() ([]byte, error) { return regular.ReadPath(filepath.Join(dir, c.name), 5) },
		} {
			text, err := read()
			switch {
			case string(text) != c.text:
				t.Errorf("%s by %s: got %q, want %q", c.name, way, text, c.text)
			case c.is != nil && !errors.Is(err, c.is), c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("%s by %s: got %v, want %v%s", c.name, way, err, c.is, c.says)
			case c.is == nil && c.says == "" && err != nil:
				t.Errorf("%s by %s: %v", c.name, way, err)
			}
		}
	}
}
