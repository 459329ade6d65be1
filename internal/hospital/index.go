package hospital

import "warder/internal/flow"

// edges keeps dependencies grouped by one of their ends: those of asset i are
// list[start[i]:start[i+1]].
type edges struct {
	start []int32
	list  []Dependency
}

func (e edges) of(i int32) []Dependency {
	return e.list[e.start[i]:e.start[i+1]:e.start[i+1]]
}

// contents keeps the ids of what is inside each place, grouped like edges.
type contents struct {
	start []int32
	ids   []string
}

func (c contents) of(i int32) []string {
	return c.ids[c.start[i]:c.start[i+1]:c.start[i+1]]
}

// link is a dependency with the indexes of its ends, before it is grouped.
type link struct {
	from, to int32
	dep      Dependency
}

// group sorts links by one end, keeping their order otherwise (counting sort).
func group(n int, links []link, end func(*link) int32) edges {
	start := make([]int32, n+1)
	for i := range links {
		start[end(&links[i])+1]++
	}
	for i := 1; i <= n; i++ {
		start[i] += start[i-1]
	}
	list := make([]Dependency, len(links))
	next := append([]int32(nil), start[:n]...)
	for i := range links {
		at := end(&links[i])
		list[next[at]] = links[i].dep
		next[at]++
	}
	return edges{start: start, list: list}
}

// linksOf lists what the model states, both ways expanded, and what its places imply.
func linksOf(m *Model, byID map[string]int32) []link {
	links := make([]link, 0, 2*len(m.Dependencies)+2*len(m.Assets))
	stated := make(map[[2]int32]bool)
	for _, d := range m.Dependencies {
		from, to := byID[d.From], byID[d.To]
		both := d.BothWays
		// The model's own strings, so that an edge costs no copy of an id.
		d.From, d.To, d.BothWays = m.Assets[from].ID, m.Assets[to].ID, false
		links = append(links, link{from, to, d})
		if both {
			d.From, d.To = d.To, d.From
			links = append(links, link{to, from, d})
		}
		if d.Relation == Hosts || d.Relation == PartOf {
			stated[[2]int32{from, to}] = true
		}
	}
	for i := range m.Assets {
		links = appendImplied(links, m, byID, int32(i), stated)
	}
	return links
}

func appendImplied(links []link, m *Model, byID map[string]int32, i int32, stated map[[2]int32]bool) []link {
	a := &m.Assets[i]
	if a.Place == "" {
		return links
	}
	p := byID[a.Place]
	place := &m.Assets[p]
	if !stated[[2]int32{p, i}] {
		links = append(links, link{p, i, Dependency{From: place.ID, To: a.ID, Relation: Hosts, Likelihood: 1, Need: 1}})
	}
	if a.Kind.Place() && place.Kind.Place() && !stated[[2]int32{i, p}] {
		links = append(links, link{i, p, Dependency{From: a.ID, To: place.ID, Relation: PartOf, Likelihood: 1, Need: 1}})
	}
	return links
}

func contentsOf(m *Model, byID map[string]int32) contents {
	n := len(m.Assets)
	start := make([]int32, n+1)
	for i := range m.Assets {
		if p, ok := byID[m.Assets[i].Place]; ok {
			start[p+1]++
		}
	}
	for i := 1; i <= n; i++ {
		start[i] += start[i-1]
	}
	ids := make([]string, start[n])
	next := append([]int32(nil), start[:n]...)
	for i := range m.Assets {
		if p, ok := byID[m.Assets[i].Place]; ok {
			ids[next[p]] = m.Assets[i].ID
			next[p]++
		}
	}
	return contents{start: start, ids: ids}
}

// levelOf finds for every asset the nearest asset of a kind that it is or is in.
func levelOf(m *Model, byID map[string]int32, kind Kind) []int32 {
	const unknown = int32(-2)
	level := make([]int32, len(m.Assets))
	for i := range level {
		level[i] = unknown
	}
	var trail []int32
	for i := range m.Assets {
		found, at := none, int32(i)
		trail = trail[:0]
		for {
			if level[at] != unknown {
				found = level[at]
				break
			}
			trail = append(trail, at)
			if m.Assets[at].Kind == kind {
				found = at
				break
			}
			p, ok := byID[m.Assets[at].Place]
			if !ok {
				break
			}
			at = p
		}
		for _, t := range trail {
			level[t] = found
		}
	}
	return level
}

// identifiersOf indexes every way by which systems name the assets.
func identifiersOf(m *Model) map[flow.Identifier]int32 {
	known := make(map[flow.Identifier]int32, 2*len(m.Assets))
	for i := range m.Assets {
		a := &m.Assets[i]
		known[Canonical(flow.Identifier{Kind: flow.ByID, Value: a.ID})] = int32(i)
		for _, id := range a.Identifiers {
			known[Canonical(id)] = int32(i)
		}
	}
	return known
}
