package inspect

import (
	"context"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
)

// Finding is a rule that an event met, or a correlation that several did.
type Finding struct {
	Time       time.Time       `json:"time"` // of the last event, by its sender's clock
	Rule       string          `json:"rule"`
	Title      string          `json:"title"`
	Level      flow.Severity   `json:"level"`
	Kind       detect.Kind     `json:"kind"`
	Threat     flow.Threat     `json:"threat"`
	Techniques []string        `json:"techniques,omitempty"`
	Actors     []string        `json:"actors,omitempty"`
	Assets     []flow.AssetRef `json:"assets,omitempty"`
	Place                      // of the last event
	Events     []Place         `json:"events,omitempty"` // of a correlation
	Record     string          `json:"record,omitempty"` // as it stands in the file, when it is asked for
}

// Hunt is a search of recorded logs.
type Hunt struct {
	Logs
	Rules   *Rules
	Level   flow.Severity        // findings below it are left out; empty for none
	Records bool                 // put the record into its finding
	Found   func(*Finding) error // called for each; its error ends the search
}

// Run searches and says what came of it. Also with an error it says what came of
// what was read until then.
func (h *Hunt) Run(ctx context.Context) (*Summary, error) {
	s := newSummary(h.zone())
	if progress := h.Progress; progress != nil {
		h.Progress = func(p Progress) { p.Findings = s.Findings; progress(p) }
	}
	t := &taking{hunt: h, summary: s, counter: count.NewCounter(h.Rules.pack.Ruleset.Correlations)}
	t.order = order{most: mostHeld, give: t.counted}
	err := scan(ctx, &h.Logs, h.Rules.pack.Ruleset.Matchers, t.take)
	s.endFile()
	if err == nil {
		err = t.order.end()
	}
	return s, err
}

// taking makes findings of matches.
type taking struct {
	hunt    *Hunt
	summary *Summary
	counter *count.Counter
	order   order
}

func (t *taking) take(rec *record) error {
	t.summary.record(rec)
	for _, m := range rec.matches {
		if m.Alert {
			alert := detect.NewAlert(m.Rule, &rec.event)
			if err := t.found(m.Rule, &alert, rec); err != nil {
				return err
			}
		}
		if m.Count {
			hit := detect.NewHit(m.Rule.ID, &rec.event, t.hunt.Rules.wanted[m.Rule.ID])
			if err := t.order.add(hit); err != nil {
				return err
			}
		}
	}
	return nil
}

// counted counts a hit when its turn has come.
func (t *taking) counted(hit *flow.Hit) error {
	for _, r := range t.counter.Take(hit) {
		if err := t.found(&r.Rule, &r.Alert, nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *taking) found(rule *detect.Rule, alert *flow.Alert, rec *record) error {
	if rule.Severity.Rank() < t.hunt.Level.Rank() {
		return nil
	}
	f := &Finding{
		Time: alert.Time, Rule: rule.ID, Title: rule.Title, Level: rule.Severity, Kind: rule.Kind, Threat: rule.Threat,
		Techniques: rule.Techniques, Actors: alert.Actors, Assets: alert.Assets,
	}
	if rec != nil {
		f.Place = rec.Place
		if t.hunt.Records {
			f.Record = string(rec.raw.Data)
		}
	} else {
		for _, id := range alert.Events {
			f.Events = append(f.Events, placeOf(id))
		}
		f.Place = f.Events[len(f.Events)-1]
	}
	t.summary.found(f, rule)
	if t.hunt.Found == nil {
		return nil
	}
	return t.hunt.Found(f)
}
