package rulebook

import (
	"slices"
	"testing"

	"warder/content"
	"warder/internal/kit/fault"
	"warder/internal/stage/detect"
)

func baseOf(texts map[string]string) *detect.Pack {
	p := &detect.Pack{Ruleset: &detect.Ruleset{}}
	for id := range texts {
		p.Ruleset.Rules = append(p.Ruleset.Rules, detect.Rule{ID: id, Name: "name-" + id})
	}
	p.Text = func(id string) ([]byte, error) {
		if texts[id] == "" {
			return nil, fault.New(fault.NotFound, "no text")
		}
		return []byte(texts[id]), nil
	}
	return p
}

// What a text counts is found by id or name, through correlations of
// correlations, and not when the text has it itself.
func TestWhatATextCounts(t *testing.T) {
	base := baseOf(map[string]string{
		"a": "id: a\n", "b": "id: b\n", "c": "id: c\ncorrelation: {rules: [name-a, c]}\n", "d": "id: d\n", "lost": "",
	})
	for text, want := range map[string]int{
		"id: x\n":                          0,
		"id: x\ncorrelation: {rules: a}\n": 1,
		"id: x\ncorrelation: {rules: [a, name-b, a]}\n": 2,
		"id: x\ncorrelation: {rules: [c]}\n":            2,
		"id: a\n---\nid: x\ncorrelation: {rules: [a]}":  0,
		"id: x\ncorrelation: {rules: [lost, nobody]}\n": 0,
		"id: x\ncorrelation: {rules: {a: b}}\n":         0,
		"a: [":                                          0,
	} {
		if got := counted([]detect.RuleFile{{Name: "a.yml", Text: text}}, base); len(got) != want {
			t.Errorf("%q: %d texts beside it, want %d", text, len(got), want)
		}
	}
}

// Whatever people paste is answered, and only with rules of their own.
func FuzzCompile(f *testing.F) {
	shelf := &Book{Content: content.FS}
	base := baseOf(map[string]string{"a": numberedRule})
	for _, text := range []string{numberedRule, manyRule, numberedRule + "---\n" + manyRule, "a: [", "", "---\n---\n",
		"title: x\nid: x\ncorrelation: {type: event_count, rules: [x, a], group-by: [y], timespan: 1m, condition: {gte: 2}}\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		pack, err := shelf.Compile([]detect.RuleFile{{Name: "a.yml", Text: string(text)}}, base)
		if err != nil {
			return
		}
		if i := slices.IndexFunc(pack.Ruleset.Rules, func(r detect.Rule) bool { return r.ID == numberedID && r.File != "a.yml" }); i >= 0 {
			t.Errorf("a rule of others: %+v", pack.Ruleset.Rules[i])
		}
	})
}
