package events

import (
	"cmp"
	"context"
	"slices"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// Fields is which fields the newest events of a search have.
type Fields struct {
	Fields []FieldCount `json:"fields" doc:"Warder's own words first, then the sender's, each the most frequent first"`
	Sample int          `json:"sample" doc:"how many events were looked at"`
}

// FieldCount is one field and how many of the events have it.
type FieldCount struct {
	Name     string `json:"name" doc:"as the query language names it"`
	Original bool   `json:"original,omitempty" doc:"a name of the sender's own"`
	Events   int    `json:"events" doc:"how many of the events have it"`
	Distinct int    `json:"distinct" doc:"how many different values they have"`
}

// Bounds of a list of fields.
const (
	defaultSample = 500
	mostSample    = 2000
	mostFields    = 500
	mostDepth     = 4 // how deep in a sender's record names are listed
)

// Fields looks at the newest events that meet a query and lists their fields.
func (s *Store) Fields(ctx context.Context, q Query, sample int) (Fields, error) {
	q.Limit, q.Cursor = min(cmp.Or(max(sample, 0), defaultSample), mostSample), ""
	r, err := s.Search(ctx, q)
	if err != nil {
		return Fields{}, err
	}
	c := census{counts: map[string]*fieldCount{}}
	for i := range r.Events {
		c.event(&r.Events[i])
	}
	return Fields{Fields: c.list(), Sample: len(r.Events)}, nil
}

// census counts fields.
type census struct{ counts map[string]*fieldCount }

type fieldCount struct {
	field    query.Field
	original bool
	events   int
	values   map[string]bool
}

func (c *census) event(e *flow.Event) {
	names := map[string]bool{} // -> it is the sender's
	for _, name := range [...]string{query.FieldSource, query.FieldFormat, query.FieldSite, query.FieldCategory, query.FieldAction,
		query.FieldAsset, query.FieldUnknown, query.FieldParseError, query.FieldExercise} {
		names[name] = false
	}
	for name := range e.Attributes {
		names[name] = false
	}
	for _, scope := range e.Scopes() {
		senders(scope, "", mostDepth, names)
	}
	for name, original := range names {
		c.note(e, name, original)
	}
}

// senders lists the names in a sender's record under which a value stands.
func senders(m map[string]any, before string, depth int, into map[string]bool) {
	for key, value := range m {
		name := before + key
		if inner, ok := value.(map[string]any); ok {
			if depth > 1 {
				senders(inner, name+".", depth-1, into)
			}
			continue
		}
		if fixed(name) || query.NewField(name).Original() == "" { // as a word of Warder's it means something else
			name = query.OriginalPrefix + name
		}
		if _, ok := into[name]; !ok {
			into[name] = true
		}
	}
}

func (c *census) note(e *flow.Event, name string, original bool) {
	n, ok := c.counts[name]
	if !ok {
		n = &fieldCount{field: query.NewField(name), original: original, values: map[string]bool{}}
		c.counts[name] = n
	}
	values := n.field.Values(e)
	if len(values) > 0 {
		n.events++
	}
	for _, v := range values {
		n.values[query.Fold(v)] = true
	}
}

func (c *census) list() []FieldCount {
	out := []FieldCount{}
	for name, n := range c.counts {
		if n.events > 0 {
			out = append(out, FieldCount{Name: name, Original: n.original, Events: n.events, Distinct: len(n.values)})
		}
	}
	slices.SortFunc(out, func(a, b FieldCount) int {
		if a.Original != b.Original {
			if b.Original {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), mostFields)]
}
