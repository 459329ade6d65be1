package sigma

import "slices"

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

// router finds the rules of an event's log sources.
type router struct {
	routes  []route
	first   []firstField // routes by their first condition
	rules   map[logsource][]*compiled
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

// firstField finds routes by the value of the field that they ask for first, so
// that an event is not held against every route.
type firstField struct {
	field  int
	routes map[string][]int
	any    []int
}

func newRouter(c *compiler, routes []Route, rules []*compiled) *router {
	rt := &router{rules: map[logsource][]*compiled{}, product: c.field("log.product"), service: c.field("log.service")}
	for _, r := range rules {
		rt.rules[r.source] = append(rt.rules[r.source], r)
	}
	for _, r := range routes {
		rt.add(c, r)
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
			}
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
	rt.index(out.when[0], len(rt.routes)-1)
}

func (rt *router) index(test routeTest, number int) {
	i := slices.IndexFunc(rt.first, func(f firstField) bool { return f.field == test.field })
	if i < 0 {
		rt.first = append(rt.first, firstField{field: test.field, routes: map[string][]int{}})
		i = len(rt.first) - 1
	}
	if test.is == nil {
		rt.first[i].any = append(rt.first[i].any, number)
	}
	for _, v := range test.is {
		rt.first[i].routes[v] = append(rt.first[i].routes[v], number)
	}
}

// key names the combination of log sources of the event being read: the routes
// that it meets, and the source that it names itself. It is built in the
// reading's own buffer.
func (rt *router) key(r *reading) []byte {
	r.routes, r.key = r.routes[:0], r.key[:0]
	for i := range rt.first {
		f := &rt.first[i]
		slot := r.field(f.field)
		if !slot.present {
			continue
		}
		for _, n := range f.any {
			rt.meet(n, r)
		}
		for j := range slot.values {
			for _, n := range f.routes[slot.values[j].folded] {
				rt.meet(n, r)
			}
		}
	}
	for _, n := range r.routes {
		r.key = append(r.key, byte(n), byte(n>>8))
	}
	for _, text := range [...]string{firstText(r.field(rt.product)), firstText(r.field(rt.service))} {
		r.key = append(append(r.key, 0xff, 0xff), text...)
	}
	return r.key
}

// sources lists the log sources of the event whose key was built last, each with
// everything that a rule may leave out of it.
func (rt *router) sources(r *reading) []logsource {
	list := []logsource{{}}
	add := func(s logsource) {
		for _, general := range generalisations(s) {
			if !slices.Contains(list, general) {
				list = append(list, general)
			}
		}
	}
	for _, n := range r.routes {
		for _, s := range rt.routes[n].gives {
			add(s)
		}
	}
	product, service := firstText(r.field(rt.product)), firstText(r.field(rt.service))
	if product != "" || service != "" {
		add(logsource{Product: product, Service: service})
	}
	return list
}

func firstText(s *slot) string {
	if len(s.values) == 0 {
		return ""
	}
	return s.values[0].text
}

// meet notes a route if the event meets all of its conditions.
func (rt *router) meet(n int, r *reading) {
	for _, test := range rt.routes[n].when {
		if !test.holds(r.field(test.field)) {
			return
		}
	}
	if !slices.Contains(r.routes, n) {
		r.routes = append(r.routes, n)
	}
}

func (t routeTest) holds(s *slot) bool {
	if t.is == nil {
		return s.present && !isNull(s)
	}
	return slices.ContainsFunc(s.values, func(v value) bool { return slices.Contains(t.is, v.folded) })
}

// generalisations lists a log source and everything that a rule may leave out of it.
func generalisations(s logsource) []logsource {
	var list []logsource
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
		list = append(list, g)
	}
	return list
}
