package backup

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"warder/internal/exchange"
)

// restored extracts a backup and returns the names of the files that it gave.
func (s *site) restored(t *testing.T, path string) (dir string, names []string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if _, err := Extract(t.Context(), bytes.NewReader(file), s.keys(), dir); err != nil {
		t.Fatal(err)
	}
	for _, file := range tree(t, dir) {
		name, _, _ := strings.Cut(file, " ")
		names = append(names, name)
	}
	return dir, names
}

func (s *site) backedUp(t *testing.T) (names []string) {
	t.Helper()
	path, _ := s.backup(t)
	_, names = s.restored(t, path)
	return names
}

func link(t *testing.T, to, from string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(from), 0o700), os.Symlink(to, from)); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// What lies behind a link is backed up under the name that was configured.
func TestLinksAreFollowed(t *testing.T) {
	s := newSite(t)
	other := t.TempDir()
	link(t, s.Data, filepath.Join(other, "data"))
	link(t, write(t, filepath.Join(other, "archive", "privkey1.pem"), "key"), filepath.Join(other, "live", "privkey.pem"))
	write(t, filepath.Join(other, "rules", "..2026", "a.yml"), "rule")
	link(t, "..2026", filepath.Join(other, "rules", "..data"))
	link(t, filepath.Join("..data", "a.yml"), filepath.Join(other, "rules", "a.yml"))
	link(t, filepath.Join(other, "rules"), filepath.Join(other, "mounted"))
	s.Data = filepath.Join(other, "data")
	s.Named = []Named{{"http.tls.key", filepath.Join(other, "live", "privkey.pem")}, {"rules.folders[0]", filepath.Join(other, "mounted")}}
	names := s.backedUp(t)
	for _, want := range []string{"audit/log/tile", "own-key.pem", "events/emptied-7", "restored-config/http.tls.key/privkey.pem",
		"restored-config/rules.folders[0]/a.yml"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %v", want, names)
		}
	}
	if slices.Contains(names, "backups/b.age") {
		t.Error("backups are in the backup")
	}
}

// A backup without a key that it promises is none; a folder may be empty.
func TestMissingNamedFileFails(t *testing.T) {
	s := newSite(t)
	s.Named = []Named{{"rules.folders[0]", t.TempDir()}}
	s.backup(t)
	gone := filepath.Join(t.TempDir(), "gone.pem")
	dangling := filepath.Join(t.TempDir(), "dangling.pem")
	link(t, gone, dangling)
	for _, path := range []string{gone, dangling, "/dev/null"} {
		s.Named = []Named{{"http.tls.key", path}}
		_, err := s.maker().Make(t.Context(), filepath.Join(t.TempDir(), "b.age"))
		if err == nil || !strings.Contains(err.Error(), "http.tls.key") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error that names it", path, err)
		}
	}
}

// However the folder of backups is written, what is in it stays out.
func TestBackupsStayOutOfBackups(t *testing.T) {
	s := newSite(t)
	t.Chdir(filepath.Dir(s.Data))
	base := filepath.Base(s.Data)
	linked := filepath.Join(t.TempDir(), "data")
	link(t, s.Data, linked)
	for _, c := range []struct{ data, except string }{
		{s.Data, s.Data + "/backups/"}, {s.Data, s.Data + "//./backups"}, {base, s.Data + "/backups"},
		{s.Data, base + "/backups"}, {s.Data, linked + "/backups"}, {linked, s.Data + "/backups"},
	} {
		s.Data, s.Except = c.data, []string{c.except}
		if names := s.backedUp(t); slices.Contains(names, "backups/b.age") || !slices.Contains(names, "own-key.pem") {
			t.Errorf("with %+v there is %v", c, names)
		}
	}
}

