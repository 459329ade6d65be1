package hospital

import (
	"io/fs"
	"path"
	"strings"
)

func (c *checker) plans() {
	ids, files := make(map[string]bool), make(map[string]bool)
	for i := range c.m.Plans {
		p := &c.m.Plans[i]
		switch {
		case !validID(p.ID):
			c.plan(i, "id", RulePlan, "a plan's id is 1 to 128 letters, digits or any of . _ : -, not %q", shorten(p.ID))
		case ids[strings.ToLower(p.ID)]:
			c.plan(i, "id", RulePlan, "id %q is taken by another plan", p.ID)
		}
		ids[strings.ToLower(p.ID)] = true
		if strings.TrimSpace(p.Name) == "" {
			c.plan(i, "name", RulePlan, "plan %q has no name", p.ID)
		} else if fault := textFault(p.Name); fault != "" {
			c.plan(i, "name", RuleText, "name of plan %q %s", p.ID, fault)
		}
		c.planPlace(i)
		if c.planFile(i, files) {
			c.planDrawing(i)
		}
	}
}

func (c *checker) plan(i int, field string, rule Rule, format string, args ...any) {
	if p := at(c.o.plans, i); !p.spoilt(field) {
		c.add(p.file, p.of(field), "", rule, format, args...)
	}
}

func (c *checker) planPlace(i int) {
	p := &c.m.Plans[i]
	a, ok := c.byID[p.Place]
	if !ok {
		c.plan(i, "place", RulePlanPlace, "plan %q: place %q is no asset of the model%s", p.ID, shorten(p.Place), c.unknownID(p.Place))
		return
	}
	switch kind := c.m.Assets[a].Kind; kind {
	case Site, Building, Floor:
	default:
		c.plan(i, "place", RulePlanPlace, "plan %q: place %q is a %s; want a site, building or floor", p.ID, p.Place, kind)
	}
}

func (c *checker) planFile(i int, files map[string]bool) bool {
	p := &c.m.Plans[i]
	if !fs.ValidPath(p.File) || strings.Contains(p.File, `\`) || strings.ContainsFunc(p.File, badRune) ||
		!strings.EqualFold(path.Ext(p.File), ".svg") {
		c.plan(i, "file", RulePlanFile, "plan %q: file %q; want the path of an .svg inside the folder, such as plans/a-1.svg", p.ID, shorten(p.File))
		return false
	}
	if files[p.File] {
		c.plan(i, "file", RulePlanFile, "plan %q: file %q is another plan's", p.ID, p.File)
		return false
	}
	files[p.File] = true
	return true
}

func (c *checker) planDrawing(i int) {
	p := &c.m.Plans[i]
	if p.SVG == nil {
		if !c.o.drawn {
			c.plan(i, "file", RulePlanFile, "plan %q has no drawing; import the folder or zip that holds %s", p.ID, p.File)
		}
		return // the loader said why
	}
	drawn := readDrawing(p.SVG)
	for _, f := range drawn.faults {
		c.add(p.File, f.line, "", f.rule, "plan %q: %s", p.ID, f.text)
	}
	for _, s := range drawn.shapes {
		if _, ok := c.byID[s.asset]; !ok {
			c.add(p.File, s.line, s.asset, RulePlanAsset, "plan %q: data-asset %q is no asset of the model%s", p.ID, shorten(s.asset), c.unknownID(s.asset))
		}
	}
}
