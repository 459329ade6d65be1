package sigma

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// shared finds a file of the foreign test data, or skips the test.
func shared(t testing.TB, name string) string {
	at, ok := find(name)
	if !ok {
		t.Skipf("no foreign test data %s here", name)
	}
	return at
}

// find looks in WARDER_SHARED_DATA, or in shared/data beside a folder above this
// one.
func find(name string) (string, bool) {
	if dir := os.Getenv("WARDER_SHARED_DATA"); dir != "" {
		return filepath.Join(dir, name), true
	}
	dir, _ := os.Getwd()
	for {
		at := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(at); err == nil {
			return at, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

const archived = "sigma/sigmahq-rules.tar.gz"

// fewPublicRules gives some rules from all over the public set; none when it is
// not there.
func fewPublicRules(t testing.TB) (out [][]byte) {
	at, ok := find(archived)
	if _, err := os.Stat(at); !ok || err != nil {
		return nil
	}
	unpacking.Do(func() { rules = unpack(t, at) })
	names := slices.Sorted(maps.Keys(rules))
	for i := 0; i < len(names); i += max(1, len(names)/60) {
		out = append(out, rules[names[i]].Data)
	}
	return out
}

// publicRules reads the public rule set into memory, once.
func publicRules(t testing.TB) fs.FS {
	archive := shared(t, archived)
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

// publicEngine is the engine of publicSet, made once for all tests.
func publicEngine(t testing.TB) *Engine {
	set := publicSet(t)
	building.Do(func() { built = NewEngine(set) })
	return built
}

// tortured tells that the long form of tests is asked for: everything, not a
// sample of it.
func tortured() bool { return os.Getenv("WARDER_TORTURE") != "" }

var (
	building  sync.Once
	built     *Engine
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
