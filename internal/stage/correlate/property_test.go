package correlate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// drawStory draws alerts of one story in a room of its own: they share its
// computer or its person, and all lie inside one window.
func drawStory(t *rapid.T, story, room int, threats []flow.Threat) []flow.Alert {
	var out []flow.Alert
	for i := range rapid.IntRange(1, 6).Draw(t, "alerts") {
		ref := rapid.SampledFrom([]string{fmt.Sprintf("pc-%d", room), fmt.Sprintf("@user:person-%d", story)}).Draw(t, "shares")
		a := alert(fmt.Sprintf("s%d-%d", story, i), rapid.SampledFrom(threats).Draw(t, "threat"), flow.SeverityMedium,
			time.Duration(rapid.IntRange(0, 100).Draw(t, "minute"))*time.Minute, ref, fmt.Sprintf("place:room-%d", room))
		// One thing is common to all, so that any two alerts are the same story.
		a.Actors = append(a.Actors, fmt.Sprintf("badge:B%d", story))
		// What everybody shares must not matter.
		a.Assets = append(a.Assets, flow.AssetRef{ID: "switch", Role: flow.RoleOrigin}, flow.AssetRef{ID: "panel", Role: flow.RoleObserver},
			flow.AssetRef{ID: "floor", Role: flow.RolePlace})
		a.Actors = append(a.Actors, "user:root")
		out = append(out, a)
	}
	return out
}

func drawStories(t *rapid.T) [][]flow.Alert {
	var stories [][]flow.Alert
	for i := range rapid.IntRange(1, 5).Draw(t, "stories") {
		stories = append(stories, drawStory(t, i, 4*i, []flow.Threat{flow.ThreatFire, flow.ThreatScan, flow.ThreatTheft}))
	}
	return stories
}

func shuffled(t *rapid.T, stories [][]flow.Alert) []flow.Alert {
	var all []flow.Alert
	for _, s := range stories {
		all = append(all, s...)
	}
	return rapid.Permutation(all).Draw(t, "order")
}

// TestOrderDoesNotMatter finds the same stories, with the same sum, in whatever
// order their alerts arrive.
func TestOrderDoesNotMatter(t *testing.T) {
	s := corridor(t, 20)
	rapid.Check(t, func(t *rapid.T) {
		stories := drawStories(t)
		var want []string
		for _, story := range stories {
			want = append(want, feedRapid(t, s, Limits{}, story).partition())
		}
		b := feedRapid(t, s, Limits{}, shuffled(t, stories))
		if got := b.partition(); got != strings.Join(want, " | ") {
			t.Fatalf("got %s, want %s", got, strings.Join(want, " | "))
		}
		again := feedRapid(t, s, Limits{}, shuffled(t, stories))
		for i, c := range b.incidents() {
			d := again.incidents()[i]
			x, y := c.Incident, d.Incident
			if x.Type != y.Type || x.Severity != y.Severity || x.Place != y.Place || x.Alerts != y.Alerts || fmt.Sprint(x.Assets) != fmt.Sprint(y.Assets) {
				t.Fatalf("the sums differ:\n%+v\n%+v", x, y)
			}
		}
	})
}

func feedRapid(t *rapid.T, s *hospital.Snapshot, l Limits, alerts []flow.Alert) *memory {
	k, b := correlator{limits: l.withDefaults(), model: s, now: noon}, newMemory()
	for _, a := range alerts {
		if err := k.take(t.Context(), b, a); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// TestReplayChangesNothing feeds every alert twice, at random places.
func TestReplayChangesNothing(t *testing.T) {
	s := corridor(t, 20)
	rapid.Check(t, func(t *rapid.T) {
		all := shuffled(t, drawStories(t))
		once := feedRapid(t, s, Limits{}, all)
		twice := append([]flow.Alert{}, all...)
		for i, a := range all {
			at := rapid.IntRange(i+1, len(twice)).Draw(t, "again at")
			twice = append(twice[:at], append([]flow.Alert{a}, twice[at:]...)...)
		}
		b := feedRapid(t, s, Limits{}, twice)
		if b.partition() != once.partition() {
			t.Fatalf("got %s, want %s", b.partition(), once.partition())
		}
		for i, c := range b.incidents() {
			if c.Incident.Alerts != once.incidents()[i].Incident.Alerts {
				t.Fatalf("counted %d alerts, want %d", c.Incident.Alerts, once.incidents()[i].Incident.Alerts)
			}
		}
	})
}

// TestLimitsHold floods one computer for days: no incident outgrows its limits,
// and no alert is lost.
func TestLimitsHold(t *testing.T) {
	s := corridor(t, 3)
	rapid.Check(t, func(t *rapid.T) {
		l := Limits{Size: rapid.IntRange(1, 8).Draw(t, "size"), Age: time.Duration(rapid.IntRange(3, 8).Draw(t, "age")) * time.Hour, Window: 3 * time.Hour}
		var all []flow.Alert
		for i := range rapid.IntRange(1, 40).Draw(t, "alerts") {
			after := time.Duration(rapid.IntRange(0, 40*60).Draw(t, "minute")) * time.Minute
			severity := rapid.SampledFrom([]flow.Severity{flow.SeverityInfo, flow.SeverityLow, flow.SeverityMedium}).Draw(t, "severity")
			all = append(all, alert(fmt.Sprintf("a%02d", i), flow.ThreatScan, severity, after, "pc-1"))
		}
		b := feedRapid(t, s, l, all)
		if len(b.joins) != len(all) {
			t.Fatalf("%d alerts kept of %d", len(b.joins), len(all))
		}
		count := map[string]int{}
		for _, j := range b.joins {
			count[j.Incident]++
		}
		for _, c := range b.incidents() {
			in := c.Incident
			if in.Alerts > l.Size || in.LastAlert.Sub(c.First.Time) > l.Age || count[in.ID] != in.Alerts {
				t.Fatalf("incident of %d alerts (%d kept) over %v, limits %+v", in.Alerts, count[in.ID], in.LastAlert.Sub(c.First.Time), l)
			}
		}
	})
}

// TestHubsNeverJoin throws alerts that share hubs and wide places only.
func TestHubsNeverJoin(t *testing.T) {
	s := corridor(t, 40)
	shared := []string{"switch", "hall", "lan", "floor", "house", "site", "place:hall", "place:floor", "observer:panel", "@user:root", "@user:svc-scan", "@ip:0.0.0.0"}
	rapid.Check(t, func(t *rapid.T) {
		var all []flow.Alert
		for i := range rapid.IntRange(2, 10).Draw(t, "alerts") {
			refs := []string{fmt.Sprintf("pc-%d", 4*i)} // rooms far apart
			refs = append(refs, rapid.SliceOfN(rapid.SampledFrom(shared), 1, 4).Draw(t, "shared")...)
			all = append(all, alert(fmt.Sprintf("a%d", i), flow.ThreatScan, flow.SeverityMedium, 0, refs...))
		}
		if b := feedRapid(t, s, Limits{}, all); len(b.cases) != len(all) {
			t.Fatalf("%d incidents of %d alerts: %s", len(b.cases), len(all), b.partition())
		}
	})
}
