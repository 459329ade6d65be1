package oracle

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Route is an entry of content/mappings/logsources.yaml: events that meet all
// conditions, case ignored, are of the sources that it gives.
type Route struct {
	When []struct {
		Field string
		Is    list
	}
	Gives struct{ Product, Service, Category list }
}

// list is a text or several.
type list []string

// UnmarshalYAML reads either.
func (l *list) UnmarshalYAML(node *yaml.Node) error {
	texts, err := readTexts(node)
	*l = texts
	return err
}

// ReadRoutes reads content/mappings/logsources.yaml.
func ReadRoutes(file []byte) ([]Route, error) {
	var routes []Route
	err := yaml.Unmarshal(file, &routes)
	return routes, err
}

// Sources lists the log sources of an event: those of every route whose
// conditions it meets, and the one it names itself.
func (ev *Event) Sources(routes []Route) []Source {
	var sources []Source
	for _, r := range routes {
		if r.meets(ev) {
			sources = append(sources, r.gives()...)
		}
	}
	own := Source{Product: ev.record.Attributes["log.product"], Service: ev.record.Attributes["log.service"]}
	if own != (Source{}) {
		sources = append(sources, own)
	}
	return sources
}

func (r Route) meets(ev *Event) bool {
	for _, condition := range r.When {
		c := ev.field(condition.Field)
		met := slices.ContainsFunc(condition.Is, func(is string) bool {
			if is == "*" {
				return c.present
			}
			return slices.ContainsFunc(c.texts, func(t text) bool { return t.foldedText == newText(is).foldedText })
		})
		if !met {
			return false
		}
	}
	return true
}

func (r Route) gives() []Source {
	var sources []Source
	orNone := func(l list) list {
		if len(l) == 0 {
			return list{""}
		}
		return l
	}
	for _, category := range orNone(r.Gives.Category) {
		for _, product := range orNone(r.Gives.Product) {
			for _, service := range orNone(r.Gives.Service) {
				sources = append(sources, Source{category, product, service})
			}
		}
	}
	return sources
}

// Covered says whether a rule is meant for an event of these sources (Rules:
// LogSource, "can be used alone or in any combination"): one source has all
// that the rule's logsource states.
func (r *Rule) Covered(sources []Source) bool {
	return r.Source == (Source{}) || slices.ContainsFunc(sources, func(s Source) bool { return covers(s, r.Source) })
}

// covers says whether a source has all that is stated.
func covers(s, stated Source) bool {
	return (stated.Category == "" || stated.Category == s.Category) &&
		(stated.Product == "" || stated.Product == s.Product) &&
		(stated.Service == "" || stated.Service == s.Service)
}
