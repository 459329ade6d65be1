package hospital

import (
	"slices"
	"strings"
)

func (c *checker) places() {
	holds := make(map[string]bool) // buildings with a part
	for i := range c.m.Assets {
		a := &c.m.Assets[i]
		switch {
		case a.Place != "":
			c.place(i)
		case c.kinds[a.Kind].Placed:
			c.asset(i, "place", RulePlaceMissing, "a %s must have a place: %s", a.Kind, joined(c.kinds[a.Kind].In))
		}
		if a.Kind == Floor || a.Kind == Room || a.Kind == Building {
			holds[a.Place] = true
		}
	}
	c.cycles()
	for i := range c.m.Assets {
		if a := &c.m.Assets[i]; a.Kind == Building && !holds[a.ID] {
			c.asset(i, "kind", RuleBuilding, "the building holds no floor, room or building; add at least one")
		}
	}
}

func (c *checker) place(i int) {
	a := &c.m.Assets[i]
	p, ok := c.byID[a.Place]
	if !ok {
		c.asset(i, "place", RulePlaceExists, "place %q is no asset of the model%s", shorten(a.Place), c.unknownID(a.Place))
		return
	}
	info, ok := c.kinds[a.Kind]
	holder := c.m.Assets[p].Kind
	if _, known := c.kinds[holder]; !ok || !known || slices.Contains(info.In, holder) {
		return // an unknown kind is a problem already
	}
	if len(info.In) == 0 {
		c.asset(i, "place", RulePlaceKind, "a %s stands in no place; remove place %q", a.Kind, a.Place)
		return
	}
	c.asset(i, "place", RulePlaceKind, "a %s cannot be in %q, which is a %s; want %s", a.Kind, a.Place, holder, joined(info.In))
}

// cycles reports each circle of places once, at its first asset.
func (c *checker) cycles() {
	const (
		unseen = iota
		open
		done
	)
	state := make([]byte, len(c.m.Assets))
	for i := range c.m.Assets {
		var trail []int
		at, ok := i, true
		for ok && state[at] == unseen {
			state[at] = open
			trail = append(trail, at)
			at, ok = c.byID[c.m.Assets[at].Place]
		}
		if ok && state[at] == open {
			c.cycle(trail[slices.Index(trail, at):])
		}
		for _, t := range trail {
			state[t] = done
		}
	}
}

func (c *checker) cycle(ring []int) {
	const shown = 8
	names := make([]string, 0, shown+2)
	for _, i := range ring[:min(len(ring), shown)] {
		names = append(names, c.m.Assets[i].ID)
	}
	if len(ring) > shown {
		names = append(names, "...")
	}
	names = append(names, c.m.Assets[ring[0]].ID)
	c.asset(ring[0], "place", RulePlaceCycle, "the place is inside itself: %s", strings.Join(names, " in "))
}
