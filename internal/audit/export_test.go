package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/audit"
	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func (b *bench) export(q store.AuditQuery) []byte {
	b.t.Helper()
	var out bytes.Buffer
	if err := audit.Export(context.Background(), b.source(), q, time.Now(), &out); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

func exported(t testing.TB) *bench {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(250, "in-1")
	b.write(50, "in-2")
	err := b.store.Space("probe").Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{By: "u2", Name: "Bea", Action: "user.add", Subject: "u3", Detail: map[string]any{"why": strings.Repeat("long ", 20_000)}})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.follow(301)
	return b
}

func TestExports(t *testing.T) {
	b := exported(t)
	hourAgo, hourAhead := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		query store.AuditQuery
		want  int64
	}{
		"all":          {store.AuditQuery{}, 301},
		"a subject":    {store.AuditQuery{Subject: "in-2"}, 50},
		"a group":      {store.AuditQuery{Action: "incident."}, 300},
		"an action":    {store.AuditQuery{Action: "user.add"}, 1},
		"a person":     {store.AuditQuery{By: "u1"}, 300},
		"a name":       {store.AuditQuery{Who: "BE"}, 1},
		"this hour":    {store.AuditQuery{From: hourAgo, To: hourAhead}, 301},
		"the past":     {store.AuditQuery{To: hourAgo}, 0},
		"the future":   {store.AuditQuery{From: hourAhead}, 0},
		"half a group": {store.AuditQuery{Action: "inc"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := audit.VerifyExport(bytes.NewReader(b.export(c.query)), b.source().Key, []string{b.checkpoint()})
			if err != nil || len(r.Findings) > 0 || r.Checked != c.want || r.Against != 1 {
				t.Errorf("%+v, %v; want %d entries", r, err, c.want)
			}
			lines, _, err := b.store.AuditLog(t.Context(), withLimit(c.query))
			if err != nil || int64(len(lines)) != c.want {
				t.Errorf("the list has %d lines, want %d, %v", len(lines), c.want, err)
			}
		})
	}
}

func withLimit(q store.AuditQuery) store.AuditQuery { q.Limit = 500; return q }

func TestProofs(t *testing.T) {
	b := exported(t)
	for _, place := range []int64{0, 255, 256, 300} {
		var out bytes.Buffer
		if err := audit.Prove(t.Context(), b.source(), place, time.Now(), &out); err != nil {
			t.Fatal(err)
		}
		r, err := audit.VerifyExport(&out, "", nil)
		if err != nil || len(r.Findings) > 0 || r.Checked != 1 {
			t.Errorf("entry %d: %+v, %v", place, r, err)
		}
	}
	if err := audit.Prove(t.Context(), b.source(), 301, time.Now(), &bytes.Buffer{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an entry that is not there: %v", err)
	}
}

// TestChangedExports flips any bit of an export: it must not verify as before.
// Where the first line can no longer be read there is nothing to verify.
func TestChangedExports(t *testing.T) {
	b := exported(t)
	key := b.source().Key
	files := [][]byte{b.export(store.AuditQuery{}), b.export(store.AuditQuery{Subject: "in-2"}), b.export(store.AuditQuery{Action: "user.add"})}
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(rapid.SampledFrom(files).Draw(t, "file"))
		begin := bytes.IndexByte(data, '\n') + 1
		bit := rapid.IntRange(begin*8, len(data)*8-9).Draw(t, "bit")
		data[bit/8] ^= 1 << (bit % 8)
		if r, err := audit.VerifyExport(bytes.NewReader(data), key, nil); err == nil && len(r.Findings) == 0 {
			t.Errorf("it verifies with bit %d changed: %q", bit, data[max(0, bit/8-40):min(len(data), bit/8+40)])
		}
	})
}

