package exercise

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"warder/internal/hospital"
	"warder/internal/kit/fault"
)

// Library is a set of scenarios that may include one another.
type Library struct {
	byID map[string]*Scenario
	list []*Scenario // by id
}

// Load reads every *.txtar file of a folder. The error is Problems, of all files.
func Load(fsys fs.FS) (*Library, error) {
	names, err := fs.Glob(fsys, "*.txtar")
	if err != nil {
		return nil, fmt.Errorf("look for scenarios: %w", err)
	}
	l := &Library{byID: map[string]*Scenario{}}
	var problems Problems
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, Problem{File: name, Text: err.Error()})
			continue
		}
		s, err := Parse(name, data)
		if found := (Problems)(nil); errors.As(err, &found) {
			problems = append(problems, found...)
			continue
		}
		l.byID[s.ID] = s
		l.list = append(l.list, s)
	}
	slices.SortFunc(l.list, func(a, b *Scenario) int { return cmp.Compare(a.ID, b.ID) })
	problems = append(problems, l.includes()...)
	return l, problems.err()
}

// includes checks what scenarios say of each other. What is included is a time
// line and no more, so there is no depth and no cycle.
func (l *Library) includes() (problems Problems) {
	for _, s := range l.list {
		for _, in := range s.Include {
			other := l.byID[in.Scenario]
			text := ""
			switch {
			case other == nil:
				text = fmt.Sprintf("scenario %q, which is included, is not there or has mistakes", in.Scenario)
			case len(other.Include) > 0, other.Noise != nil, other.Overlay != nil:
				text = fmt.Sprintf("scenario %q cannot be included: only one of a time line without noise, model and includes can", in.Scenario)
			case other.Hospital != s.Hospital:
				text = fmt.Sprintf("scenario %q is for hospital %s, not %s", in.Scenario, other.Hospital, s.Hospital)
			}
			if text != "" {
				problems = append(problems, Problem{File: s.file, Text: text})
			}
		}
	}
	return problems
}

// All lists the scenarios by id.
func (l *Library) All() []*Scenario { return l.list }

// Find returns a scenario with everything that it includes in its time line.
func (l *Library) Find(id string) (*Scenario, error) {
	s := l.byID[id]
	if s == nil {
		return nil, fault.New(fault.NotFound, "there is no scenario %q", id)
	}
	whole := *s
	whole.Timeline = slices.Clone(s.Timeline)
	for _, in := range s.Include {
		for _, r := range l.byID[in.Scenario].Timeline {
			r.At += in.At
			whole.Timeline = append(whole.Timeline, r)
		}
	}
	slices.SortStableFunc(whole.Timeline, func(a, b Record) int { return cmp.Compare(a.At, b.At) })
	return &whole, nil
}

// Unknown lists the assets that the scenario's expectations name and the
// hospital does not have: it was written for another one.
func (s *Scenario) Unknown(snap *hospital.Snapshot) []string {
	return slices.DeleteFunc(s.Expect.named(), func(id string) bool {
		_, known := snap.Asset(id)
		return known
	})
}

// Overlay lays a scenario's own model over a hospital: an asset of an id that is
// there replaces it whole, a dependency of the same from, to and relation
// likewise; others are added. The hospital itself is not changed.
func Overlay(base, over *hospital.Model) *hospital.Model {
	type edge struct {
		from, to string
		relation hospital.Relation
	}
	edgeOf := func(d hospital.Dependency) edge { return edge{d.From, d.To, d.Relation} }
	return &hospital.Model{
		Name: base.Name, TimeZone: base.TimeZone, Demo: base.Demo, Plans: slices.Clone(base.Plans),
		Assets:       replaced(base.Assets, over.Assets, func(a hospital.Asset) string { return a.ID }),
		Dependencies: replaced(base.Dependencies, over.Dependencies, edgeOf),
	}
}

// replaced returns the base with what has the same key in over replaced, in its
// place, and the rest of over behind it.
func replaced[T any, K comparable](base, over []T, key func(T) K) []T {
	at := make(map[K]int, len(base))
	out := slices.Clone(base)
	for i, v := range out {
		at[key(v)] = i
	}
	for _, v := range over {
		if i, there := at[key(v)]; there {
			out[i] = v
			continue
		}
		at[key(v)] = len(out)
		out = append(out, v)
	}
	return out
}
