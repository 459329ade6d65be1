package hospital_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/hospital"
)

func mustBuild(t testing.TB, m *hospital.Model) *hospital.Snapshot {
	t.Helper()
	s, problems := hospital.Build(m)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		kind     flow.IdentifierKind
		in, want string
	}{
		{flow.ByMAC, "00-1B-21-3A-4F-10", "001b213a4f10"},
		{flow.ByMAC, "001b.213a.4f10", "001b213a4f10"},
		{flow.ByMAC, "00:11:22:33:44:55:66:77", "0011223344556677"},
		{flow.ByMAC, "Not A MAC", "not a mac"},
		{flow.ByIP, "::FFFF:10.0.0.1", "10.0.0.1"},
		{flow.ByIP, "2001:DB8:0::1", "2001:db8::1"},
		{flow.ByIP, "fe80::1%eth0", "fe80::1"},
		{flow.ByIP, "10.20.4.7/20", "10.20.0.0/20"},
		{flow.ByIP, "unknown", "unknown"},
		{flow.ByHostname, " SRV-Schedule ", "srv-schedule"},
		{flow.ByDoor, "D-É1", "d-é1"},
	} {
		got := hospital.Canonical(flow.Identifier{Kind: c.kind, Value: c.in})
		if got.Value != c.want || got.Kind != c.kind {
			t.Errorf("%s %q is %v, want %q", c.kind, c.in, got, c.want)
		}
	}
}

func TestCanonicalIsStable(t *testing.T) {
	kinds := []flow.IdentifierKind{flow.ByID, flow.ByIP, flow.ByMAC, flow.ByHostname, flow.ByReader}
	rapid.Check(t, func(t *rapid.T) {
		id := flow.Identifier{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Value: rapid.String().Draw(t, "value")}
		once := hospital.Canonical(id)
		if twice := hospital.Canonical(once); twice != once {
			t.Errorf("%q becomes %q, then %q", id.Value, once.Value, twice.Value)
		}
	})
}

// TestSnapshotAgreesWithItsModel compares every index with a plain search.
func TestSnapshotAgreesWithItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := hospital.Generate(hospital.GenerateOptions{Beds: rapid.IntRange(1, 30).Draw(t, "beds"), Sites: 2, Seed: rapid.Int64().Draw(t, "seed")})
		s, problems := hospital.Build(m)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for range 20 {
			checkAsset(t, s, m.Assets[rapid.IntRange(0, len(m.Assets)-1).Draw(t, "asset")])
		}
		checkEdges(t, s, m)
	})
}

func checkAsset(t *rapid.T, s *hospital.Snapshot, want hospital.Asset) {
	got, ok := s.Asset(want.ID)
	if !ok || got.ID != want.ID || s.PlaceOf(want.ID) != want.Place {
		t.Fatalf("asset %s is %v in %s", want.ID, got, s.PlaceOf(want.ID))
	}
	for _, id := range append(want.Identifiers, flow.Identifier{Kind: flow.ByID, Value: want.ID}) {
		id.Value = strings.ToUpper(id.Value)
		if a, ok := s.Resolve(id); !ok || a.ID != want.ID {
			t.Errorf("%v resolves to %v, want %s", id, a, want.ID)
		}
	}
	if want.Place != "" && !slices.Contains(s.Within(want.Place), want.ID) {
		t.Errorf("%s is not within %s", want.ID, want.Place)
	}
	levels := map[hospital.Kind]string{
		hospital.Site: s.SiteOf(want.ID), hospital.Building: s.BuildingOf(want.ID),
		hospital.Floor: s.FloorOf(want.ID), hospital.Room: s.RoomOf(want.ID),
	}
	for kind, got := range levels {
		found := ""
		for a := &want; a != nil && found == ""; a, _ = s.Asset(a.Place) {
			if a.Kind == kind {
				found = a.ID
			}
		}
		if got != found {
			t.Errorf("the %s of %s is %q, want %q", kind, want.ID, got, found)
		}
	}
}

type edge struct {
	from, to string
	relation hospital.Relation
}

