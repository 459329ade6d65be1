package detect

import "warder/internal/flow"

// Reading is what an event has in a field that a correlation groups by or counts.
type Reading struct {
	Name    string `json:"name" doc:"as the correlation names it"`
	Field   string `json:"field" doc:"as the counted rule names it"`
	Counted bool   `json:"counted" doc:"its values are counted; the others make the group"`
	Value   string `json:"value" doc:"empty when the event has none"`
}

// Readings lists what a correlation takes of an event that meets one of its rules,
// and whether it counts the event.
func (c *Correlation) Readings(rule string, ev *flow.Event) (list []Reading, counts bool) {
	scopes := ev.Scopes()
	read := func(names []string, counted bool) {
		for _, name := range names {
			field := c.FieldOf(name, rule)
			value, _ := c.Names.Field(field).text(ev, scopes)
			list = append(list, Reading{name, field, counted, value})
		}
	}
	read(c.GroupBy, false)
	read(c.values(), true)
	hits := NewDispatch([]Correlation{*c}).Hits(rule, ev)
	return list, len(hits) > 0
}
