package exchange_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"warder/internal/exchange"
)

// What was trimmed is in none of the files after a purge, however large it was
// and whatever else was written with it, and the rest can be read.
func TestPurgedLeavesTheDisk(t *testing.T) {
	dir := t.TempDir()
	l := open(t, exchange.Options{Dir: dir})
	rest := func(n int, of byte) []byte { return bytes.Repeat([]byte{of}, n) }
	for _, size := range []int{10, 20_000} {
		for _, m := range []struct{ topic, text string }{{"a", "zacharias"}, {"b", "somebody"}, {"a", "m.rossi"}} {
			if _, err := l.Append(t.Context(), m.topic, []exchange.Outgoing{{Body: append([]byte(m.text), rest(size, '.')...)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.Purge(t.Context(), "a"); err != nil { // everything is in files now
		t.Fatal(err)
	}
	for range 40 { // and some of it beside the tables
		if _, err := l.Append(t.Context(), "a", []exchange.Outgoing{{Body: append([]byte("zacharias"), rest(400_000, 'x')...)}, {Body: append([]byte("m.rossi"), rest(9_000, 'y')...)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Append(t.Context(), "b", []exchange.Outgoing{{Body: append([]byte("somebody"), rest(9_000, 'z')...)}}); err != nil {
			t.Fatal(err)
		}
	}
	last, err := l.Last(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	for len(filesWith(t, dir, "*.blob", "zacharias")) == 0 || len(filesWith(t, dir, "*.sst", "zacharias")) == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the text is not in the files before either: the test looks wrongly")
		}
		time.Sleep(time.Millisecond)
	}
	if err := l.Trim(t.Context(), "a", last-1); err != nil { // the last is no zacharias
		t.Fatal(err)
	}
	if err := l.Purge(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	for _, files := range []string{"*.sst", "*.blob"} {
		for left := filesWith(t, dir, files, "zacharias"); len(left) > 0; left = filesWith(t, dir, files, "zacharias") { // files go a moment later
			if t.Context().Err() != nil {
				t.Fatalf("it is still in %v", left)
			}
			time.Sleep(time.Millisecond)
		}
	}
	for topic, n := range map[string]int{"a": 1, "b": 42} {
		if msgs, err := l.Read(t.Context(), topic, 0, 1000, 64<<20); err != nil || len(msgs) != n {
			t.Errorf("topic %s: %d messages are left, want %d, %v", topic, len(msgs), n, err)
		}
	}
}

func filesWith(t *testing.T, dir, pattern, text string) (found []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		body, err := os.ReadFile(path)
		if err == nil && bytes.Contains(body, []byte(text)) { // it may have gone meanwhile
			found = append(found, path)
		}
	}
	return found
}
