package inspect

import (
	"fmt"
	"io"
	"strings"

	"warder/internal/stage/detect"
)

// WriteText writes an explanation as a tree. What is met says so in a word beside
// its mark, for those who see neither colour nor small signs.
func (e *Explained) WriteText(w io.Writer) error {
	t := &tree{}
	t.line(0, "%s", e.Place)
	if e.Problem != "" {
		t.line(1, "the record cannot be read: %s", e.Problem)
		return t.write(w)
	}
	if e.Explanation != nil {
		t.explanation(1, e.Explanation)
	} else {
		t.line(1, "%s (%s) counts over time; of this record:", e.rule.Title, e.rule.ID)
		t.parts(2, e.Parts)
	}
	return t.write(w)
}

func (t *tree) explanation(depth int, x *detect.Explanation) {
	t.outcome(depth, x.Matched, "%s (%s)", x.Title, x.Rule)
	t.outcome(depth+1, x.LogSource.Met, "log source %s; the event is %s", sourceText(x.LogSource.Wanted), sourcesText(x.LogSource.Has))
	t.condition(depth+1, &x.Condition)
	for i := range x.Selections {
		t.selection(depth+1, &x.Selections[i])
	}
}

type tree struct{ strings.Builder }

func (t *tree) line(depth int, format string, args ...any) {
	t.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(t, format, args...)
	t.WriteByte('\n')
}

func (t *tree) outcome(depth int, met bool, format string, args ...any) {
	mark := "✗ not met: "
	if met {
		mark = "✓ met:     "
	}
	t.line(depth, mark+format, args...)
}

func (t *tree) write(w io.Writer) error {
	_, err := io.WriteString(w, t.String())
	return err
}

func (t *tree) condition(depth int, c *detect.ConditionExplanation) {
	t.outcome(depth, c.Met, "condition %s", c.Text)
	t.below(depth+1, c.Of)
}

func (t *tree) below(depth int, nodes []detect.ConditionExplanation) {
	for i := range nodes {
		n := &nodes[i]
		name := n.Text
		if n.Op == "and" || n.Op == "or" || n.Op == "not" {
			name = n.Op + ": " + n.Text
		}
		t.outcome(depth, n.Met, "%s", name)
		t.below(depth+1, n.Of)
	}
}

func (t *tree) selection(depth int, s *detect.SelectionOutcome) {
	t.outcome(depth, s.Met, "selection %s", s.Name)
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		at := depth + 1
		if len(s.Alternatives) > 1 {
			t.outcome(at, a.Met, "alternative %d of %d", i+1, len(s.Alternatives))
			at++
		}
		for j := range a.Items {
			t.item(at, &a.Items[j])
		}
	}
}

func (t *tree) item(depth int, i *detect.ItemOutcome) {
	name := i.Field
	if name == "" {
		name = "keywords"
	}
	if len(i.Modifiers) > 0 {
		name += "|" + strings.Join(i.Modifiers, "|")
	}
	t.outcome(depth, i.Met, "%s", name)
	t.event(depth+1, i)
	t.wanted(depth+1, i)
}

// event says what the event has in the field.
func (t *tree) event(depth int, i *detect.ItemOutcome) {
	as := ""
	if i.ReadAs != "" && i.ReadAs != i.Field {
		as = " (read as " + i.ReadAs + ")"
	}
	switch {
	case i.Field == "":
	case !i.Present:
		t.line(depth, "the event has no such field%s", as)
	default:
		t.line(depth, "the event has%s: %s", as, quoted(i.Event...))
	}
}

// quoted shows where a text ends: blanks there matter. Backslashes stay as they are.
func quoted(texts ...string) string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = "'" + text + "'"
		if text == "null" {
			out[i] = text
		}
	}
	return strings.Join(out, ", ")
}

// mostValues is how many values of an item are listed.
const mostValues = 12

func (t *tree) wanted(depth int, i *detect.ItemOutcome) {
	if len(i.Values) > 1 {
		word := "one of"
		if i.All {
			word = "all of"
		}
		t.line(depth, "wanted %s %d:", word, len(i.Values))
	}
	left := mostValues
	for _, v := range metFirst(i.Values) {
		if left--; left < 0 {
			t.line(depth, "… and %d more", len(i.Values)-mostValues)
			return
		}
		t.outcome(depth, v.Met, "%s", quoted(v.Text))
	}
}

func metFirst(values []detect.ValueOutcome) []detect.ValueOutcome {
	out := make([]detect.ValueOutcome, 0, len(values))
	for _, met := range [...]bool{true, false} {
		for _, v := range values {
			if v.Met == met {
				out = append(out, v)
			}
		}
	}
	return out
}

func sourceText(s detect.LogSource) string {
	var parts []string
	for _, p := range [...][2]string{{"product", s.Product}, {"category", s.Category}, {"service", s.Service}} {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	if len(parts) == 0 {
		return "any"
	}
	return strings.Join(parts, ", ")
}

func sourcesText(list []detect.LogSource) string {
	var parts []string
	for _, s := range list {
		if s != (detect.LogSource{}) {
			parts = append(parts, sourceText(s))
		}
	}
	if len(parts) == 0 {
		return "of no known log source"
	}
	return "of " + strings.Join(parts, "; ")
}
