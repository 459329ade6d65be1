package sigma

import (
	"slices"
	"strings"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// fact is what an event has under a name.
type fact struct {
	present bool
	name    string // the event's own
	said    []said
}

// said is one value of a fact; a list has several.
type said struct {
	text string
	null bool
}

func (f fact) null() bool {
	return !f.present || slices.ContainsFunc(f.said, func(s said) bool { return s.null })
}

// witnessing reads an event for an explanation: every time anew, without any of
// the engine's short cuts, so that one can be held against the other.
type witnessing struct {
	compiler *compiler
	ev       *flow.Event
	words    map[string]bool // attributes that hold several values
}

// field reads what a rule's field means in the event: the first of its names
// that the event has.
func (w *witnessing) field(number int) fact {
	if number == keywordField {
		f := fact{present: true}
		w.everything(&f)
		return f
	}
	v, name, ok := w.compiler.fields[number].In(w.ev, w.ev.Scopes())
	f := fact{present: ok, name: name}
	if ok {
		f.add(v, w.words[name])
	}
	return f
}

// add takes the values of what a field holds; a list gives each element.
func (f *fact) add(v any, words bool) {
	switch v := v.(type) {
	case nil:
		f.said = append(f.said, said{null: true})
	case []any:
		for _, item := range v {
			f.add(item, false)
		}
	case map[string]any:
		// An object has no text of its own; its fields have their dotted names.
	default:
		text := detect.Text(v)
		if !words || !strings.Contains(text, " ") {
			f.said = append(f.said, said{text: text})
			return
		}
		for word := range strings.FieldsSeq(text) {
			f.said = append(f.said, said{text: word})
		}
	}
}

// everything gathers what keywords are searched in.
func (w *witnessing) everything(f *fact) {
	if w.ev.Format == flow.FormatSyslog {
		f.add(strings.ToValidUTF8(string(w.ev.Raw), "\uFFFD"), false)
	}
	if len(w.ev.Raw) == 0 || w.ev.Original == nil {
		for _, v := range w.ev.Attributes {
			f.add(v, false)
		}
	}
	f.leaves(w.ev.Original)
}

func (f *fact) leaves(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			f.leaves(inner)
		}
	case []any:
		for _, inner := range v {
			f.leaves(inner)
		}
	case nil:
	default:
		f.add(v, false)
	}
}

// meets holds one value against one predicate.
func (w *witnessing) meets(p predicate, s said) bool {
	if s.null {
		return false
	}
	switch p := p.(type) {
	case *like:
		if p.cased {
			return p.match(s.text)
		}
		return p.match(fold(s.text))
	case matches:
		return p.re.MatchString(s.text)
	case inNetwork:
		return p.meets(s.text)
	case compares:
		n, ok := numberOf(s.text)
		return ok && p.meets(n)
	case clock:
		return p.meets(s.text)
	case sameAs:
		return slices.ContainsFunc(w.field(p.field).said, func(other said) bool {
			a, b := s.text, other.text
			if !p.cased {
				a, b = fold(a), fold(b)
			}
			return !other.null && p.compare(a, b)
		})
	case either:
		return slices.ContainsFunc(p, func(inner predicate) bool { return w.meets(inner, s) })
	}
	return false // never
}

// sources lists the log sources that an event is of, the most special first; one
// that another one says more of is left out.
func (w *witnessing) sources(routes []Route) []logsource {
	var list []logsource
	add := func(s logsource) {
		if s != (logsource{}) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, r := range routes {
		if len(r.When) == 0 || slices.ContainsFunc(r.When, func(c Condition) bool { return !w.routed(c) }) {
			continue
		}
		if len(r.Gives.Categories) == 0 {
			add(logsource{Product: r.Gives.Product, Service: r.Gives.Service})
		}
		for _, category := range r.Gives.Categories {
			add(logsource{r.Gives.Product, category, r.Gives.Service})
		}
	}
	add(logsource{Product: w.first("log.product"), Service: w.first("log.service")})
	slices.SortStableFunc(list, func(a, b logsource) int { return b.parts() - a.parts() })
	all := slices.Clone(list)
	return slices.DeleteFunc(list, func(s logsource) bool {
		return slices.ContainsFunc(all, func(more logsource) bool { return more != s && s.includes(more) })
	})
}

func (s logsource) parts() (n int) {
	for _, part := range [...]string{s.Product, s.Category, s.Service} {
		if part != "" {
			n++
		}
	}
	return n
}

// routed tells whether an event meets one condition of a route.
func (w *witnessing) routed(c Condition) bool {
	f := w.field(w.compiler.field(c.Field))
	if !slices.ContainsFunc(c.Is, func(want string) bool { return want != "*" }) {
		return f.present && !f.null()
	}
	return slices.ContainsFunc(f.said, func(s said) bool {
		return slices.ContainsFunc(c.Is, func(want string) bool { return want != "*" && fold(want) == fold(s.text) })
	})
}

func (w *witnessing) first(name string) string {
	if f := w.field(w.compiler.field(name)); len(f.said) > 0 {
		return f.said[0].text
	}
	return ""
}