// A file system keeps a folder of its own at its root, which only root reads.
func TestLostAndFoundIsNobodys(t *testing.T) {
	s := newSite(t)
	write(t, filepath.Join(s.Data, "lost+found", "#12"), "x")
	write(t, filepath.Join(s.Data, "events", "lost+found", "#13"), "x")
	if names := s.backedUp(t); slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "lost+found") }) {
		t.Errorf("there is %v", names)
	}
}

// What a restore left is no part of the next backup, which is restored as well.
func TestRestoredIsBackedUpAgain(t *testing.T) {
	s := newSite(t)
	s.Config = write(t, filepath.Join(t.TempDir(), "warder.yaml"), "name: x\n")
	first, _ := s.backup(t)
	dir, _ := s.restored(t, first)
	if err := os.CopyFS(filepath.Join(s.Data, configFolder), os.DirFS(filepath.Join(dir, configFolder))); err != nil {
		t.Fatal(err)
	}
	second, made := s.backup(t)
	_, names := s.restored(t, second)
	for _, want := range []string{"restored-config/warder.yaml", "restored-config/rules.folders[0]/a.yml"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %v", want, names)
		}
	}
	if made.Parts[configPart].Entries != 4 {
		t.Errorf("%+v", made.Parts)
	}
}

// Backups that were made when what a restore left still went into them are restored.
func TestOldBackupOfRestoredIsRead(t *testing.T) {
	s := newSite(t)
	s.Config = write(t, filepath.Join(t.TempDir(), "warder.yaml"), "name: now\n")
	write(t, filepath.Join(s.Data, "zz", "warder.yaml"), "name: before\n")
	all := plainEntries(t, s)
	renameEntry(t, all, "files/zz/warder.yaml", "files/restored-config/warder.yaml")
	if _, err := read(bytes.NewReader(pack(t, all)), &checking{}); err != nil {
		t.Errorf("checked: %v", err)
	}
	dir := t.TempDir()
	if _, err := read(bytes.NewReader(pack(t, all)), &folder{dir: dir, made: map[string]bool{}}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, configFolder, "warder.yaml")); err != nil || string(text) != "name: now\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// A backup that could not be laid down is not called whole.
func TestEntriesForOnePlaceAreNoticed(t *testing.T) {
	s := newSite(t)
	write(t, filepath.Join(s.Data, "zz"), "x")
	for _, name := range []string{"files/events/emptied-7", "files/audit", "files/audit/log/tile/x", "files/exchange/x"} {
		all := plainEntries(t, s)
		renameEntry(t, all, "files/zz", name)
		if _, err := read(bytes.NewReader(pack(t, all)), &checking{}); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

// renameEntry gives an entry another name, in the list at the end too.
func renameEntry(t *testing.T, all []plainEntry, old, new string) {
	t.Helper()
	i := slices.IndexFunc(all, func(e plainEntry) bool { return e.header.Name == old })
	if i < 0 {
		t.Fatalf("there is no %s", old)
	}
	all[i].header.Name = new
	end := &all[len(all)-1]
	end.data = bytes.Replace(end.data, []byte(`"`+old+`"`), []byte(`"`+new+`"`), 1)
}

// The log is of the database's moment, though it is copied last: what came in
// meanwhile is read again by those whose places the database knows.
func TestExchangeIsOfTheMoment(t *testing.T) {
	s := newSite(t)
	m, late := s.maker(), 0
	m.Told = func(p Progress) {
		if p.Part != storePart || late > 0 {
			return
		}
		late++
		if _, err := s.topics.Append(t.Context(), "raw", []exchange.Outgoing{{Body: []byte("late")}}); err != nil {
			t.Error(err)
		}
	}
	path := filepath.Join(t.TempDir(), "b.age")
	if _, err := m.Make(t.Context(), path); err != nil || late != 1 {
		t.Fatal(late, err)
	}
	dir, _ := s.restored(t, path)
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: filepath.Join(dir, "exchange")})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if last, err := log.Last(t.Context(), "raw"); err != nil || last != 50 {
		t.Errorf("the log ends at %d, want 50; %v", last, err)
	}
}
