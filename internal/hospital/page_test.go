package hospital

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
)

const page = "../../docs/reference/hospital-model.md"

// TestReferencePage keeps the tables of the reference page as the code has them;
// with -update it writes them.
func TestReferencePage(t *testing.T) {
	was, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := string(was)
	for name, table := range pageTables() {
		want = replaceTable(t, want, name, table)
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(was)); diff != "" {
		t.Errorf("the page is not as the code; run this test with -update (-code +page):\n%s", diff)
	}
}

func replaceTable(t *testing.T, text, name, table string) string {
	t.Helper()
	begin := "<!-- generated: " + name + " -->\n"
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, "<!-- end -->")
	if !found || !closed {
		t.Fatalf("the page has no place for %s", name)
	}
	return before + begin + table + "<!-- end -->" + after
}

func pageTables() map[string]string {
	tables := map[string]*strings.Builder{}
	row := func(name string, cells ...string) {
		if tables[name] == nil {
			tables[name] = new(strings.Builder)
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		tables[name].WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	head := func(name string, cells ...string) {
		row(name, cells...)
		row(name, strings.Split(strings.Repeat("---,", len(cells)-1)+"---", ",")...)
	}
	head("columns", "file", "columns", "required")
	l := newLoader(nil, defaultLimits())
	for _, list := range []string{"assets", "dependencies", "plans"} {
		c, _ := l.csvTable(list + ".csv")
		row("columns", list+"*.csv", strings.Join(c.columns, ", "), strings.Join(c.required, ", "))
	}
	head("kinds", "kind", "what it is", "its place may be a", "place required")
	for _, k := range KindTable() {
		required := ""
		if k.Placed {
			required = "yes"
		}
		row("kinds", "`"+string(k.Kind)+"`", k.Is, joined(k.In), required)
	}
	head("relations", "relation", "direction", "example")
	for _, r := range RelationTable() {
		row("relations", "`"+string(r.Relation)+"`", r.Says, r.Example)
	}
	head("identifiers", "kind", "what it is", "example")
	for _, i := range IdentifierTable() {
		row("identifiers", "`"+string(i.Kind)+"`", i.Is, "`"+i.Example+"`")
	}
	head("rules", "rule", "what must hold")
	for _, r := range RuleTable() {
		row("rules", "`"+string(r.Rule)+"`", r.Says)
	}
	head("bounds", "what", "at most")
	for _, b := range boundRows() {
		row("bounds", b[0], b[1])
	}
	tables["threats"], tables["elements"] = new(strings.Builder), new(strings.Builder)
	fmt.Fprintf(tables["threats"], "%s.\n", joined(flow.Threats()))
	fmt.Fprintf(tables["elements"], "%s.\n", joined(drawingElements()))
	out := make(map[string]string)
	for name, b := range tables {
		out[name] = b.String()
	}
	return out
}

func boundRows() [][2]string {
	lim := defaultLimits()
	return [][2]string{
		{"one file", megabytes(lim.file)},
		{"all files together", megabytes(lim.all)},
		{"one floor plan", megabytes(lim.svg)},
		{"an upload over HTTP", megabytes(mostUpload)},
		{"files", fmt.Sprint(lim.files)},
		{"assets", fmt.Sprint(lim.assets)},
		{"dependencies", fmt.Sprint(lim.dependencies)},
		{"floor plans", fmt.Sprint(lim.plans)},
		{"problems listed", fmt.Sprint(lim.problems)},
	}
}
