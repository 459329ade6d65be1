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
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/normalise"
	"warder/internal/stage/source/recorded"
)

// collection is a foreign collection of events. Ordinary runs take some of its
// events.
type collection struct {
	name  string
	every int // one of how many is taken
	least int // events that there are
}

func collections() []collection {
	return []collection{
		{"it/sigma-regression", 19, 61}, {"it/windows-evtx", 97, 489}, {"it/zeek-json", 199, 2000}, {"it/zeek-tsv", 197, 1286},
		{"it/suricata-eve", 2, 3}, {"it/suricata-verify", 7, 32}, {"it/linux", 13, 50}, {"it/log-schema-classification", 5, 13},
		{"it/syslog", 7, 19}, {"it/wazuh-rule-tests", 23, 100}, {"it/cef-leef", 2, 5},
		{"sigma/mixed-4k.ndjson.gz", 199, 4000}, {"it/windows-json", 1999, 10_000}, {"sigma/otrf-windows-20k.ndjson.gz", 1999, 20_000},
	}
}

// sample is an event for both sides: a JSON record, or what the normaliser made
// of a line of text.
type sample struct {
	line  []byte
	event *flow.Event
}

// eachSample reads every event of a collection.
func eachSample(t testing.TB, name string, do func(sample)) {
	record := func(line []byte) { do(sample{line: line}) }
	switch name {
	case "it/windows-evtx", "it/zeek-tsv":
		eachRecorded(t, name, record)
	case "it/syslog", "it/wazuh-rule-tests", "it/cef-leef":
		text := normalise.New(new(hospital.Holder), nil)
		eachText(t, name, func(line []byte) {
			ev := text.Event(flow.RecordID{}, flow.Raw{Format: flow.FormatSyslog, Data: line, Received: time.Unix(1.7e9, 0).UTC()})
			do(sample{event: &ev})
		})
	default:
		eachEvent(t, name, record)
	}
}

// eachRecorded reads the records of files that are no JSON, as JSON.
func eachRecorded(t testing.TB, name string, do func(line []byte)) {
	files := recorded.Files([]string{sigma.Shared(t, name)})
	err := recorded.Read(t.Context(), files, recorded.Options{Now: time.Now}, func(r recorded.Record) error {
		if r.Raw.Refused == "" {
			do(r.Raw.Data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// eachText reads lines of text: of logs, of Wazuh's tests ("log 1 pass = line") and
// of cases with an "input".
func eachText(t testing.TB, name string, do func(line []byte)) {
	files, err := filepath.Glob(filepath.Join(sigma.Shared(t, name), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []struct{ Input string }
		if filepath.Ext(file) == ".json" {
			if err := json.Unmarshal(data, &cases); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
		for _, c := range cases {
			do([]byte(c.Input))
		}
		for line := range strings.Lines(string(data)) {
			if filepath.Ext(file) == ".ini" {
				name, value, _ := strings.Cut(line, "=")
				if line = strings.TrimSpace(value); !strings.HasPrefix(name, "log ") {
					continue
				}
			}
			if line = strings.TrimRight(line, "\r\n"); line != "" && cases == nil {
				do([]byte(line))
			}
		}
	}
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