func TestCutAndForgedExports(t *testing.T) {
	b := exported(t)
	whole := b.export(store.AuditQuery{})
	lines := strings.SplitAfter(string(whole), "\n")
	part := strings.SplitAfter(string(b.export(store.AuditQuery{Subject: "in-2"})), "\n")
	join := func(parts ...[]string) string {
		var s strings.Builder
		for _, p := range parts {
			s.WriteString(strings.Join(p, ""))
		}
		return s.String()
	}
	end := func(n int) []string { return []string{fmt.Sprintf(`{"end":true,"entries":%d}`+"\n", n)} }
	for name, c := range map[string]struct{ text, want string }{
		"cut":               {join(lines[:100]), "the file was cut"},
		"one left out":      {join(lines[:5], lines[6:302], end(300)), "entry 4: it is missing"},
		"the last left out": {join(lines[:301], end(300)), "ends before the signed log"},
		"two exchanged":     {join(lines[:5], lines[6:7], lines[5:6], lines[7:]), "out of order"},
		"called complete":   {strings.Replace(join(part), `"complete":false`, `"complete":true`, 1), "it is missing"},
		"not complete":      {strings.Replace(string(whole), `"complete":true`, `"complete":false`, 1), "proof does not lead"},
		"more behind":       {string(whole) + "x\n", "something follows"},
		"another place":     {strings.Replace(join(part), `"place":250`, `"place":249`, 1), "proof does not lead"},
		"a new name":        {strings.Replace(string(whole), "Ada", "Eve", 1), "entry 0 (line "},
	} {
		r, err := audit.VerifyExport(strings.NewReader(c.text), b.source().Key, nil)
		if err != nil || !strings.Contains(fmt.Sprint(r.Findings), c.want) {
			t.Errorf("%s: %+v, %v, want %q", name, r, err, c.want)
		}
	}
	for name, text := range map[string]string{"empty": "", "a picture": "\x89PNG", "other JSON": `{"a":1}`, "newer": `{"warder_audit_export":2}`} {
		if _, err := audit.VerifyExport(strings.NewReader(text), "", nil); !errors.Is(err, audit.ErrNoExport) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeptCheckpoints(t *testing.T) {
	b := exported(t)
	note := b.checkpoint()
	quoted, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"as it is":     {note, 1},
		"twice":        {note + "\n" + note, 2},
		"of Windows":   {strings.ReplaceAll(note, "\n", "\r\n"), 1},
		"log, text":    {fmt.Sprintf("time=x level=INFO msg=\"the audit's log was signed\" entries=3 checkpoint=%q\n", note), 1},
		"log, JSON":    {fmt.Sprintf(`{"time":"x","entries":3,"checkpoint":%s}`, quoted), 1},
		"in an e-mail": {"Dear Ada,\n\nkeep this:\n\n" + note + "\nYours\n", 1},
		"none":         {"checkpoint=\"x\"\n", 0},
	} {
		found := audit.KeptCheckpoints(c.text)
		if len(found) != c.want || c.want > 0 && found[0] != note {
			t.Errorf("%s: %q", name, found)
		}
	}
	full, part := b.export(store.AuditQuery{}), b.export(store.AuditQuery{Subject: "in-2"})
	b.write(1, "later")
	b.follow(302)
	for _, c := range []struct {
		data             []byte
		against, skipped int
	}{{full, 0, 1}, {part, 0, 1}, {b.export(store.AuditQuery{}), 1, 0}} {
		kept := note
		if c.against == 0 {
			kept = b.checkpoint()
		}
		r, err := audit.VerifyExport(bytes.NewReader(c.data), "", []string{kept})
		if err != nil || r.Against != c.against || r.Skipped != c.skipped || len(r.Findings) > 0 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func FuzzVerifyExport(f *testing.F) {
	b := newBench(f, storetest.Open(f, storetest.SQLite(f)))
	b.write(3, "in-1")
	b.follow(3)
	whole, part := b.export(store.AuditQuery{}), b.export(store.AuditQuery{Subject: "in-1"})
	key := b.source().Key
	f.Add(whole)
	f.Add(part)
	f.Add([]byte(`{"warder_audit_export":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := audit.VerifyExport(bytes.NewReader(data), key, nil)
		if err == nil && len(r.Findings) == 0 && r.Size != 3 {
			t.Errorf("a log that nobody signed verifies: %+v", r)
		}
	})
}

func FuzzKeptCheckpoints(f *testing.F) {
	f.Add("checkpoint=\"a\\n1\\nAAAA\\n\\n— x\\n\"")
	f.Add("a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— x y\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, note := range audit.KeptCheckpoints(text) {
			if !strings.Contains(note, "\n\n") {
				t.Errorf("%q is no checkpoint", note)
			}
		}
	})
}
