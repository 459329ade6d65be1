package detect_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma"
)

// mutation changes one thing in one document of a rule file.
type mutation struct {
	kind string
	nth  int // document
	do   func(doc *yaml.Node)
}

// TestContentPackNoticesMutations spoils the rules of the pack one by one, each
// in one place, and demands that the tests beside them notice: the timespan of a
// correlation made as long as may be, its order forgotten, its threshold one
// less, or an exception left out.
func TestContentPackNoticesMutations(t *testing.T) {
	p := readPack(t)
	for _, file := range p.names {
		if p.notices(t, file, mutation{do: func(*yaml.Node) {}}) {
			t.Errorf("%s: its tests fail without a mutation", file)
		}
		for _, m := range mutations(p.docs[file]) {
			title := get(p.docs[file][m.nth], "title").Value
			at := fmt.Sprintf("%s: %s of %q", strings.TrimPrefix(file, "rules/"), m.kind, title)
			if !p.notices(t, file, m) {
				t.Errorf("%s is not noticed", at)
			}
		}
	}
}

// pack is the rule files as documents.
type pack struct {
	tables sigma.Tables
	names  []string // of files
	texts  map[string][]byte
	docs   map[string][]*yaml.Node
	named  map[string]string // rule by name -> file
}

func readPack(t *testing.T) *pack {
	p := &pack{texts: map[string][]byte{}, docs: map[string][]*yaml.Node{}, named: map[string]string{}}
	var err error
	if p.tables, err = sigma.ReadTables(os.DirFS(content), "mappings"); err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS(content), "rules", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".test.yml") {
			return err
		}
		if p.texts[name], err = fs.ReadFile(os.DirFS(content), name); err != nil {
			return err
		}
		p.names = append(p.names, name)
		p.docs[name], err = documents(p.texts[name])
		for _, doc := range p.docs[name] {
			if n := get(doc, "name"); n != nil {
				p.named[n.Value] = name
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func documents(text []byte) (docs []*yaml.Node, err error) {
	for dec := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return nil, err
		}
		docs = append(docs, &doc)
	}
}

// get follows keys into a document; nil when one is not there.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	if n.Kind == yaml.DocumentNode {
		n = n.Content[0]
	}
	for _, key := range keys {
		var next *yaml.Node
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				next = n.Content[i+1]
			}
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

func mutations(docs []*yaml.Node) (all []mutation) {
	andNot := regexp.MustCompile(` and not \w+`)
	for nth, doc := range docs {
		change := func(kind, value string, keys ...string) {
			all = append(all, mutation{kind, nth, func(doc *yaml.Node) { get(doc, keys...).Value = value }})
		}
		if get(doc, "correlation") != nil {
			change("timespan", "31d", "correlation", "timespan")
			if get(doc, "correlation", "type").Value == "temporal_ordered" {
				change("order", "temporal", "correlation", "type")
			}
		}
		if n := get(doc, "correlation", "condition", "gte"); n != nil {
			var threshold int
			if n.Decode(&threshold) == nil {
				change("threshold", fmt.Sprint(threshold-1), "correlation", "condition", "gte")
			}
		}
		for _, keys := range [][]string{{"detection", "condition"}, {"correlation", "condition"}} {
			condition := get(doc, keys...)
			if condition == nil || condition.Kind != yaml.ScalarNode {
				continue
			}
			for _, at := range andNot.FindAllStringIndex(condition.Value, -1) {
				text := condition.Value
				change(strings.TrimSpace(text[at[0]:at[1]]), text[:at[0]]+text[at[1]:], keys...)
			}
		}
	}
	return all
}

// notices tells whether the tests beside a file fail once it is changed. Only
// the file is loaded, and those with rules that it counts.
func (p *pack) notices(t *testing.T, file string, m mutation) bool {
	docs, err := documents(p.texts[file])
	if err != nil {
		t.Fatal(err)
	}
	m.do(docs[m.nth])
	var changed bytes.Buffer
	enc := yaml.NewEncoder(&changed)
	for _, doc := range docs {
		if err := enc.Encode(doc); err != nil {
			t.Fatal(err)
		}
	}
	rules := fstest.MapFS{}
	p.need(file, rules)
	rules[file] = &fstest.MapFile{Data: changed.Bytes()}
	w := p.way(t, rules)
	name := "content/" + strings.TrimPrefix(file, "rules/")
	all := slices.DeleteFunc(w.set.Rules(), func(r detect.Rule) bool { return r.File != name })
	return len(w.failed(casesOf(t, name, all), all)) > 0
}

// need adds a file and those that it refers to.
func (p *pack) need(file string, rules fstest.MapFS) {
	if rules[file] != nil {
		return
	}
	rules[file] = &fstest.MapFile{Data: p.texts[file]}
	for _, doc := range p.docs[file] {
		if of := get(doc, "correlation", "rules"); of != nil {
			for _, name := range of.Content {
				p.need(p.named[name.Value], rules)
			}
		}
	}
}

func (p *pack) way(t *testing.T, rules fs.FS) *way {
	set, err := sigma.Load(p.tables, sigma.Folder{Name: "content", FS: rules, Root: "rules"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Failed {
		t.Fatalf("%s: %s", r.File, r.Error)
	}
	w := &way{set: set, correlations: set.Correlations, matchers: []detect.Matcher{sigma.NewEngine(set)}}
	w.wanted = detect.Wanted(w.correlations)
	return w
}
