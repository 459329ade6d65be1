package recorded

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// find looks in WARDER_SHARED_DATA, or in shared/data beside a folder above this one.
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

func shared(t testing.TB, name string) string {
	at, ok := find(name)
	if !ok {
		t.Skipf("no foreign test data %s here", name)
	}
	return at
}

// seeds are some small foreign logs of every kind.
func seeds() (all [][]byte) {
	for _, pattern := range []string{"it/zeek-tsv/*.log", "it/suricata-eve/*", "it/syslog/*.log", "it/zeek-json/*.log"} {
		at, ok := find(filepath.Dir(pattern))
		if !ok {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(at, filepath.Base(pattern)))
		for i := 0; i < len(files); i += 1 + len(files)/8 {
			if data, err := os.ReadFile(files[i]); err == nil && len(data) < 8<<10 {
				all = append(all, data)
			}
		}
	}
	return all
}

// count reads one file and counts records and refusals.
func count(t *testing.T, path string, o Options) (read int, refused []string) {
	t.Helper()
	for _, r := range recordsOf(t, path, o) {
		if r.Raw.Refused != "" {
			refused = append(refused, strconv.Itoa(r.At)+": "+r.Raw.Refused)
			continue
		}
		read++
	}
	return read, refused
}

// TestForeignZeekTables holds the tables of Zeek's own tests against their known
// numbers of records.
func TestForeignZeekTables(t *testing.T) {
	dir := shared(t, "it/zeek-tsv")
	manifest, err := os.ReadFile(shared(t, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`^(\d+) records`)
	n := 0
	for line := range strings.Lines(string(manifest)) {
		columns := strings.Split(line, "\t")
		if len(columns) < 8 || filepath.Dir(columns[0]) != "it/zeek-tsv" {
			continue
		}
		name := filepath.Base(columns[0])
		answer := known.FindStringSubmatch(columns[7])
		if answer == nil {
			continue
		}
		n++
		read, refused := count(t, filepath.Join(dir, name), Options{})
		if strconv.Itoa(read) != answer[1] || len(refused) > 0 {
			t.Errorf("%s: %d records, want %s; refused %q", name, read, answer[1], refused)
		}
		want, _, _ := strings.Cut(name, "__")
		for _, r := range recordsOf(t, filepath.Join(dir, name), Options{}) {
			var fields map[string]any
			if err := json.Unmarshal(r.Raw.Data, &fields); err != nil {
				t.Fatalf("%s: %v in %s", name, err, r.Raw.Data)
			}
			if fields["_path"] != want && strings.Contains(name, "__") {
				t.Errorf("%s: path %v, want %s", name, fields["_path"], want)
			}
		}
	}
	if n < 90 {
		t.Errorf("%d tables with a known answer", n)
	}
}

// linesOf counts the lines of a log that are no header.
func linesOf(text string) (n int) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			n++
		}
	}
	return n
}

// TestForeignLogs reads whole folders of other kinds.
func TestForeignLogs(t *testing.T) {
	for folder, c := range map[string]struct {
		least int
	}{
		"it/zeek-json/apt29-day1-NASHUA":                                        {500},
		"it/zeek-json/apt29-day1-SCRANTON":                                      {400},
		"it/zeek-json/LSASS_campaign_02--metasploit_procdump_lsass_memory_dump": {50},
		"it/suricata-eve": {3},
		"it/windows-evtx": {489},
	} {
		files := Files([]string{shared(t, folder)})
		total := 0
		for _, f := range files {
			read, refused := count(t, f.Path, Options{})
			if len(refused) > 0 {
				t.Errorf("%s: refused %q", f.Path, refused)
			}
			data, _ := os.ReadFile(f.Path)
			if lines := linesOf(string(data)); strings.HasSuffix(f.Path, ".log") && read != lines {
				t.Errorf("%s: %d records, %d lines", f.Path, read, lines)
			}
			total += read
		}
		if total < c.least {
			t.Errorf("%s: %d records, want %d or more", folder, total, c.least)
		}
	}
	for _, r := range recordsOf(t, shared(t, "it/zeek-json/apt29-day1-NASHUA/dce_rpc.log"), Options{}) {
		if !strings.HasPrefix(string(r.Raw.Data), `{"_path":"dce_rpc",`) {
			t.Fatalf("no log is named in %.80s", r.Raw.Data)
		}
	}
	if read, refused := count(t, shared(t, "it/syslog/rfc5424-section6.5-examples.log"), Options{}); read < 4 || len(refused) > 0 {
		t.Errorf("RFC 5424's examples: %d, refused %q", read, refused)
	}
}
