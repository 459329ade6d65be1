package detect

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/kit/fault"
)

// RuleDetail is one rule with everything that is known of it.
type RuleDetail struct {
	Rule           RuleStatus   `json:"rule"`
	Description    string       `json:"description"`
	Author         string       `json:"author"`
	References     []string     `json:"references"`
	FalsePositives []string     `json:"falsepositives"`
	Tags           []string     `json:"tags"`
	LogSource      *LogSource   `json:"log_source,omitempty"`
	Filters        []string     `json:"filters" doc:"titles of the filters that were added to it"`
	Text           string       `json:"text" doc:"as its file says it (YAML)"`
	Tests          []RuleTest   `json:"tests"`
	Exceptions     []Exception  `json:"exceptions" doc:"newest first, in every state"`
	CountedBy      []RuleName   `json:"counted_by" doc:"correlations that count it"`
	Counts         []RuleName   `json:"counts" doc:"what it counts, when it is a correlation"`
	Setting        *RuleSetting `json:"setting,omitempty"`
}

// RuleName names a rule.
type RuleName struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// TitleFR may be empty.
	TitleFR string `json:"title_fr,omitempty"`
}

// testTime bounds the tests of one rule that a page shows.
const testTime = 5 * time.Second

func (m *Module) show(ctx context.Context, r *Rule) (*RuleDetail, error) {
	pack, v := m.current.Load(), m.look()
	out := &RuleDetail{
		Rule: v.status(m.d.Board.of(r)), Description: r.Description, Author: r.Author, References: r.References,
		FalsePositives: r.FalsePositives, Tags: r.Tags, Filters: r.Filters,
		Exceptions: v.decided.list(r.ID, v.now),
	}
	if s, ok := v.decided.settings[r.ID]; ok {
		out.Setting = &s
	}
	for i := range pack.Ruleset.Correlations {
		c := &pack.Ruleset.Correlations[i]
		switch {
		case c.Rule.ID == r.ID && r.Kind == KindCorrelation:
			for _, id := range c.Of {
				out.Counts = append(out.Counts, pack.name(id))
			}
		case c.Rule.ID != r.ID && slices.Contains(c.Of, r.ID):
			out.CountedBy = append(out.CountedBy, pack.name(c.Rule.ID))
		}
	}
	text, err := pack.Text(r.ID)
	switch {
	case err == nil:
		out.Text = string(text)
		out.LogSource = logSourceOf(text, r.ID)
	case fault.KindOf(err) != fault.NotFound:
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	if out.Tests, err = pack.Tests(ctx, r); err != nil {
		m.d.Log.Warn("the tests of a rule could not be shown", "rule", r.ID, "error", err)
	}
	return out, nil
}

func (p *Pack) name(id string) RuleName {
	if r := p.rule(id); r != nil {
		return RuleName{ID: id, Title: r.Title, TitleFR: r.TitleFR}
	}
	return RuleName{ID: id, Title: id}
}

// logSourceOf reads what the rule's document says that it is written for.
func logSourceOf(text []byte, rule string) *LogSource {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var d struct {
			ID        string `yaml:"id"`
			Name      string `yaml:"name"`
			LogSource *struct {
				Product, Category, Service string
			} `yaml:"logsource"`
		}
		if err := dec.Decode(&d); err != nil {
			return nil // the end, or a document that another reader has refused
		}
		if d.LogSource != nil && cmp.Or(d.ID, d.Name) == rule {
			return &LogSource{Product: d.LogSource.Product, Category: d.LogSource.Category, Service: d.LogSource.Service}
		}
	}
}
