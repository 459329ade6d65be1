package inspect

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// publicRules unpacks the public set of rules.
func publicRules(t testing.TB) string {
	t.Helper()
	f, err := os.Open(shared(t, "sigma/sigmahq-rules.tar.gz"))
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	archive := tar.NewReader(z)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		if head.Typeflag != tar.TypeReg || filepath.Ext(head.Name) != ".yml" {
			continue
		}
		path := filepath.Join(dir, filepath.Clean("/"+head.Name))
		data, err := io.ReadAll(archive)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPublicRegression runs the public rules' own regression tests, with the event
// logs where they are there.
func TestPublicRegression(t *testing.T) {
	samples := shared(t, "it/sigma-regression")
	rules := load(t, publicRules(t))
	if failed := rules.Failed(); len(failed) > 0 {
		t.Errorf("%d rules could not be loaded: %+v", len(failed), failed[0])
	}
	run, err := rules.Test(t.Context(), []string{samples}, RegressionOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Results {
		if !r.Passed {
			t.Errorf("%s %s: %s", r.Rule, r.Title, r.Detail)
		}
	}
	if run.Passed < 54 {
		t.Errorf("%d tests passed", run.Passed)
	}
}