// checkEdges makes sure that out and in hold the same: what is stated, both
// ways where it says so, and what places imply.
func checkEdges(t *rapid.T, s *hospital.Snapshot, m *hospital.Model) {
	want := make(map[edge]int)
	for _, d := range m.Dependencies {
		want[edge{d.From, d.To, d.Relation}] = 1
		if d.BothWays {
			want[edge{d.To, d.From, d.Relation}] = 1
		}
	}
	for _, a := range m.Assets {
		if a.Place == "" {
			continue
		}
		want[edge{a.Place, a.ID, hospital.Hosts}] = 1
		if a.Kind.Place() {
			want[edge{a.ID, a.Place, hospital.PartOf}] = 1
		}
	}
	for _, list := range []func(string) []hospital.Dependency{s.Out, s.In} {
		got := make(map[edge]int)
		for _, a := range m.Assets {
			for _, d := range list(a.ID) {
				got[edge{d.From, d.To, d.Relation}]++
				if d.BothWays || d.Likelihood <= 0 || d.Need < 1 || d.From != a.ID && d.To != a.ID {
					t.Fatalf("dependency %+v of %s", d, a.ID)
				}
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d dependencies, want %d", len(got), len(want))
		}
		for e, n := range got {
			if want[e] != n {
				t.Errorf("dependency %v stands %d times, want %d", e, n, want[e])
			}
		}
	}
}

func TestEmptySnapshot(t *testing.T) {
	for name, s := range map[string]*hospital.Snapshot{
		"empty": hospital.Empty(), "holder": new(hospital.Holder).Snapshot(), "built": mustBuild(t, new(hospital.Model)),
	} {
		if !s.Empty() || s.Version() == "" || s.Location().String() != "UTC" || len(s.Assets()) != 0 {
			t.Errorf("%s: %q in %s with %d assets", name, s.Version(), s.Location(), len(s.Assets()))
		}
		if s.Out("x") != nil || s.In("x") != nil || s.Within("x") != nil || s.SiteOf("x") != "" || s.PlaceOf("x") != "" {
			t.Errorf("%s: something is known of nothing", name)
		}
		if _, ok := s.Resolve(flow.Identifier{Kind: flow.ByIP, Value: "10.0.0.1"}); ok {
			t.Errorf("%s: an address resolves", name)
		}
		if _, ok := s.Plan("x"); ok {
			t.Errorf("%s: a plan is there", name)
		}
	}
}

// TestVersionNamesTheContent changes one thing at a time.
func TestVersionNamesTheContent(t *testing.T) {
	version := func(change func(*hospital.Model)) string {
		m := small(1)
		change(m)
		return mustBuild(t, m).Version()
	}
	seen := map[string]string{version(func(*hospital.Model) {}): "nothing"}
	for name, change := range map[string]func(*hospital.Model){
		"name":       func(m *hospital.Model) { m.Name = "Other" },
		"demo":       func(m *hospital.Model) { m.Demo = true },
		"owner":      func(m *hospital.Model) { m.Assets[0].Owner = "x" },
		"tag":        func(m *hospital.Model) { m.Assets[0].Tags = []string{"x"} },
		"attribute":  func(m *hospital.Model) { m.Assets[0].Attributes = map[string]string{"x": ""} },
		"hub":        func(m *hospital.Model) { m.Assets[0].Hub = true },
		"note":       func(m *hospital.Model) { m.Dependencies[0].Note = "x" },
		"likelihood": func(m *hospital.Model) { m.Dependencies[0].Likelihood = 0.5 },
		"order":      func(m *hospital.Model) { slices.Reverse(m.Dependencies) },
	} {
		v := version(change)
		if other, twice := seen[v]; twice {
			t.Errorf("%s and %s give the same version", name, other)
		}
		seen[v] = name
	}
	if m := small(1); mustBuild(t, m).Version() != version(func(m *hospital.Model) { m.Assets[0].Criticality = 5 }) {
		t.Error("the same model gives two versions")
	}
}

func TestHolderSwaps(t *testing.T) {
	first, second := mustBuild(t, small(1)), mustBuild(t, small(2))
	h := hospital.NewHolder(first)
	if h.Snapshot() != first || h.Swap(second) != first || h.Snapshot() != second {
		t.Error("the holder does not hold what it was handed")
	}
}
