package count

import (
	"slices"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Raised is an alert with the rule that raised it.
type Raised struct {
	Rule  detect.Rule
	Alert flow.Alert
}

// outcome is what a window that meets its correlation gives.
type outcome struct {
	rule  *detect.Rule // nil when the hospital does not want it
	alert *flow.Alert  // nil when it only counts
	hits  []flow.Hit   // of the correlations that count this one
}

// tell makes of a found window the alert, and the hits for those that count the
// correlation in turn.
func (f *found) tell(judge detect.Judge, dispatch *detect.Dispatch) outcome {
	newest := f.events[len(f.events)-1]
	rule := &f.corr.Rule
	if f.corr.Describe != nil {
		described := f.corr.Describe(newest)
		rule = &described
	}
	if judge != nil {
		var keep bool
		if rule, keep = judge.Judge(detect.Match{Rule: rule, Alert: !f.corr.Silent, Count: f.corr.chained}, newest); !keep {
			return outcome{}
		}
	}
	alert := detect.NewAlertOver(rule, f.ids, f.events...)
	out := outcome{rule: rule}
	if !f.corr.Silent {
		out.alert = &alert
	}
	if f.corr.chained {
		out.hits = dispatch.Hits(f.corr.Rule.ID, f.event(&alert))
		for i := range out.hits {
			out.hits[i].Through = alert.Events
		}
	}
	return out
}

// mostAssets bounds the assets of an event that stands for several.
const mostAssets = 50

// event is the finding as something that can be counted: the newest event, with
// the group-by fields under the correlation's names and the assets of all.
func (f *found) event(alert *flow.Alert) *flow.Event {
	newest := f.events[len(f.events)-1]
	ev := *newest
	ev.ID, ev.Time = alert.ID, f.end
	ev.Attributes = make(map[string]string, len(newest.Attributes)+len(f.corr.GroupBy))
	for name, v := range newest.Attributes {
		ev.Attributes[name] = v
	}
	for _, name := range f.corr.GroupBy {
		if v := detect.FieldText(newest, f.corr.FieldOf(name, f.rule)); v != "" {
			ev.Attributes[name] = v
		}
	}
	ev.Assets = nil
	for _, of := range slices.Backward(f.events) {
		for _, a := range of.Assets {
			if len(ev.Assets) < mostAssets && !slices.ContainsFunc(ev.Assets, func(h flow.AssetRef) bool { return h.ID == a.ID }) {
				ev.Assets = append(ev.Assets, a)
			}
		}
	}
	return &ev
}
