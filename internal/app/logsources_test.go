package app

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma"
)

// origin is a log source as a rule names it.
type origin struct {
	Product  string `yaml:"product"`
	Category string `yaml:"category"`
	Service  string `yaml:"service"`
}

func (o origin) String() string { return o.Product + "/" + o.Category + "/" + o.Service }

// within tells whether events of a source are of one that leaves something out.
func (o origin) within(given origin) bool {
	meets := func(asked, given string) bool { return asked == "" || asked == given }
	return meets(o.Product, given.Product) && meets(o.Category, given.Category) && meets(o.Service, given.Service)
}

// TestPublicLogSources holds the routes against every log source that the public
// rule set names: each is reached, or the reference page says that nothing of
// ours brings it yet.
func TestPublicLogSources(t *testing.T) {
	asked := map[origin]int{}
	for name, file := range publicRuleFiles(t) {
		for dec := yaml.NewDecoder(bytes.NewReader(file.Data)); ; {
			var doc struct {
				Logsource *origin `yaml:"logsource"`
			}
			if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if doc.Logsource != nil {
				asked[*doc.Logsource]++
			}
		}
	}
	page, err := os.ReadFile("../../docs/reference/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	given, reached := routed(t), 0
	for o, rules := range asked {
		switch listed := bytes.Contains(page, []byte("`"+o.String()+"`")); {
		case slices.ContainsFunc(given, o.within):
			reached += rules
		case !listed:
			t.Errorf("nothing brings events of %s (%d rules), and the reference page does not say so", o, rules)
		}
	}
	t.Logf("%d log sources, those of %d rules are reached", len(asked), reached)
}

// routed lists what the routes give, and what the normaliser names by itself.
func routed(t *testing.T) []origin {
	t.Helper()
	tables, err := sigma.ReadTables(content.FS, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	list := []origin{
		{Product: "cisco", Service: "aaa"}, {Product: "cisco", Service: "bgp"}, {Product: "cisco", Service: "ldp"},
		{Product: "cisco", Service: "syslog"}, {Product: "huawei", Service: "bgp"}, {Product: "fortigate", Service: "event"},
	}
	for _, r := range tables.Routes {
		for _, category := range append([]string{""}, r.Gives.Categories...) {
			list = append(list, origin{r.Gives.Product, category, r.Gives.Service})
		}
	}
	return list
}

// TestLogSourcesOfSamples reads records of real systems and asks of which log
// sources their events are. Each file of testdata/logsources says how its
// records come ("format"), what they must be ("of") and must not be ("not"), and
// gives them itself ("data") or names a file of the foreign test data ("sample").
func TestLogSourcesOfSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/logsources/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	w, engine := newShortWay(t), oneRuleForEach(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s := readSample(t, file)
			for i, line := range s.lines {
				ev := w.normaliser.Event(flow.RecordID{Writer: "t", Seq: 1, Index: uint32(i)}, flow.Raw{
					Source: "test", Format: s.Format, Received: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Data: line,
				})
				var have []string
				for _, m := range engine.Match(&ev) {
					have = append(have, m.Rule.Title)
				}
				for _, o := range s.Of {
					if !slices.Contains(have, o) {
						t.Errorf("not of %s: %.300s", o, line)
					}
				}
				for _, o := range s.Not {
					if slices.Contains(have, o) {
						t.Errorf("of %s: %.300s", o, line)
					}
				}
			}
		})
	}
}

type sample struct {
	Format flow.Format
	Of     []string
	Not    []string
	Sample string // below shared/data; of a compressed file the lines that hold all of Has
	Has    []string
	lines  [][]byte
}

func readSample(t *testing.T, file string) sample {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	for _, f := range ar.Files {
		switch f.Name {
		case "sample.yaml":
			if err := yaml.Unmarshal(f.Data, &s); err != nil {
				t.Fatal(err)
			}
		case "data":
			s.lines = append(s.lines, bytes.Split(bytes.TrimSpace(f.Data), []byte("\n"))...)
		}
	}
	if s.Sample != "" {
		s.lines = append(s.lines, sampleLines(t, s)...)
	}
	if len(s.lines) == 0 {
		t.Fatal("no record")
	}
	return s
}

const mostSamples = 20

func sampleLines(t *testing.T, s sample) (lines [][]byte) {
	t.Helper()
	at, ok := foreignFile(s.Sample)
	if !ok {
		t.Skipf("no foreign test data %s here", s.Sample)
	}
	f, err := os.Open(at)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(at, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, 4<<20)
	for scan.Scan() && len(lines) < mostSamples {
		absent := func(has string) bool { return !bytes.Contains(scan.Bytes(), []byte(has)) }
		if !slices.ContainsFunc(s.Has, absent) {
			lines = append(lines, bytes.Clone(scan.Bytes()))
		}
	}
	return lines
}

// oneRuleForEach has a rule for every log source of the routes, which every
// event of it meets.
func oneRuleForEach(t *testing.T) detect.Matcher {
	t.Helper()
	var rules bytes.Buffer
	seen := map[origin]bool{}
	for _, o := range routed(t) {
		for _, o := range []origin{o, {o.Product, o.Category, ""}, {"", o.Category, ""}} {
			if o == (origin{}) || seen[o] {
				continue
			}
			seen[o] = true
			fmt.Fprintf(&rules, "---\ntitle: %s\nid: %s\nlogsource: {product: %q, category: %q, service: %q}\n", o, o, o.Product, o.Category, o.Service)
			rules.WriteString("detection: {any: {event.category|contains: ''}, condition: any}\n")
		}
	}
	tables, err := sigma.ReadTables(content.FS, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	set, err := sigma.Load(tables, sigma.Folder{Name: "each", FS: fstest.MapFS{"each.yml": {Data: rules.Bytes()}}, Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Failed) > 0 {
		t.Fatal(set.Failed[0].Error)
	}
	return sigma.NewEngine(set)
}

// foreignFile finds a file of the foreign test data: in WARDER_SHARED_DATA, or in
// shared/data beside a folder above this one.
func foreignFile(name string) (string, bool) {
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

const publicRules = "sigma/sigmahq-rules.tar.gz"

// publicRuleFiles reads the public rule set, or skips the test.
func publicRuleFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	at, ok := foreignFile(publicRules)
	if !ok {
		t.Skip("no public rules here")
	}
	f, err := os.Open(at)
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
			data, err := io.ReadAll(tr)
			if err != nil {
				t.Fatal(err)
			}
			files[h.Name] = &fstest.MapFile{Data: data}
		}
	}
}
