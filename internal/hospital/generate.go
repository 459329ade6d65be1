package hospital

import (
	"fmt"
	"math/rand/v2"
	"time"

	"warder/internal/flow"
)

// GenerateOptions say how large a made-up hospital is.
type GenerateOptions struct {
	Beds  int   // in all; about five assets come with each. 0 means 100; at most 200,000
	Sites int   // 0 means 1; at most one for every 20 beds
	Seed  int64 // the same options give the same hospital
}

const (
	fewestBeds   = 20 // of a site
	mostBeds     = 200_000
	bedsOfBlock  = 240
	wardsOfFloor = 2
	bedsOfWard   = 28
)

// Check says what Generate would have to make something else of.
func (o GenerateOptions) Check() error {
	switch {
	case o.Beds < fewestBeds || o.Beds > mostBeds:
		return fmt.Errorf("a generated hospital has %d to %d beds, not %d", fewestBeds, mostBeds, o.Beds)
	case o.Sites < 1 || o.Sites > o.Beds/fewestBeds:
		return fmt.Errorf("%d beds make 1 to %d sites (%d beds each at least), not %d", o.Beds, o.Beds/fewestBeds, fewestBeds, o.Sites)
	}
	return nil
}

// Generate makes up a plausible hospital of any size, for tests and
// measurements: sites of buildings, floors, wards and what they rest on. It is
// always valid and the same for the same options.
func Generate(o GenerateOptions) *Model {
	if o.Beds <= 0 {
		o.Beds = 100
	}
	o.Beds = min(o.Beds, mostBeds)
	o.Sites = max(1, min(o.Sites, o.Beds/fewestBeds))
	g := &generator{
		rng: rand.New(rand.NewPCG(uint64(o.Seed), 0x776172646572)),
		m:   &Model{Name: fmt.Sprintf("Generated hospital of %d beds", o.Beds), TimeZone: "Europe/Paris"},
	}
	for n := range o.Sites {
		beds := o.Beds / o.Sites
		if n < o.Beds%o.Sites {
			beds++
		}
		g.campus(n+1, beds)
	}
	return normal(g.m)
}

// generator gathers a model. Its methods that add an asset return its id.
type generator struct {
	rng    *rand.Rand
	m      *Model
	nets   uint32 // address blocks given out
	macs   uint64
	serial int
}

func (g *generator) add(a Asset) string {
	g.m.Assets = append(g.m.Assets, a)
	return a.ID
}

func (g *generator) simple(id string, kind Kind, name, place string, criticality int) string {
	return g.add(Asset{ID: id, Kind: kind, Name: name, Place: place, Criticality: criticality})
}

func (g *generator) link(from, to string, relation Relation) {
	g.m.Dependencies = append(g.m.Dependencies, Dependency{From: from, To: to, Relation: relation})
}

// supply adds a supply that its taker can do without for a while.
func (g *generator) supply(from, to string, autonomy time.Duration) {
	g.m.Dependencies = append(g.m.Dependencies, Dependency{From: from, To: to, Relation: Supplies, Autonomy: autonomy})
}

// redundant adds suppliers of which need must hold.
func (g *generator) redundant(to, group string, need int, autonomy time.Duration, from ...string) {
	for _, f := range from {
		g.m.Dependencies = append(g.m.Dependencies, Dependency{
			From: f, To: to, Relation: Supplies, Group: group, Need: need, Autonomy: autonomy})
	}
}

// open joins two places that people walk between.
func (g *generator) open(from, to string) {
	g.m.Dependencies = append(g.m.Dependencies, Dependency{From: from, To: to, Relation: LeadsTo, BothWays: true})
}

func (g *generator) pick(words ...string) string { return words[g.rng.IntN(len(words))] }

// chance is true in so many of a hundred cases.
func (g *generator) chance(percent int) bool { return g.rng.IntN(100) < percent }

func (g *generator) mac() flow.Identifier {
	g.macs++
	n := g.macs
	return flow.Identifier{Kind: flow.ByMAC, Value: fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x",
		byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))}
}

func (g *generator) serialNumber() flow.Identifier {
	g.serial++
	return flow.Identifier{Kind: flow.BySerial, Value: fmt.Sprintf("GEN-%07d", g.serial)}
}

// segment is a network and the addresses that it gives out.
type segment struct {
	id   string
	base uint32
	used uint32
}

const (
	privateNet  = 10 << 24 // 10.0.0.0/8
	segmentBits = 12       // a /20: 4,094 hosts
)

func (g *generator) segment(id, name, place string) *segment {
	s := &segment{id: id, base: privateNet + g.nets<<segmentBits}
	g.nets++
	g.add(Asset{ID: id, Kind: Network, Name: name, Place: place, Criticality: 4, Hub: true,
		Identifiers: []flow.Identifier{{Kind: flow.ByIP, Value: dotted(s.base) + "/20"}}})
	return s
}

func (s *segment) address() flow.Identifier {
	s.used++
	return flow.Identifier{Kind: flow.ByIP, Value: dotted(s.base + s.used)}
}

func dotted(ip uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", byte(ip>>24), byte(ip>>16), byte(ip>>8), byte(ip))
}
