package correlate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// memory is a book in maps, for the tests of the rules.
type memory struct {
	cases  map[string]*Case
	joins  map[string]flow.Join // by alert
	traces map[string]map[string]bool
	free   map[string][]string // keys of waiting alerts
	notes  int
}

var _ book = (*memory)(nil)

func newMemory() *memory {
	return &memory{cases: map[string]*Case{}, joins: map[string]flow.Join{}, traces: map[string]map[string]bool{}, free: map[string][]string{}}
}

func (m *memory) known(_ context.Context, alert string) (bool, error) {
	_, ok := m.joins[alert]
	return ok, nil
}

func (m *memory) sharing(_ context.Context, exercise string, keys []string, from, to time.Time) ([]found, error) {
	var out []found
	for _, id := range slices.Sorted(maps.Keys(m.cases)) {
		c := m.cases[id]
		if !c.Incident.Status.Open() || c.Incident.Exercise != exercise || c.Incident.LastAlert.Before(from) || c.First.Time.After(to) {
			continue
		}
		f := found{c: c}
		for _, k := range keys {
			if m.traces[id][k] {
				f.keys = append(f.keys, k)
			}
		}
		if len(f.keys) > 0 {
			out = append(out, f)
		}
	}
	return out, nil
}

func (m *memory) loose(_ context.Context, exercise string, keys []string, from, to time.Time) ([]flow.Alert, error) {
	var out []flow.Alert
	for id, own := range m.free {
		a := m.joins[id].Alert
		if a.Exercise == exercise && !a.Time.Before(from) && !a.Time.After(to) && len(common(keys, own)) > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b flow.Alert) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func (m *memory) open(_ context.Context, c *Case) error {
	m.cases[c.Incident.ID], m.traces[c.Incident.ID] = c, map[string]bool{}
	return nil
}

func (m *memory) attach(_ context.Context, c *Case, j flow.Join, traces []string) error {
	delete(m.free, j.Alert.ID)
	m.joins[j.Alert.ID] = j
	for _, k := range traces {
		m.traces[c.Incident.ID][k] = true
	}
	return nil
}

func (m *memory) detach(_ context.Context, a flow.Alert, keys []string) error {
	m.joins[a.ID], m.free[a.ID] = flow.Join{Alert: a}, keys
	return nil
}

func (m *memory) merge(_ context.Context, from, into *Case, _ flow.Text) error {
	for id, j := range m.joins {
		if j.Incident == from.Incident.ID {
			j.Incident = into.Incident.ID
			m.joins[id] = j
		}
	}
	maps.Copy(m.traces[into.Incident.ID], m.traces[from.Incident.ID])
	delete(m.cases, from.Incident.ID)
	return nil
}

func (m *memory) resolve(_ context.Context, c *Case, _ flow.Text) error {
	c.Incident.Status = flow.StatusResolved
	return nil
}

func (m *memory) relate(context.Context, *Case, *Case, flow.Text) error {
	m.notes++
	return nil
}

// partition says which alerts are together, in one line.
func (m *memory) partition() string {
	groups := map[string][]string{}
	for id, j := range m.joins {
		groups[j.Incident] = append(groups[j.Incident], id)
	}
	var out []string
	for incident, ids := range groups {
		slices.Sort(ids)
		if incident == "" {
			ids = append([]string{"waiting:"}, ids...)
		}
		out = append(out, strings.Join(ids, " "))
	}
	slices.Sort(out)
	return strings.Join(out, " | ")
}

func (m *memory) incidents() []*Case {
	return slices.SortedFunc(maps.Values(m.cases), func(a, b *Case) int {
		return cmp.Or(a.First.Time.Compare(b.First.Time), cmp.Compare(a.First.Alert, b.First.Alert))
	})
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// corridor is a floor of n rooms, each behind a door on one corridor (a hub),
// each with a computer; rooms next to each other share a wall. All computers
// hang on one switch (a hub) and one network.
func corridor(t testing.TB, n int) *hospital.Snapshot {
	t.Helper()
	m := &hospital.Model{Name: "Test hospital", TimeZone: "UTC", Assets: []hospital.Asset{
		{ID: "site", Kind: hospital.Site, Name: "Site"}, {ID: "house", Kind: hospital.Building, Name: "House", Place: "site"},
		{ID: "floor", Kind: hospital.Floor, Name: "Floor", Place: "house"},
		{ID: "hall", Kind: hospital.Room, Name: "Hall", Place: "floor", Hub: true},
		{ID: "switch", Kind: hospital.Host, Name: "Switch", Place: "hall", Hub: true},
		{ID: "lan", Kind: hospital.Network, Name: "LAN", Place: "site"},
		{ID: "panel", Kind: hospital.Panel, Name: "Fire panel", Place: "hall"},
	}}
	link := func(from, to string, r hospital.Relation) {
		m.Dependencies = append(m.Dependencies, hospital.Dependency{From: from, To: to, Relation: r, BothWays: r == hospital.LeadsTo})
	}
	for i := range n {
		room, door, pc := fmt.Sprintf("room-%d", i), fmt.Sprintf("door-%d", i), fmt.Sprintf("pc-%d", i)
		m.Assets = append(m.Assets,
			hospital.Asset{ID: room, Kind: hospital.Room, Name: strings.ToUpper(room), Place: "floor"},
			hospital.Asset{ID: door, Kind: hospital.Door, Name: door, Place: room},
			hospital.Asset{ID: pc, Kind: hospital.Host, Name: pc, Place: room, Identifiers: []flow.Identifier{{Kind: flow.ByIP, Value: fmt.Sprintf("10.0.0.%d", i+1)}}})
		link("hall", door, hospital.LeadsTo)
		link(door, room, hospital.LeadsTo)
		link("switch", pc, hospital.Supplies)
		link("lan", pc, hospital.Supplies)
		if i > 0 && i%10 != 0 { // a wall of concrete after each ten rooms
			link(fmt.Sprintf("room-%d", i-1), room, hospital.LeadsTo)
		}
	}
	s, problems := hospital.Build(m)
	if len(problems) > 0 {
		t.Fatalf("test model: %v", problems)
	}
	return s
}

// alert makes an alert; refs are "asset" (a target) or "role:asset", and actors
// begin with "@".
func alert(id string, threat flow.Threat, severity flow.Severity, after time.Duration, refs ...string) flow.Alert {
	a := flow.Alert{ID: id, Rule: "rule", Detector: "sigma", Threat: threat, Severity: severity, Time: noon.Add(after), Text: flow.Text{Code: "alert.test"}}
	for _, r := range refs {
		role, asset, ok := strings.Cut(r, ":")
		switch {
		case strings.HasPrefix(r, "@"):
			a.Actors = append(a.Actors, r[1:])
		case ok:
			a.Assets = append(a.Assets, flow.AssetRef{ID: asset, Role: flow.Role(role)})
		default:
			a.Assets = append(a.Assets, flow.AssetRef{ID: r, Role: flow.RoleTarget})
		}
	}
	return a
}

func feed(t testing.TB, s *hospital.Snapshot, l Limits, alerts ...flow.Alert) *memory {
	t.Helper()
	k, b := correlator{limits: l.withDefaults(), model: s, now: noon}, newMemory()
	for _, a := range alerts {
		if err := k.take(context.Background(), b, a); err != nil {
			t.Fatal(err)
		}
	}
	return b
}
