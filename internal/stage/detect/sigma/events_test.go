package sigma_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/stage/detect/sigma"
)

// collections lists the foreign collections of events, as JSON: some of every
// kind, or all that there are.
func collections(all bool) []string {
	some := []string{
		"sigma/mixed-4k.ndjson.gz", "it/sigma-regression", "it/linux", "it/zeek-json", "it/suricata-eve",
		"it/suricata-verify", "it/log-schema-classification",
	}
	if all {
		some = append(some, "sigma/otrf-windows-20k.ndjson.gz", "it/windows-json")
	}
	return some
}

// eachEvent reads the JSON objects of a file, or of all files of a folder.
func eachEvent(t testing.TB, name string, do func(line []byte)) {
	err := filepath.WalkDir(sigma.Shared(t, name), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return eachOfFile(path, data, do)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func eachOfFile(path string, data []byte, do func([]byte)) error {
	switch filepath.Ext(path) {
	case ".gz":
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return err
		}
		if data, err = io.ReadAll(z); err != nil {
			return err
		}
		return eachOfFile(strings.TrimSuffix(path, ".gz"), data, do)
	case ".zip":
		return eachOfArchive(data, do)
	case ".json", ".ndjson", ".log":
		eachObject(data, do)
	}
	return nil
}

func eachOfArchive(data []byte, do func([]byte)) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		inner, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := eachOfFile(f.Name, inner, do); err != nil {
			return err
		}
	}
	return nil
}

// eachObject reads objects, one after the other or in one list, until something
// else comes.
func eachObject(data []byte, do func([]byte)) {
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var line json.RawMessage
		if dec.Decode(&line) != nil {
			return
		}
		list := []json.RawMessage{line}
		if line[0] == '[' && json.Unmarshal(line, &list) != nil {
			return
		}
		for _, line := range list {
			if line[0] == '{' {
				do(line)
			}
		}
	}
}
