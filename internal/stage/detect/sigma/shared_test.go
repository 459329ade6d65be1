package sigma

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// shared finds the folder of foreign test data: WARDER_SHARED_DATA, or
// shared/data beside a folder above this one.
func shared(t testing.TB, name string) string {
	if dir := os.Getenv("WARDER_SHARED_DATA"); dir != "" {
		return filepath.Join(dir, name)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		at := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(at); err == nil {
			return at
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skipf("no foreign test data %s here", name)
		}
		dir = up
	}
}

// publicRules reads the public rule set into memory, once.
func publicRules(t testing.TB) fs.FS {
	archive := shared(t, "sigma/sigmahq-rules.tar.gz")
	unpacking.Do(func() { rules = unpack(t, archive) })
	return rules
}

func unpack(t testing.TB, archive string) fstest.MapFS {
	f, err := os.Open(archive)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for tr := tar.NewReader(z); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(h.Name, ".yml") {
			var b bytes.Buffer
			if _, err := io.Copy(&b, tr); err != nil {
				t.Fatal(err)
			}
			files[h.Name] = &fstest.MapFile{Data: b.Bytes()}
		}
	}
}

// publicSet loads the public rules once for all tests; nobody changes it.
func publicSet(t testing.TB) *Set {
	files := publicRules(t)
	loading.Do(func() { loaded, failed = Load(tables(t), Folder{"public", files, "."}) })
	if failed != nil {
		t.Fatal(failed)
	}
	return loaded
}

var (
	unpacking sync.Once
	rules     fstest.MapFS
	loading   sync.Once
	loaded    *Set
	failed    error
)

func tables(t testing.TB) Tables {
	tb, err := ReadTables(os.DirFS("../../../../content"), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	return tb
}
