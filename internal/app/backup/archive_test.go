package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// site is a data directory with all three engines and a few files.
type site struct {
	Source
	store  *store.Store
	topics *exchange.Embedded
	key    *age.X25519Identity
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{store: storetest.Open(t, store.Options{Path: filepath.Join(dir, "warder.db")})}
	topics, err := exchange.OpenEmbedded(exchange.Options{Dir: filepath.Join(dir, "exchange")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = topics.Close() })
	evidence, err := events.Open(events.Options{Dir: filepath.Join(dir, "events")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = evidence.Close() })
	for n := 1; n <= 50; n++ {
		_, errTopic := topics.Append(t.Context(), "raw", []exchange.Outgoing{{Body: fmt.Appendf(nil, "record %d", n)}})
		errRow := s.store.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			tx.Emit("alert", "", n)
			return tx.Audit(ctx, store.Entry{Action: "probe", Subject: fmt.Sprint(n)})
		})
		errEvent := evidence.Append(t.Context(), uint64(n), []flow.Event{eventstest.Plain(n)})
		if err := errors.Join(errTopic, errRow, errEvent); err != nil {
			t.Fatal(err)
		}
	}
	if err := evidence.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"audit/log/tile", "own-key.pem", "lock", "upgrades/old.db", "backups/b.age", "half.tmp",
		"events/emptied-7", "events/erasures/one", "events/quarantine/bad.parquet", "events/2026-11-22/07/half.tmp"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if s.key, err = age.GenerateX25519Identity(); err != nil {
		t.Fatal(err)
	}
	rules := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(rules, "a.yml"), []byte("rule"), 0o600), os.Mkdir(filepath.Join(rules, "b"), 0o700),
		os.WriteFile(filepath.Join(rules, "b", "c.yml"), []byte("rule"), 0o600)); err != nil {
		t.Fatal(err)
	}
	nothing := func() func() { return func() {} }
	s.topics = topics
	s.Source = Source{Database: s.store, Evidence: evidence, Exchange: topics, Quiet: nothing, Moment: nothing, Data: dir,
		Except: []string{filepath.Join(dir, "backups")}, Named: []Named{{"rules.folders[0]", rules}, {"http.tls.key", filepath.Join(rules, "a.yml")}},
		Ends: func(context.Context) (map[string]uint64, error) { return map[string]uint64{"incident": 7}, nil },
		Head: Head{Program: "test", Instance: "i", Name: "Site", Engine: "sqlite"}}
	return s
}

func (s *site) maker() *Maker {
	return &Maker{Source: s.Source, Recipients: []age.Recipient{s.key.Recipient()}, Now: time.Now}
}

func (s *site) keys() []age.Identity { return []age.Identity{s.key} }

func (s *site) backup(t *testing.T) (path string, made Made) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "b.age")
	made, err := s.maker().Make(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return path, made
}

