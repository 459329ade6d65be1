package detect

import (
	"strings"

	"warder/internal/flow"
)

// Bounds of an attribute of a hit, in bytes: one that nobody asked for is left
// out, one that correlations ask for is cut.
const (
	longestExtra  = 256
	longestWanted = 4 << 10
)

// Wanted lists, for each rule that correlations count, the fields that they need
// of its events, since a hit carries no Original: their own, and what those need
// that count them in turn. A hit has each under the name that rules use.
func Wanted(correlations []Correlation) map[string][]Field {
	w := &wants{byRule: map[string][]*Correlation{}, done: map[string][]Field{}}
	for i := range correlations {
		for _, rule := range correlations[i].Of {
			w.byRule[rule] = append(w.byRule[rule], &correlations[i])
		}
	}
	fields := map[string][]Field{}
	for rule := range w.byRule {
		fields[rule] = w.of(rule)
	}
	return fields
}

type wants struct {
	byRule map[string][]*Correlation
	done   map[string][]Field
}

func (w *wants) of(rule string) []Field {
	if fields, ok := w.done[rule]; ok {
		return fields
	}
	w.done[rule] = nil // a correlation that counts itself is refused where rules are loaded
	var fields []Field
	for _, c := range w.byRule[rule] {
		fields = append(fields, c.Names.fields(c.namesOf(c.GroupBy, rule))...)
		fields = append(fields, c.Names.fields(c.namesOf(c.values(), rule))...)
		fields = append(fields, w.of(c.Rule.ID)...)
	}
	w.done[rule] = fields
	return fields
}

// NewHit copies an event for counting: without its bulk, with the fields that
// correlations ask for. Dispatch says who counts it.
func NewHit(rule string, ev *flow.Event, wanted []Field) flow.Hit {
	return flow.Hit{Rule: rule, Event: slimmed(ev, ev.Scopes(), wanted)}
}

// slimmed copies what an alert may name and what correlations count. A field that
// is there without a text is carried too, so that no other name stands in for it.
func slimmed(ev *flow.Event, scopes []map[string]any, wanted []Field) flow.Event {
	slim := *ev
	slim.Attributes = make(map[string]string, len(ev.Attributes)+len(wanted))
	for name, v := range ev.Attributes {
		if len(v) <= longestExtra && !bulk(name) {
			slim.Attributes[name] = v
		}
	}
	for _, field := range wanted {
		if v, ok := field.text(ev, scopes); ok {
			slim.Attributes[field[0]] = v[:min(len(v), longestWanted)]
		}
	}
	slim.Raw, slim.Original, slim.Unknown = nil, nil, nil
	return slim
}

// bulk tells attributes that no alert names.
func bulk(name string) bool {
	head, _, _ := strings.Cut(name, ".")
	switch head {
	case "message", "syslog", "http", "place", "asset", "file", "dns", "tls", "process":
		return true
	}
	return false
}
