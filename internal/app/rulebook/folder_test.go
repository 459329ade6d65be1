package rulebook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Files in memory are a folder: they refer to one another, their placeholders have
// values, their filters filter, and what cannot be loaded is said of its file.
func TestCompileAFolder(t *testing.T) {
	rule := func(id, detection string) string {
		return fmt.Sprintf("title: Rule %[1]s\nid: %[1]s\nname: name-%[1]s\nlogsource: {product: warder}\ndetection: {s: {%[2]s}, condition: s}\n", id, detection)
	}
	files := []detect.RuleFile{
		{Name: "placeholders.yaml", Text: "people: [kim]\n"},
		{Name: "a/people.yml", Text: rule("people", "actor.user|expand: '%people%'")},
		{Name: "a/people.test.yml", Text: "hits: []\n"},
		{Name: "b/all.yml", Text: rule("all", "event.action: x")},
		{Name: "many.yml", Text: "title: Many\nid: many\ncorrelation: {type: event_count, rules: [name-all, base], group-by: [actor.user], timespan: 1h, condition: {gte: 2}, generate: true}\n"},
		{Name: "filter.yml", Text: "title: F\nid: f\nlogsource: {product: warder}\nfilter: {rules: [name-all], s: {actor.user: lee}, condition: s}\n"},
		{Name: "filter-of-one-in-force.yml", Text: "title: G\nid: g\nlogsource: {product: warder}\nfilter: {rules: [base], s: {actor.user: lee}, condition: s}\n"},
		{Name: "b/broken.yml", Text: "title: Half\nid: half\n---\n" + rule("whole", "a: b")},
		{Folder: "later", Name: "b/all.yml", Text: rule("whole", "a: c")},
	}
	shelf := &Book{Content: content.FS}
	pack, err := shelf.Compile(files, baseOf(map[string]string{"base": rule("base", "event.action: z")}))
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, r := range pack.Ruleset.Rules {
		have = append(have, fmt.Sprintf("%s %s:%d %s%s", r.ID, r.File, r.Line, r.Error, r.Warning))
	}
	slices.Sort(have)
	want := []string{"all b/all.yml:1 ", "f filter.yml:1 ", "g filter-of-one-in-force.yml:1 ", "many many.yml:1 ", "people a/people.yml:1 ", "whole later/b/all.yml:1 "}
	broken := slices.IndexFunc(have, func(s string) bool { return strings.HasPrefix(s, "half b/broken.yml:1 ") })
	if broken < 0 || !slices.Equal(slices.Delete(have, broken, broken+1), want) {
		t.Errorf("%q", have)
	}
	met := func(action, user string) (ids []string) {
		ev := flow.Event{Action: action, Category: flow.CategoryAccess, Attributes: map[string]string{"actor.user": user}}
		for _, matcher := range pack.Ruleset.Matchers {
			for _, m := range matcher.Match(&ev) {
				ids = append(ids, m.Rule.ID)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for event, want := range map[[2]string]string{{"x", "kim"}: "all people", {"x", "lee"}: "", {"x", "sam"}: "all", {"z", "sam"}: "base", {"z", "lee"}: ""} {
		if got := strings.Join(met(event[0], event[1]), " "); got != want {
			t.Errorf("%v meets %q, want %q", event, got, want)
		}
	}
}
