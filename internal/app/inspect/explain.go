package inspect

import (
	"context"
	"errors"
	"fmt"

	"warder/internal/stage/detect"
)

// Explained is why a rule met a record or did not; of a correlation, how it sees
// the record by each rule that it counts.
type Explained struct {
	Place
	Problem     string              `json:"problem,omitempty"` // why the record cannot be read
	Explanation *detect.Explanation `json:"explanation,omitempty"`
	Parts       []Part              `json:"parts,omitempty"`
	rule        *detect.Rule
}

// errEnough ends a reading that has seen what it wanted.
var errEnough = errors.New("enough")

// ExplainOptions says which records are explained.
type ExplainOptions struct {
	Logs
	At   int // only the record at this line or number; 0 for all
	Most int // records
}

// Explain says why a rule met the records of some logs or did not, and whether
// there were more records. It is an error when none of them can be read.
func (r *Rules) Explain(ctx context.Context, rule *detect.Rule, o ExplainOptions, each func(*Explained) error) (more bool, err error) {
	counts := r.correlation(rule.ID)
	if rule.Kind != detect.KindEvent && counts == nil {
		return false, errors.New("only rules and correlations can be explained; this one is of kind " + string(rule.Kind))
	}
	done, tally := 0, newSummary(o.zone())
	err = scan(ctx, &o.Logs, nil, func(rec *record) error {
		tally.record(rec)
		if rec.noLog {
			return nil
		}
		if o.At > 0 && rec.At != o.At {
			return nil
		}
		if done++; done > o.Most {
			more = true
			return errEnough
		}
		e := &Explained{Place: rec.Place, rule: rule}
		if rec.event.Unreadable() {
			e.Problem = rec.event.ParseError
			return each(e)
		}
		var err error
		if counts != nil {
			e.Parts, err = r.parts(counts, &rec.event)
		} else {
			e.Explanation, err = r.pack.Explainer.Explain(rule.ID, &rec.event)
		}
		if err != nil {
			return err
		}
		return each(e)
	})
	tally.endFile()
	switch {
	case errors.Is(err, errEnough):
		return more, nil
	case err != nil:
		return more, err
	case len(tally.Unread) > 0:
		return more, fmt.Errorf("%s: %s", tally.UnreadSentence(), tally.Unread[0].Reason)
	case done == 0:
		return more, errors.New("there is no such record")
	}
	return more, nil
}
