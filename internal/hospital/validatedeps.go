package hospital

import "slices"

func (c *checker) dependencies() {
	relations := Relations()
	type edge struct {
		from, to string
		relation Relation
	}
	first := make(map[edge]int, len(c.m.Dependencies))
	for i := range c.m.Dependencies {
		d := &c.m.Dependencies[i]
		c.ends(i)
		c.range01(i)
		if !slices.Contains(relations, d.Relation) {
			c.dependency(i, "relation", RuleRelation, "unknown relation %q%s", shorten(string(d.Relation)), orAny(string(d.Relation), relations))
		}
		if d.BothWays && d.Relation != LeadsTo {
			c.dependency(i, "both_ways", RuleBothWays, "only leads-to goes both ways; state the other direction as a dependency of its own")
		}
		ways := []edge{{d.From, d.To, d.Relation}, {d.To, d.From, d.Relation}}
		if !d.BothWays || d.From == d.To {
			ways = ways[:1]
		}
		for _, w := range ways {
			if at, twice := first[w]; twice && at != i {
				c.dependency(i, "from", RuleOneDependency, "%s is stated already%s", d.Relation, c.whereDependency(at))
				break
			}
			first[w] = i
		}
	}
	c.redundancies()
}

func (c *checker) whereDependency(i int) string {
	p := at(c.o.dependencies, i)
	if p.file == "" {
		return ""
	}
	return " in " + Problem{File: p.file, Line: p.line}.place()
}

func (c *checker) ends(i int) {
	d := &c.m.Dependencies[i]
	for _, end := range []struct{ field, id string }{{"from", d.From}, {"to", d.To}} {
		if end.id == "" {
			c.dependency(i, end.field, RuleEndExists, "%s is missing", end.field)
		} else if _, ok := c.byID[end.id]; !ok {
			c.dependency(i, end.field, RuleEndExists, "%s %q is no asset of the model%s", end.field, shorten(end.id), c.unknownID(end.id))
		}
	}
	if d.From == d.To && d.From != "" {
		c.dependency(i, "to", RuleSelf, "an asset does not depend on itself")
	}
}

func (c *checker) range01(i int) {
	d := &c.m.Dependencies[i]
	if !(d.Likelihood > 0 && d.Likelihood <= 1) {
		c.dependency(i, "likelihood", RuleLikelihood, "likelihood is out of range; want above 0 and at most 1, or nothing for 1")
	}
	if d.Autonomy < 0 {
		c.dependency(i, "autonomy", RuleAutonomy, "autonomy %s is negative", d.Autonomy)
	}
	for _, t := range []struct{ field, value string }{{"group", d.Group}, {"note", d.Note}} {
		if fault := textFault(t.value); fault != "" {
			c.dependency(i, t.field, RuleText, "%s %s", t.field, fault)
		}
	}
}

// redundancies checks k of n: what is needed of each group of suppliers.
func (c *checker) redundancies() {
	members := make(map[redundancy][]int)
	for i := range c.m.Dependencies {
		d := &c.m.Dependencies[i]
		switch {
		case d.Need < 1:
			c.dependency(i, "need", RuleNeed, "need is out of range; want 1 or more, or nothing for 1")
		case d.Group != "":
			key := redundancy{d.To, d.Group}
			members[key] = append(members[key], i)
		case d.Need > 1:
			c.dependency(i, "need", RuleNeed, "need is %d without a group; name the group of suppliers that stand in for each other", d.Need)
		}
	}
	for key, list := range members {
		c.redundancy(key, list)
	}
}

func (c *checker) redundancy(key redundancy, list []int) {
	first := &c.m.Dependencies[list[0]]
	for _, i := range list {
		d := &c.m.Dependencies[i]
		if d.Need > len(list) {
			c.dependency(i, "need", RuleNeed, "need is %d, but group %q has only %d", d.Need, key.group, len(list))
		} else if d.Need != first.Need {
			c.dependency(i, "need", RuleNeed, "need is %d, but %d for %q of the same group %q", d.Need, first.Need, first.From, key.group)
		}
	}
}

// controllers checks SAFECARE's axioms on controllers: each controls an access
// point, and the data that it requires is operating data.
func (c *checker) controllers() {
	controls := make(map[string]bool)
	for i := range c.m.Dependencies {
		d := &c.m.Dependencies[i]
		switch {
		case d.Relation == Controls && c.controllable(d.From, d.To):
			controls[d.From] = true
		case d.Relation == Supplies && c.kindOf(d.From) == Data && c.kindOf(d.To) == Controller:
			if class := c.m.Assets[c.byID[d.From]].Attributes["class"]; class != "operating" {
				c.dependency(i, "from", RuleControllerData, "data that a controller requires is operating data; give %q the attribute class: operating, or use other data", d.From)
			}
		}
	}
	for i := range c.m.Assets {
		a := &c.m.Assets[i]
		if a.Kind != Controller || controls[a.ID] {
			continue
		}
		if a.Attributes["class"] == "building" {
			c.asset(i, "kind", RuleController, "the building controller controls no building device or supply; add a dependency with relation controls")
		} else {
			c.asset(i, "kind", RuleController, "the controller controls no access point; add a dependency with relation controls to a door or port (or, for building devices, the attribute class: building)")
		}
	}
}

// controllable tells whether the target is what this controller must control.
func (c *checker) controllable(controller, target string) bool {
	kind := c.kindOf(target)
	if kind == Door || kind == Port {
		return true
	}
	i, ok := c.byID[controller]
	if !ok || c.m.Assets[i].Attributes["class"] != "building" {
		return false
	}
	switch kind {
	case HVAC, Lift, Equipment, Sensor, Power, UPS, MedicalGas, Water, Panel:
		return true
	}
	return false
}
