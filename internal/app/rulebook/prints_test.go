package rulebook

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"warder/content"
)

// A rule is another when its own document is, a filter of it, or the values of a
// placeholder in it; not when something else in its file is.
func TestPrintsOfRules(t *testing.T) {
	const (
		one    = "title: One\nid: one\nlogsource: {product: x}\ndetection: {s: {a|expand: '%people%'}, condition: s}\n"
		two    = "---\ntitle: Two\nid: two\nlogsource: {product: y}\ndetection: {s: {a: 100%}, condition: s}\n"
		three  = "---\ntitle: Three\nid: three\nlogsource: {product: z}\ndetection: {s: {a: b}, condition: s}\n"
		many   = "---\ntitle: Many\nid: many\ncorrelation: {type: event_count, rules: [two], group-by: [a], timespan: 1h, condition: {gte: 2}}\n"
		filter = "title: Filter\nid: filter\nlogsource: {product: y}\nfilter: {rules: [two], s: {b: c}, condition: s}\n"
		values = "people: [kim, lee]\n"
	)
	dir := t.TempDir()
	shelf := &Book{Content: content.FS, Dirs: []string{dir}}
	prints := func(rules, filter, values string) map[string]string {
		t.Helper()
		for name, text := range map[string]string{"a.yml": rules, "filter.yml": filter, "placeholders.yaml": values} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		pack, err := shelf.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return pack.Prints
	}
	before := prints(one+two, filter, values)
	for what, test := range map[string]struct {
		rules, filter, values, changed string
	}{
		"nothing":                       {one + two, filter, values, ""},
		"a document after the others":   {one + two + three + many, filter, values, ""},
		"a document before the others":  {strings.TrimPrefix(two, "---\n") + "---\n" + one, filter, values, ""},
		"lines before the first":        {"\n\n" + one + two, filter, values, ""},
		"a rule":                        {one + strings.Replace(two, "100", "101", 1), filter, values, "two"},
		"a filter":                      {one + two, strings.Replace(filter, "b: c", "b: d", 1), values, "filter two"},
		"a filter that is gone":         {one + two, "# none\n", values, "two"},
		"the values of a placeholder":   {one + two, filter, "people: [kim]\n", "one"},
		"the values of another of them": {one + two, filter, values + "others: [x]\n", ""},
	} {
		after, changed := prints(test.rules, test.filter, test.values), []string(nil)
		for _, id := range slices.Sorted(maps.Keys(before)) {
			if now, there := after[id]; there && now != before[id] {
				changed = append(changed, id)
			}
		}
		if got := strings.Join(changed, " "); got != test.changed {
			t.Errorf("%s: changed %q, want %q", what, got, test.changed)
		}
	}
}
