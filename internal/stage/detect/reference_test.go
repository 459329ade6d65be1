package detect_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

var update = flag.Bool("update", false, "write docs/reference/rules.md")

const (
	reference = "../../../docs/reference/rules.md"
	marker    = "<!-- From here on this page is made from the rules: go test ./internal/stage/detect -run TestReference -update -->\n"
)

// TestReference compares the second half of docs/reference/rules.md with the
// rules that ship; -update writes it.
func TestReference(t *testing.T) {
	have, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	prose, _, ok := strings.Cut(string(have), marker)
	if !ok {
		t.Fatalf("%s lacks the line %q", reference, marker)
	}
	want := prose + marker + tables(newWay(t, os.DirFS(content), "rules").set.Rules())
	if *update {
		if err := os.WriteFile(reference, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(string(have), want); diff != "" {
		t.Errorf("the reference page is not what the rules say (-page +rules); run this test with -update:\n%s", diff)
	}
}

func tables(rules []detect.Rule) string {
	var b strings.Builder
	b.WriteString("\n## Rules that ship\n\nRules of level info are only counted by others.\n\n")
	b.WriteString("| rule | level | threat | on | file |\n| --- | --- | --- | --- | --- |\n")
	slices.SortStableFunc(rules, func(x, y detect.Rule) int { return cmp.Compare(x.File, y.File) })
	for _, r := range rules {
		file := strings.TrimPrefix(r.File, "content/")
		fmt.Fprintf(&b, "| %s | %s | `%s` | %s | [%s](../../content/rules/%s) |\n", r.Title, r.Severity, r.Threat, r.Asset, file, file)
	}
	b.WriteString("\n## Threats\n\nWhat `warder.threat` may say.\n\n")
	for _, threat := range flow.Threats() {
		world := "physical or functional"
		if threat.Cyber() {
			world = "cyber"
		}
		fmt.Fprintf(&b, "- `%s` (%s)\n", threat, world)
	}
	return b.String()
}
