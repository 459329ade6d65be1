package audit_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

// TestChangedRows changes the database past its triggers; each change is found
// and the entry is named.
func TestChangedRows(t *testing.T) {
	at7 := `(SELECT id FROM store_audit_leaf WHERE leaf = 7)`
	cases := map[string]struct {
		statements []string
		want       string
	}{
		"time":     {[]string{`UPDATE store_audit SET happened = happened + 1 WHERE id = ` + at7}, "entry 7 (line "},
		"who":      {[]string{`UPDATE store_audit SET by_id = 'u2' WHERE id = ` + at7}, "differ in its author"},
		"name":     {[]string{`UPDATE store_audit SET by_name = 'Eve' WHERE id = ` + at7}, "differ in its author"},
		"action":   {[]string{`UPDATE store_audit SET action = 'other' WHERE id = ` + at7}, "differ in its action"},
		"subject":  {[]string{`UPDATE store_audit SET subject = 'other' WHERE id = ` + at7}, "differ in its subject"},
		"detail":   {[]string{`UPDATE store_audit SET detail = '{"n": 8}' WHERE id = ` + at7}, "differ in its detail"},
		"no place": {[]string{`DELETE FROM store_audit_leaf WHERE leaf = 7`}, "the database knows nothing at its place"},
		"deleted":  {[]string{`DELETE FROM store_audit WHERE id = ` + at7}, "its line is gone from the database"},
		"exchanged": {[]string{`UPDATE store_audit_leaf SET leaf = 1000 WHERE leaf = 7`, `UPDATE store_audit_leaf SET leaf = 7 WHERE leaf = 8`,
			`UPDATE store_audit_leaf SET leaf = 8 WHERE leaf = 1000`}, "differ in its id"},
		"put in": {[]string{`INSERT INTO store_audit (id, happened, by_id, by_name, action, subject) VALUES ('x', 1, 'u', 'U', 'a', 's')`},
			"line x: it is in the database"},
		"no longer waits":  {[]string{`DELETE FROM store_audit_waiting`}, "does not wait for one"},
		"other checkpoint": {[]string{`UPDATE store_audit_checkpoint SET note = replace(note, 'warder', 'warden')`}, "are not the same"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			storetest.EachOptions(t, func(t *testing.T, o store.Options) {
				b := newBench(t, storetest.Open(t, o))
				b.write(20, "in-1")
				b.follow(20)
				b.write(1, "waits")
				b.good(20)
				b.tamper(o, c.statements...)
				b.found(c.want)
			})
		})
	}
}

// TestChangedFiles flips one bit of any file of the log, or takes a file away.
func TestChangedFiles(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(600, "in-1")
	b.follow(600)
	b.write(7, "in-2")
	b.follow(607)
	b.good(607)
	names := b.files()
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(names).Draw(rt, "file")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bit := rapid.IntRange(0, len(data)*8-1).Draw(rt, "bit")
		changed := append([]byte(nil), data...)
		changed[bit/8] ^= 1 << (bit % 8)
		if rapid.IntRange(0, 9).Draw(rt, "remove") == 0 {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, changed, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if r := b.verify(); len(r.Findings) == 0 {
			rt.Errorf("nothing was found after bit %d of %s changed", bit, path)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	b.good(607)
}

// files are the log's files, without the verifier key that lies beside it.
func (b *bench) files() (all []string) {
	err := filepath.WalkDir(b.log(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "verifier" {
			all = append(all, path)
		}
		return err
	})
	if err != nil || len(all) < 6 {
		b.t.Fatal(all, err)
	}
	return all
}

func TestFindingsNameTheEntry(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(300, "in-1")
	b.follow(300)
	for name, c := range map[string]struct {
		file string
		at   int
		want string
	}{
		"an entry":          {"tile/entries/000", 100, "entry 0"},
		"a hash":            {"tile/0/000", 32*9 + 3, "entry 9: "},
		"a hash of hashes":  {"tile/1/000.p/1", 3, "entry 0: "},
		"the signed root":   {"checkpoint", 30, "the log's checkpoint: "},
		"the newest bundle": {"tile/entries/001.p/44", 100, "entry 256"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(b.log(), c.file)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := append([]byte(nil), data...)
			changed[c.at] ^= 4
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			r := b.verify()
			if len(r.Findings) == 0 || !strings.HasPrefix(r.Findings[0].String(), c.want) {
				t.Errorf("findings %v, want first %q", r.Findings, c.want)
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestRewrittenLog is what whoever holds the machine's key can do: only a kept
// checkpoint tells.
func TestRewrittenLog(t *testing.T) {
	o := storetest.SQLite(t)
	b := newBench(t, storetest.Open(t, o))
	b.write(10, "in-1")
	b.follow(10)
	kept := b.checkpoint()
	b.write(10, "in-2")
	b.follow(20)
	b.tamper(o, `UPDATE store_audit SET by_name = 'Eve' WHERE id = (SELECT id FROM store_audit_leaf WHERE leaf = 3)`,
		`DELETE FROM store_audit_checkpoint`)
	if err := os.RemoveAll(filepath.Join(b.log(), "tile")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(b.log(), "checkpoint")); err != nil {
		t.Fatal(err)
	}
	b.follow(20)
	b.good(20)
	r := b.verify(kept)
	if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].String(), "not those that a kept checkpoint signed") {
		t.Errorf("findings %v", r.Findings)
	}
}

func TestCutLog(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(10, "in-1")
	b.follow(10)
	before := b.checkpoint()
	b.write(10, "in-2")
	b.follow(20)
	newest := b.checkpoint()
	if err := os.WriteFile(filepath.Join(b.log(), "checkpoint"), []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	b.found("the log was cut")
	if r := b.verify(newest); len(r.Findings) != 2 {
		t.Errorf("findings %v", r.Findings)
	}
}

func TestLongLines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		err := s.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.Audit(ctx, store.Entry{By: "u1", Name: "Ada", Action: "rule.except", Subject: "r1",
				Detail: map[string]any{"why": strings.Repeat("long ", 20_000)}})
		})
		if err != nil {
			t.Fatal(err)
		}
		b.follow(1)
		b.good(1)
	})
}
