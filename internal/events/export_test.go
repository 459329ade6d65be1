package events

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

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

// OtherColumns makes a store that is empty write segments as if their columns
// were another version's, so that the next program cannot copy their rows.
func OtherColumns(s *Store) { s.layout.sum = "another" }

// ForgetKinds makes segments as they were before they said what they hold.
func ForgetKinds(s *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seg := range s.segments {
		seg.checks.Lock()
		seg.Kinds = nil
		seg.checks.Unlock()
	}
}

// PagesHold tells whether any value, dictionary or statistic of a segment holds
// a text, once its pages are decompressed.
func PagesHold(t *testing.T, body []byte, text string) bool {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return bytes.Contains(body, []byte(text))
	}
	found := false
	look := func(v parquet.Value) { found = found || bytes.Contains(v.ByteArray(), []byte(text)) }
	for _, g := range f.RowGroups() {
		for _, c := range g.ColumnChunks() {
			if low, high, ok := c.(*parquet.FileColumnChunk).Bounds(); ok && low.Kind() == parquet.ByteArray {
				look(low)
				look(high)
			}
			err := eachPage(c.(*parquet.FileColumnChunk), 0, int(g.NumRows()), func(p parquet.Page) error {
				if d := p.Dictionary(); d != nil && d.Type().Kind() == parquet.ByteArray {
					for i := range d.Len() {
						look(d.Index(int32(i)))
					}
				}
				values := make([]parquet.Value, p.NumValues())
				n, _ := p.Values().ReadValues(values)
				for _, v := range values[:n] {
					if !v.IsNull() && v.Kind() == parquet.ByteArray {
						look(v)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return found
}

// KeepShape lets no segment be joined or written anew until it is let go.
func KeepShape(s *Store) (let func()) {
	s.shaping.Lock()
	return s.shaping.Unlock
}

// GroupRows makes the row groups of a store small.
func GroupRows(s *Store, rows int64) { s.layout.groupRows = rows }
