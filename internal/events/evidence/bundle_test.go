package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/events/eventstest"
)

func testKey(t testing.TB) Key {
	t.Helper()
	k, err := OpenKey(filepath.Join(t.TempDir(), "evidence", "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testBundle(t testing.TB, key Key, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	b, err := NewWriter(&out, Custody{Instance: "St. Anna", Version: "1", At: eventstest.Epoch(), By: "u1", Name: "R. Lead", Query: "door"},
		map[string]any{"incident": map[string]any{"number": 7}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		e := eventstest.Plain(i)
		if err := b.Add(&e, events.Origin{Segment: fmt.Sprintf("s%d", i/3), Through: 9, Rows: 3}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(key, []string{"w1.99.0"}, 0); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBundle(t *testing.T) {
	key := testKey(t)
	body := testBundle(t, key, 5)
	r, err := Verify(bytes.NewReader(body), key.Public())
	if err != nil || r.Events != 5 || r.Key != key.Public() || r.Custody.Name != "R. Lead" || len(r.Custody.Segments) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	if !bytes.Equal(body, testBundle(t, key, 5)) {
		t.Error("the same evidence is not the same bytes")
	}
	other := testKey(t)
	if _, err := Verify(bytes.NewReader(body), other.Public()); err == nil || !strings.Contains(err.Error(), key.Public()) {
		t.Errorf("another key: %v", err)
	}
	if r, err := Verify(bytes.NewReader(testBundle(t, key, 0)), ""); err != nil || r.Events != 0 {
		t.Errorf("an empty bundle: %+v, %v", r, err)
	}
}

// Whichever bit of a bundle is changed, it is refused: of every third byte one,
// and of the first header and the end, where a reader looks away most easily, all.
func TestEveryFlippedBitIsRefused(t *testing.T) {
	body := testBundle(t, testKey(t), 3)
	for at := range body {
		bits := []int{at % 8}[:btoi(at%3 == 0)]
		if at < 512 || at > len(body)-2560 {
			bits = []int{0, 1, 2, 3, 4, 5, 6, 7}
		}
		for _, bit := range bits {
			body[at] ^= 1 << bit
			_, err := Verify(bytes.NewReader(body), "")
			body[at] ^= 1 << bit
			if err == nil {
				t.Fatalf("bit %d of byte %d (%q) makes no difference", bit, at, body[max(at-8, 0):min(at+8, len(body))])
			}
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Cut off or with something added anywhere, a bundle is refused.
func TestCutAndLongerBundlesAreRefused(t *testing.T) {
	body := testBundle(t, testKey(t), 3)
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.IntRange(0, len(body)-1).Draw(rt, "at")
		if _, err := Verify(bytes.NewReader(body[:at]), ""); err == nil {
			rt.Fatalf("cut off at %d of %d", at, len(body))
		}
		more := rapid.SliceOfN(rapid.Byte(), 1, 1024).Draw(rt, "more")
		longer := append(append(append([]byte{}, body[:at]...), more...), body[at:]...)
		if _, err := Verify(bytes.NewReader(longer), ""); err == nil && !bytes.Equal(longer[:len(body)], body) {
			rt.Fatalf("%d bytes more at %d", len(more), at)
		}
		if _, err := Verify(bytes.NewReader(append(append([]byte{}, body...), more...)), ""); err == nil {
			rt.Fatal("bytes behind the end")
		}
	})
}

// What differs is named: the event, and the field.
func TestAlteredBundlesNameWhatDiffers(t *testing.T) {
	body := testBundle(t, testKey(t), 5)
	for _, c := range []struct{ old, new, want string }{
		{`"source":"doors"`, `"source":"d00rs"`, `events/000001.ndjson: line 1: event "w1.0.0": the field "source"`},
		{`"Badge read 3"`, `"Badge read 4"`, `event "w1.3.0": the field "attributes"`},
		{`"number": 7`, `"number": 8`, `"incident.json" has not the sum that was signed`},
		{`R. Lead`, `N. Body`, `"custody.json" has not the sum`},
		{`warder.evidence/1`, `warder.evidence/2`, "newer program"},
	} {
		changed := bytes.Replace(body, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(changed, body) {
			t.Fatalf("%s is not in the bundle", c.old)
		}
		_, err := Verify(bytes.NewReader(changed), "")
		if altered := new(AlteredError); !errors.As(err, &altered) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.old, err)
		}
	}
	e := eventstest.Plain(2)
	event, err := events.Canonical(&e)
	if err != nil {
		t.Fatal(err)
	}
	raw := event[bytes.Index(event, []byte(`"raw":"`))+7:][:8]
	at := bytes.Index(body, event) + bytes.Index(event, []byte(`"raw":"`)) + 7
	body[at] ^= 1
	if _, err := Verify(bytes.NewReader(body), ""); err == nil || !strings.Contains(err.Error(), `event "w1.2.0": the field "raw"`) {
		t.Errorf("raw bytes %s: %v", raw, err)
	}
}

func TestRecords(t *testing.T) {
	key, dir := testKey(t), filepath.Join(t.TempDir(), "deletions")
	records, err := OpenRecords(dir, key)
	if err != nil {
		t.Fatal(err)
	}
	removed := &events.Removed{Erasure: events.Erasure{ID: "e1", Why: "case 7", Events: 1}, Removed: []events.RemovedEvent{{ID: "w1.0.0", Sum: "00"}}}
	for _, d := range []Deletion{{At: eventstest.Epoch(), Erasure: removed}, {At: eventstest.Epoch().Add(time.Hour), Retention: &RetentionRun{Kept: 3}}} {
		if _, err := records.Add(d); err != nil {
			t.Fatal(err)
		}
		if records, err = OpenRecords(dir, key); err != nil {
			t.Fatal(err)
		}
	}
	all, err := records.Newest(9)
	if err != nil || len(all) != 2 || all[0].Number != 2 || all[1].Erasure.Removed[0].ID != "w1.0.0" {
		t.Fatalf("%+v, %v", all, err)
	}
	first, err := records.Bytes(1)
	if err != nil || all[0].Previous != sumOf(first) {
		t.Fatalf("the second record names %s as the one before, %v", all[0].Previous, err)
	}
	r, err := Verify(bytes.NewReader(first), key.Public())
	if err != nil || r.Deletion.Erasure.Why != "case 7" || r.Events != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	for at := range first {
		for bit := range 8 {
			first[at] ^= 1 << bit
			if _, err := Verify(bytes.NewReader(first), ""); err == nil {
				t.Fatalf("bit %d of byte %d of a record makes no difference", bit, at)
			}
			first[at] ^= 1 << bit
		}
	}
}

func TestKeyIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "evidence", "key.pem")
	k, err := OpenKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKey(path)
	if err != nil || again.Public() != k.Public() || len(k.Public()) != 64 {
		t.Errorf("%s and %s, %v", k.Public(), again.Public(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(path); err == nil {
		t.Error("nonsense is taken for a key")
	}
}

func FuzzVerify(f *testing.F) {
	key := testKey(f)
	f.Add(testBundle(f, key, 2))
	f.Add(testBundle(f, key, 0))
	record, err := json.Marshal(Deletion{Form: deletionForm})
	if err != nil {
		f.Fatal(err)
	}
	record = append(record, '\n')
	f.Add(append(record, key.seal(deletionPurpose, record)...))
	f.Add([]byte("{}\n{}\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := Verify(bytes.NewReader(body), "")
		if err == nil && r.Key == "" {
			t.Error("whole, and nobody signed it")
		}
		_, _ = Verify(io.MultiReader(bytes.NewReader(body), strings.NewReader("x")), key.Public())
	})
}
