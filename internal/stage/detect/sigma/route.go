package sigma

import (
	"encoding/binary"
	"maps"
	"slices"

	"warder/internal/stage/detect/sigma/index"
)

// Route says which events come from a log source, as data
// (content/mappings/logsources.yaml): an event that has all of When is of that
// product, service and categories. A value "*" asks only that the field is there.
type Route struct {
	When  []Condition `yaml:"when"`
	Gives Source      `yaml:"gives"`
}

// Condition asks a field for one of several values, compared without regard to case.
type Condition struct {
	Field string `yaml:"field"`
	Is    texts  `yaml:"is"`
}

// Source is what a route gives.
type Source struct {
	Product    string `yaml:"product"`
	Service    string `yaml:"service"`
	Categories texts  `yaml:"category"`
}

// router finds the log sources of an event.
type router struct {
	routes  []route
	fields  []routedField
	product int // fields by which a record names its log source itself
	service int
}

type route struct {
	when  []routeTest
	gives []logsource // one for each category
}

type routeTest struct {
	field int
	is    []string // folded; nil for any
}

// routedField is a field that routes ask for, with the values that make a
// difference, each with its number: two events with the same numbers are of the
// same log sources.
type routedField struct {
	field  int
	values map[string]uint32 // folded, but for product and service
	cased  bool
}

// Numbers of values that no route tells apart.
const (
	otherValue uint32 = iota
	nullValue
	firstValue
)

// forRoutes is a copy that numbers the fields of routes too: the set is not changed.
func (c *compiler) forRoutes() *compiler {
	return &compiler{aliases: c.aliases, fields: slices.Clone(c.fields), numbers: maps.Clone(c.numbers)}
}

func newRouter(c *compiler, routes []Route, rules []*compiled) *router {
	rt := &router{product: c.field("log.product"), service: c.field("log.service")}
	for _, r := range routes {
		rt.add(c, r)
	}
	for _, r := range rules {
		rt.tell(rt.product, r.source.Product, true)
		rt.tell(rt.service, r.source.Service, true)
	}
	return rt
}

func (rt *router) add(c *compiler, r Route) {
	if len(r.When) == 0 {
		return
	}
	out := route{}
	for _, w := range r.When {
		test := routeTest{field: c.field(w.Field)}
		for _, v := range w.Is {
			if v != "*" {
				test.is = append(test.is, fold(v))
				rt.tell(test.field, fold(v), false)
			}
		}
		if test.is == nil {
			rt.routed(test.field, false)
		}
		out.when = append(out.when, test)
	}
	categories := r.Gives.Categories
	if len(categories) == 0 {
		categories = texts{""}
	}
	for _, category := range categories {
		out.gives = append(out.gives, logsource{r.Gives.Product, category, r.Gives.Service})
	}
	rt.routes = append(rt.routes, out)
}

// tell numbers a value of a field.
func (rt *router) tell(field int, text string, cased bool) {
	f := rt.routed(field, cased)
	if _, ok := f.values[text]; !ok {
		f.values[text] = firstValue + uint32(len(f.values))
	}
}

func (rt *router) routed(field int, cased bool) *routedField {
	i := slices.IndexFunc(rt.fields, func(f routedField) bool { return f.field == field && f.cased == cased })
	if i < 0 {
		i = len(rt.fields)
		rt.fields = append(rt.fields, routedField{field: field, values: map[string]uint32{}, cased: cased})
	}
	return &rt.fields[i]
}

// key names the combination of log sources of the event at hand, in the scratch's
// own buffer: for each routed field that it has, the numbers of its values.
func (rt *router) key(s *scratch) {
	s.key = s.key[:0]
	for i := range rt.fields {
		f := &rt.fields[i]
		at := s.field(f.field)
		if at.state&cellPresent == 0 {
			continue
		}
		s.key = binary.AppendUvarint(s.key, uint64(i))
		s.key = binary.AppendUvarint(s.key, uint64(at.to-at.from))
		for j := at.from; j < at.to; j++ {
			s.key = binary.AppendUvarint(s.key, uint64(f.number(s, &s.values[j])))
		}
	}
}

func (f *routedField) number(s *scratch, v *val) uint32 {
	switch {
	case v.null:
		return nullValue
	case f.cased:
		return f.values[v.text]
	}
	return f.values[s.folded(v)]
}

// sources lists the log sources of the event at hand, each with everything that a
// rule may leave out of it.
func (rt *router) sources(s *scratch) []logsource {
	var list []logsource
	for i := range rt.routes {
		if s.meetsRoute(&rt.routes[i]) {
			for _, source := range rt.routes[i].gives {
				list = appendGeneral(list, source)
			}
		}
	}
	return appendGeneral(list, logsource{Product: s.firstText(rt.product), Service: s.firstText(rt.service)})
}

func (s *scratch) firstText(field int) string {
	if values := s.of(s.field(field)); len(values) > 0 {
		return values[0].text
	}
	return ""
}

func (s *scratch) meetsRoute(r *route) bool {
	return !slices.ContainsFunc(r.when, func(t routeTest) bool { return !s.meetsTest(t) })
}

func (s *scratch) meetsTest(t routeTest) bool {
	at := s.field(t.field)
	if t.is == nil {
		return at.state&(cellPresent|cellNull) == cellPresent
	}
	values := s.of(at)
	return slices.ContainsFunc(values, func(v val) bool { return slices.Contains(t.is, index.Fold(v.text)) })
}

// appendGeneral adds a log source and everything that a rule may leave out of it.
func appendGeneral(list []logsource, s logsource) []logsource {
	for i := range 8 {
		g := s
		if i&1 != 0 {
			g.Product = ""
		}
		if i&2 != 0 {
			g.Category = ""
		}
		if i&4 != 0 {
			g.Service = ""
		}
		if !slices.Contains(list, g) {
			list = append(list, g)
		}
	}
	return list
}
