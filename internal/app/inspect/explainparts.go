package inspect

import (
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Part is a record as a correlation sees it by one of the rules that it counts.
type Part struct {
	Rule        string              `json:"rule"`
	Title       string              `json:"title"`
	Explanation *detect.Explanation `json:"explanation,omitempty"` // of a rule that one event meets
	Parts       []Part              `json:"parts,omitempty"`       // of a correlation, whose finds are counted
	Fields      []detect.Reading    `json:"fields,omitempty"`
	Counts      bool                `json:"counts"` // the record meets the rule and has the fields
}

// parts explains a correlation by the rules that it counts, and by what it takes
// of an event.
func (r *Rules) parts(c *detect.Correlation, ev *flow.Event) ([]Part, error) {
	var list []Part
	for _, id := range c.Of {
		p := Part{Rule: id, Title: r.title(id)}
		var err error
		if inner := r.correlation(id); inner != nil {
			p.Parts, err = r.parts(inner, ev)
		} else if p.Explanation, err = r.pack.Explainer.Explain(id, ev); err == nil {
			var whole bool
			p.Fields, whole = c.Readings(id, ev)
			p.Counts = p.Explanation.Matched && whole
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// correlation finds what counts over time, not what only keeps a rule from
// repeating itself.
func (r *Rules) correlation(id string) *detect.Correlation {
	list := r.pack.Ruleset.Correlations
	for i := range list {
		if list[i].Rule.ID == id && list[i].Chained() {
			return &list[i]
		}
	}
	return nil
}

func (r *Rules) title(id string) string {
	for i := range r.All {
		if r.All[i].ID == id && r.All[i].Error == "" {
			return r.All[i].Title
		}
	}
	return ""
}

// parts writes how a correlation sees a record, rule by rule.
func (t *tree) parts(depth int, list []Part) {
	for i := range list {
		p := &list[i]
		if p.Explanation == nil {
			t.line(depth, "by what %s (%s) finds, which counts", p.Title, p.Rule)
			t.parts(depth+1, p.Parts)
			continue
		}
		t.explanation(depth, p.Explanation)
		t.readings(depth+1, p)
	}
}

func (t *tree) readings(depth int, p *Part) {
	for _, f := range p.Fields {
		role, name := "group", f.Name
		if f.Counted {
			role = "counted value"
		}
		if f.Field != f.Name {
			name += " (" + f.Field + ")"
		}
		if f.Value == "" {
			t.line(depth, "%s %s: the event has none", role, name)
			continue
		}
		t.line(depth, "%s %s: %s", role, name, quoted(f.Value))
	}
	switch {
	case p.Counts:
		t.line(depth, "the record counts")
	case p.Explanation.Matched:
		t.line(depth, "the record does not count: it lacks a field, or its value is no number where numbers are counted")
	default:
		t.line(depth, "the record does not count by this rule")
	}
}
