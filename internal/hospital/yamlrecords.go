package hospital

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
)

func assetKeys() []string {
	return []string{"id", "kind", "name", "place", "criticality", "owner", "hub", "tags", "beds",
		"identifiers", "attributes", "protections"}
}

func dependencyKeys() []string {
	return []string{"from", "to", "relation", "both_ways", "group", "need", "autonomy", "likelihood", "note"}
}

func planKeys() []string { return []string{"id", "name", "place", "file"} }

// spot is the position of a record that is being read.
func (f *yamlFile) spot(n *yaml.Node) position { return position{file: f.name, line: n.Line} }

// mark remembers the line of a field that stands on a line of its own.
func (p *position) mark(field string, line int) {
	if line == p.line {
		return
	}
	if p.fields == nil {
		p.fields = make(map[string]int)
	}
	p.fields[field] = line
}

// markEach is mark for one entry of a field that is a list.
func (p *position) markEach(field string, i, line int) {
	if line != p.line {
		p.mark(entry(field, i), line)
	}
}

func entry(field string, i int) string { return field + "." + strconv.Itoa(i) }

func (f *yamlFile) asset(n *yaml.Node) {
	if !f.room("assets", f.name, n.Line) {
		return
	}
	var a Asset
	where := f.spot(n)
	where.spoil(f.table(n, "asset", f.keys.asset, func(key string, v *yaml.Node) {
		where.mark(key, v.Line)
		f.assetField(&a, &where, key, v)
	}))
	f.addAsset(a, where)
}

func (f *yamlFile) assetField(a *Asset, where *position, key string, v *yaml.Node) {
	switch key {
	case "id":
		a.ID = f.text(v, key)
	case "kind":
		a.Kind = Kind(f.text(v, key))
	case "name":
		a.Name = f.text(v, key)
	case "place":
		a.Place = f.text(v, key)
	case "criticality":
		a.Criticality = f.counted(v, key)
	case "owner":
		a.Owner = f.text(v, key)
	case "hub":
		a.Hub = f.truth(v, key)
	case "tags":
		a.Tags = f.texts(v, key)
	case "beds":
		a.Beds = f.number(v, key)
	case "identifiers":
		f.pairs(v, key, func(k, v *yaml.Node) {
			for _, value := range f.texts(v, k.Value) {
				where.markEach(key, len(a.Identifiers), k.Line)
				a.Identifiers = append(a.Identifiers, flow.Identifier{Kind: flow.IdentifierKind(k.Value), Value: value})
			}
		})
	case "attributes":
		f.pairs(v, key, func(k, v *yaml.Node) {
			if a.Attributes == nil {
				a.Attributes = make(map[string]string)
			}
			a.Attributes[k.Value] = f.text(v, k.Value)
		})
	case "protections":
		f.each(v, key, func(e *yaml.Node) {
			where.markEach(key, len(a.Protections), e.Line)
			a.Protections = append(a.Protections, f.protection(e))
		})
	}
}

func (f *yamlFile) protection(n *yaml.Node) (p Protection) {
	keys := []string{"against", "degree", "by", "note"}
	f.table(n, "protection", keys, func(key string, v *yaml.Node) {
		switch key {
		case "against":
			p.Against = flow.Threat(f.text(v, key))
		case "degree":
			p.Degree = f.real(v, key)
		case "by":
			p.By = f.texts(v, key)
		case "note":
			p.Note = f.text(v, key)
		}
	})
	return p
}

func (f *yamlFile) dependency(n *yaml.Node) {
	if !f.room("dependencies", f.name, n.Line) {
		return
	}
	var d Dependency
	where := f.spot(n)
	where.spoil(f.table(n, "dependency", f.keys.dependency, func(key string, v *yaml.Node) {
		where.mark(key, v.Line)
		f.dependencyField(&d, key, v)
	}))
	f.addDependency(d, where)
}

func (f *yamlFile) dependencyField(d *Dependency, key string, v *yaml.Node) {
	switch key {
	case "from":
		d.From = f.text(v, key)
	case "to":
		d.To = f.text(v, key)
	case "relation":
		d.Relation = Relation(f.text(v, key))
	case "both_ways":
		d.BothWays = f.truth(v, key)
	case "group":
		d.Group = f.text(v, key)
	case "need":
		d.Need = f.counted(v, key)
	case "autonomy":
		d.Autonomy = f.duration(v, key)
	case "likelihood":
		if d.Likelihood = f.real(v, key); d.Likelihood == 0 && parsesAsZero(v.Value) {
			d.Likelihood = outOfRange
		}
	case "note":
		d.Note = f.text(v, key)
	}
}

func (f *yamlFile) plan(n *yaml.Node) {
	if !f.room("plans", f.name, n.Line) {
		return
	}
	var p Plan
	where := f.spot(n)
	where.spoil(f.table(n, "plan", f.keys.plan, func(key string, v *yaml.Node) {
		where.mark(key, v.Line)
		switch key {
		case "id":
			p.ID = f.text(v, key)
		case "name":
			p.Name = f.text(v, key)
		case "place":
			p.Place = f.text(v, key)
		case "file":
			p.File = f.text(v, key)
		}
	}))
	f.addPlan(p, where)
}