// What is in a folder: every file with its sum.
func tree(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files = append(files, fmt.Sprintf("%s %x", name, sha256.Sum256(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestBackupHoldsTheParts(t *testing.T) {
	s := newSite(t)
	path, made := s.backup(t)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	if made.SHA256 != hex.EncodeToString(sum[:]) || made.Bytes != int64(len(file)) || made.Verified.Before(made.Made) {
		t.Errorf("it says %+v", made)
	}
	dir := t.TempDir()
	found, err := Extract(t.Context(), bytes.NewReader(file), s.keys(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if found.Head.Name != "Site" || found.Database.Ends["incident"] != 7 || found.Parts[storePart].Rows < 100 {
		t.Errorf("it holds %+v", found.Contents)
	}
	var there []string
	for _, file := range tree(t, dir) {
		name, _, _ := strings.Cut(file, " ")
		there = append(there, name)
	}
	for name, want := range map[string]bool{"audit/log/tile": true, "own-key.pem": true, "restored-config/rules.folders[0]/b/c.yml": true,
		"restored-config/http.tls.key/a.yml": true, "lock": false, "upgrades/old.db": false,
		"backups/b.age": false, "half.tmp": false, "events/emptied-7": true, "events/erasures/one": true,
		"events/quarantine/bad.parquet": true, "events/2026-11-22/07/half.tmp": false, "warder.db": false, "exchange/LOCK": false} {
		if slices.Contains(there, name) != want {
			t.Errorf("%s is there: %v, want %v; all: %v", name, !want, want, there)
		}
	}
	if _, err := os.Stat(filepath.Join(s.Data, workFolder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the snapshot of the exchange stays: %v", err)
	}
}

// No bit of a backup may change, nothing may be cut off or added, without being
// noticed; and what is refused is refused in words.
func TestDamageIsNoticed(t *testing.T) {
	s := newSite(t)
	path, _ := s.backup(t)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	refused := func(what string, spoilt []byte) {
		t.Helper()
		_, err := Check(t.Context(), bytes.NewReader(spoilt), s.keys())
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Denied {
			t.Errorf("%s: %v, want a refusal", what, err)
		}
	}
	places := []int{0, len(file) - 1}
	for n := 0; n < 400; n++ { // the header, where every byte has a meaning of its own
		places = append(places, n%600)
	}
	for range 150 {
		places = append(places, dice.IntN(len(file)))
	}
	for _, at := range places {
		spoilt := slices.Clone(file)
		spoilt[at] ^= 1 << dice.IntN(8)
		refused(fmt.Sprintf("a bit of byte %d", at), spoilt)
	}
	for range 100 {
		n := dice.IntN(len(file))
		refused(fmt.Sprintf("cut to %d", n), file[:n])
	}
	const block = 64<<10 + 16 // of age's stream
	if n := len(file) % block; len(file) > block {
		refused("cut to whole blocks", file[:len(file)-n])
	}
	refused("something behind it", append(slices.Clone(file), 0))
	refused("nothing", nil)
	refused("twice", append(slices.Clone(file), file...))
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), bytes.NewReader(file), []age.Identity{other}); fault.KindOf(err) != fault.Denied {
		t.Errorf("another's key: %v", err)
	}
}

// plainEntries reads a backup's entries, and pack makes a decrypted backup of some.
type plainEntry struct {
	header tar.Header
	data   []byte
}

func plainEntries(t *testing.T, s *site) (all []plainEntry) {
	t.Helper()
	path, _ := s.backup(t)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, s.keys()...)
	if err != nil {
		t.Fatal(err)
	}
	for in := tar.NewReader(plain); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, plainEntry{*h, data})
	}
}

func pack(t *testing.T, all []plainEntry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range all {
		h := e.header
		h.Size = int64(len(e.data))
		if h.Typeflag != tar.TypeReg {
			h.Size = 0
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write(e.data); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whoever has the recipient can encrypt what they like: the list within is
// compared too, and nothing leads out of the folder.
func TestForgedArchivesAreRefused(t *testing.T) {
	s := newSite(t)
	good := plainEntries(t, s)
	at := func(all []plainEntry, part string) int {
		return slices.IndexFunc(all, func(e plainEntry) bool { return partOf(e.header.Name) == part })
	}
	replaced := func(name, old, new string) func([]plainEntry) []plainEntry {
		return func(all []plainEntry) []plainEntry {
			i := slices.IndexFunc(all, func(e plainEntry) bool { return e.header.Name == name })
			if !bytes.Contains(all[i].data, []byte(old)) {
				panic("there is no " + old)
			}
			all[i].data = bytes.Replace(all[i].data, []byte(old), []byte(new), 1)
			return all
		}
	}
	renamed := func(name string) func([]plainEntry) []plainEntry {
		return func(all []plainEntry) []plainEntry { all[at(all, filesPart)].header.Name = name; return all }
	}
	for what, c := range map[string]struct {
		spoil func([]plainEntry) []plainEntry
		says  string
	}{
		"a part too few":  {func(all []plainEntry) []plainEntry { i := at(all, eventsPart); return slices.Delete(all, i, i+1) }, "should be"},
		"two in disorder": {func(all []plainEntry) []plainEntry { all[1], all[2] = all[2], all[1]; return all }, "should be"},
		"one twice":       {func(all []plainEntry) []plainEntry { return slices.Insert(all, 2, all[1]) }, "twice"},
		"one more": {func(all []plainEntry) []plainEntry {
			e := all[1]
			e.header.Name = filesPart + "/more"
			return slices.Insert(all, 2, e)
		}, "should be"},
		"another's bytes": {func(all []plainEntry) []plainEntry {
			all[at(all, exchangePart)].data = []byte("x")
			return all
		}, "not what was written"},
		"no end":            {func(all []plainEntry) []plainEntry { return all[:len(all)-1] }, "ends too early"},
		"no database":       {func(all []plainEntry) []plainEntry { return append(all[:1], all[len(all)-1]) }, "database is missing"},
		"something behind":  {func(all []plainEntry) []plainEntry { return append(all, all[1]) }, "follows its end"},
		"no head":           {func(all []plainEntry) []plainEntry { return all[1:] }, "no backup of Warder"},
		"another program's": {replaced(headName, kind, "other"), "no backup of Warder"},
		"a newer format":    {replaced(headName, `"format":1`, `"format":2`), "is older"},
		"a newer schema":    {replaced(databaseName, `"migrations":[1,`, `"migrations":[99999,1,`), "newer version"},
		"a way out":         {renamed(filesPart + "/../../etc/passwd"), "leads elsewhere"},
		"a way to the root": {renamed("/etc/passwd"), "foreign entry"},
		"a foreign part":    {renamed("other/x"), "foreign entry"},
		"the lock":          {renamed(filesPart + "/lock"), "no file of a backup"},
		"the database":      {renamed(filesPart + "/warder.db"), "no file of a backup"},
		"a link": {func(all []plainEntry) []plainEntry {
			e := &all[at(all, filesPart)]
			e.header.Typeflag, e.header.Linkname, e.header.Size = tar.TypeSymlink, "/etc", 0
			return all
		}, "no file"},
		"rows of no table": {func(all []plainEntry) []plainEntry {
			all[at(all, storePart)].header.Name = storePart + "/none/00000001-1.cbor.zst"
			return all
		}, "not described"},
	} {
		t.Run(what, func(t *testing.T) {
			plain := pack(t, c.spoil(slices.Clone(good)))
			to := &folder{dir: t.TempDir(), made: map[string]bool{}}
			_, err := read(bytes.NewReader(plain), to)
			if fault.KindOf(err) == fault.Internal || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want a refusal with %q", err, c.says)
			}
		})
	}
	if _, err := read(bytes.NewReader(pack(t, good)), &checking{}); err != nil {
		t.Errorf("the good one is refused: %v", err)
	}
}

// Sparse files may claim any size; the standard library reads them and writes none.
func TestOnlyPlainFilesAreRead(t *testing.T) {
	for _, h := range []tar.Header{
		{Typeflag: tar.TypeReg, PAXRecords: map[string]string{"GNU.sparse.major": "1"}},
		{Typeflag: tar.TypeGNUSparse}, {Typeflag: tar.TypeDir}, {Typeflag: tar.TypeLink}, {Typeflag: tar.TypeFifo},
	} {
		if plain(&h) {
			t.Errorf("%c, %v is taken for a plain file", h.Typeflag, h.PAXRecords)
		}
	}
	if !plain(&tar.Header{Typeflag: tar.TypeReg, PAXRecords: map[string]string{"path": "long", "mtime": "1"}}) {
		t.Error("a plain file is not taken for one")
	}
}

// A disk that is full ends a backup before it fills it, and leaves nothing.
func TestFullDiskLeavesNothing(t *testing.T) {
	s := newSite(t)
	if err := os.WriteFile(filepath.Join(s.Data, "large"), make([]byte, 40<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for calls := range 3 {
		dir, m := t.TempDir(), s.maker()
		left := calls
		m.Free = func(string) (uint64, error) {
			if left--; left < 0 {
				return reserve, nil
			}
			return 1 << 40, nil
		}
		_, err := m.Make(t.Context(), filepath.Join(dir, "b.age"))
		if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "no room") {
			t.Errorf("error %v, want that there is no room", err)
		}
		if files := tree(t, dir); len(files) != 0 {
			t.Errorf("there is %v", files)
		}
		if _, err := os.Stat(filepath.Join(s.Data, workFolder)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the snapshot of the exchange stays: %v", err)
		}
	}
}

// A backup whose context ends leaves nothing either.
func TestInterruptedBackupLeavesNothing(t *testing.T) {
	s := newSite(t)
	for _, part := range []string{filesPart, storePart, eventsPart, exchangePart, "verify"} {
		ctx, cancel := context.WithCancel(t.Context())
		dir, m := t.TempDir(), s.maker()
		m.Told = func(p Progress) {
			if p.Part == part {
				cancel()
			}
		}
		if _, err := m.Make(ctx, filepath.Join(dir, "b.age")); !errors.Is(err, context.Canceled) {
			t.Errorf("ended while %s was written: %v", part, err)
		}
		if files := tree(t, dir); len(files) != 0 {
			t.Errorf("there is %v", files)
		}
		cancel()
	}
}

// FuzzRead reads whatever comes as a decrypted backup: it is refused in words, or
// it is one.
func FuzzRead(f *testing.F) {
	var small bytes.Buffer
	a, err := newArchive(&small, time.Unix(0, 0), nil)
	if err != nil {
		f.Fatal(err)
	}
	shape := store.Shape{Migrations: []int64{1}, Tables: []store.Table{{Name: "t", Columns: []store.Column{{Name: "c", Kind: store.Text}}}}}
	if err := errors.Join(
		a.addJSON(headName, Head{Kind: kind, Format: format}),
		a.add(filesPart+"/x", 1, strings.NewReader("x")),
		a.addJSON(databaseName, Database{Shape: shape}),
		a.addChunk(store.Chunk{Table: "t", Rows: 1, Data: []byte{0x81, 0x41, 'a'}}),
		a.close()); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Add([]byte{})
	f.Add(small.Bytes()[:1500])
	f.Fuzz(func(t *testing.T, plain []byte) {
		dir := t.TempDir()
		found, err := read(bytes.NewReader(plain), &folder{dir: filepath.Join(dir, "in"), made: map[string]bool{}})
		if err == nil && (found.Head.Kind != kind || found.Entries < 2) {
			t.Errorf("it was taken for a backup: %+v", found)
		}
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("refused without words for people: %v", err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 1 {
			t.Errorf("it wrote elsewhere: %v, %v", entries, err)
		}
	})
}
