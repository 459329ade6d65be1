package sigma

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/stage/detect"
)

var update = flag.Bool("update", false, "write what is wanted in testdata/sets")

// TestSets reads each file of testdata/sets: files of rules, and in "want" what
// is made of them: a line for each rule, correlation and failure, and below an
// event the rules that it meets. "want" stands last; -update writes it.
func TestSets(t *testing.T) {
	files, err := filepath.Glob("testdata/sets/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runSet(t, file) })
	}
}

func runSet(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files, want, events := fstest.MapFS{}, "", ""
	for i := range ar.Files {
		switch f := &ar.Files[i]; f.Name {
		case "want":
			want = string(f.Data)
		case "events":
			events = string(f.Data)
		default:
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	set, err := Load(testTables(), Folder{"x", files, "."})
	if err != nil {
		t.Fatal(err)
	}
	have := described(set) + met(t, set, events)
	if *update {
		ar.Files[len(ar.Files)-1].Data = []byte(have)
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("-want +have:\n%s", diff)
	}
}

func described(set *Set) string {
	var b strings.Builder
	for _, r := range set.Rules() {
		switch {
		case r.Error != "":
			fmt.Fprintf(&b, "failed %s:%d: %s\n", strings.TrimPrefix(r.File, "x/"), r.Line, r.Error)
			continue
		case r.Off:
			fmt.Fprintf(&b, "off %s\n", r.ID)
			continue
		}
		fmt.Fprintf(&b, "%s %s line %d", r.Kind, r.ID, r.Line)
		if len(r.Filters) > 0 {
			fmt.Fprintf(&b, ", filtered by %s", strings.Join(r.Filters, " and "))
		}
		if r.Warning != "" {
			fmt.Fprintf(&b, ": %s", r.Warning)
		}
		b.WriteString("\n")
	}
	for i := range set.Correlations {
		b.WriteString(counted(&set.Correlations[i]))
	}
	return b.String()
}

func counted(c *detect.Correlation) string {
	s := fmt.Sprintf("%s: %s of %s by %s in %s", c.Rule.ID, c.Type, strings.Join(c.Of, ","), strings.Join(c.GroupBy, ","), c.Window)
	for _, b := range c.Bounds {
		s += fmt.Sprintf(", %s %v", b.Op, b.Value)
	}
	if c.Field != "" {
		s += " of " + strings.Join(append([]string{c.Field}, c.AndFields...), "+")
	}
	if c.Percentile != nil {
		s += fmt.Sprintf(" at %v %%", *c.Percentile)
	}
	if c.Condition != nil {
		s += ", " + expression(*c.Condition)
	}
	for alias, fields := range c.Aliases {
		for _, rule := range c.Of {
			s += fmt.Sprintf(", %s is %s in %s", alias, fields[rule], rule)
		}
	}
	if c.Counted {
		s += ", counted"
	}
	if c.Silent {
		s += ", silent"
	}
	return s + "\n"
}

func expression(e detect.Expr) string {
	if e.Op == detect.ExprRule {
		return e.Rule
	}
	var list []string
	for _, x := range e.Of {
		list = append(list, expression(x))
	}
	return string(e.Op) + "(" + strings.Join(list, " ") + ")"
}

func met(t *testing.T, set *Set, events string) string {
	var b strings.Builder
	engine := NewEngine(set)
	for line := range strings.Lines(events) {
		b.WriteString(strings.TrimSpace(line) + "\n")
		for _, m := range engine.Match(event(t, line)) {
			fmt.Fprintf(&b, "  %s alert %t, counted %t\n", m.Rule.ID, m.Alert, m.Count)
		}
	}
	return b.String()
}
