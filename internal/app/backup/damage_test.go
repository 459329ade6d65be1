package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"warder/internal/kit/fault"
	"warder/internal/store"
)

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
