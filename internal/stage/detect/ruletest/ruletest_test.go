package ruletest

import (
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

const good = `hits:
  - case: forced
    events:
      - {at: "5m", category: access, action: door.forced, door: D-1, event.site: A, original: {a: [1, x], b: {c: 2}}}
silences:
  - {case: opened, events: [{action: badge.granted, count: 3}]}
`

func TestRead(t *testing.T) {
	cases, err := Read([]byte(good))
	if err != nil || len(cases) != 2 {
		t.Fatal(cases, err)
	}
	hit, silence := cases[0], cases[1]
	if hit.Kind != Hit || hit.Name != "forced" || hit.Line != 2 || !strings.Contains(hit.Text, "door.forced") {
		t.Errorf("got %+v", hit)
	}
	ev := hit.Events[0]
	nested := ev.Original["b"].(map[string]any)["c"]
	if ev.Time.Sub(morning()) != 5*time.Minute || ev.Category != flow.CategoryAccess || ev.Action != "door.forced" || ev.Site != "A" ||
		ev.Attributes["door"] != "D-1" || nested != 2.0 || ev.Original["a"].([]any)[0] != 1.0 {
		t.Errorf("got %+v", ev)
	}
	if silence.Kind != Silence || silence.Events[0].Attributes["count"] != "3" || silence.Events[0].Category != flow.CategoryOther {
		t.Errorf("got %+v", silence)
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "at least one hit and one silence",
		"hits: [{events: []}]": "at least one hit and one silence",
		"hits: {":              "read the tests",
		"hit: []":              "field hit not found",
		"hits: [x]\nsilences: [{events: [{a: 1}]}]":                                    "line 1: want a case",
		"hits:\n- case: x\nsilences: [{events: [{a: 1}]}]":                             "line 2: a case without events",
		"hits:\n- case: x\n  event: []\nsilences: [{events: [{a: 1}]}]":                `line 3: a case has no "event"`,
		"hits:\n- events:\n  - {at: noon}\nsilences: [{events: [{a: 1}]}]":             `line 3: at: "noon" is no duration`,
		"hits:\n- events:\n  - {original: 1}\nsilences: [{events: [{a: 1}]}]":          "line 3: original",
		"hits:\n- events:\n  - {times: many}\nsilences: [{events: [{a: 1}]}]":          "line 3: times: many is no number",
		"hits:\n- events:\n  - {times: 0}\nsilences: [{events: [{a: 1}]}]":             "line 3: times: 0 is no number",
		"hits:\n- events:\n  - {every: often}\nsilences: [{events: [{a: 1}]}]":         `line 3: every: "often" is no duration`,
		"hits:\n- events:\n  - {times: 10001}\nsilences: [{events: [{a: 1}]}]":         "line 3: more than 10000 events",
		"hits:\n- rule: [x]\n  events:\n  - {a: 1}\nsilences: [{events: [{a: 1}]}]":    "line 2",
		"hits:\n- events:\n  - word\nsilences: [{events: [{a: 1}]}]":                   "line 3",
		"hits:\n- {case: [1], events: [{a: 1}]}\nsilences:\n- {events: [{a: 1}]}\n---": "line 2",
	} {
		if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestHold(t *testing.T) {
	cases, err := Read([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	raising := func(ids ...string) Run {
		return func([]flow.Event) (all []Raised) {
			for _, id := range ids {
				all = append(all, Raised{Rule: id, Title: "Title of " + id})
			}
			return all
		}
	}
	for _, c := range []struct {
		at     int
		run    Run
		passed bool
		detail string
	}{
		{0, raising("a", "other"), true, ""},
		{0, raising("other"), false, "raised none"},
		{1, raising("other"), true, ""},
		{1, raising("b"), false, "Title of b (b)"},
	} {
		o := cases[c.at].Hold([]string{"a", "b"}, c.run)
		if o.Passed != c.passed || !strings.Contains(o.Detail, c.detail) || o.Case != &cases[c.at] {
			t.Errorf("%+v: got %+v", c, o)
		}
	}
	if got := Beside("rules/a/b.yml"); got != "rules/a/b.test.yml" {
		t.Error(got)
	}
}

func TestReadRepeats(t *testing.T) {
	cases, err := Read([]byte(`hits:
  - events:
      - {at: 1m, times: 3, every: 10s, door: "D-{n}", original: {id: "{n}", list: ["{n}"]}}
      - {at: 5m, door: "D-{n}"}
silences: [{events: [{a: 1}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	evs := cases[0].Events
	if len(evs) != 4 {
		t.Fatalf("%d events", len(evs))
	}
	third := evs[2]
	if third.Time.Sub(morning()) != 80*time.Second || third.Attributes["door"] != "D-2" || third.Original["id"] != "2" ||
		third.Original["list"].([]any)[0] != "2" || third.Received.Sub(third.Time) != 24*time.Hour || len(third.Attributes) != 1 {
		t.Errorf("got %+v", third)
	}
	if evs[3].Attributes["door"] != "D-0" || evs[3].ID == third.ID {
		t.Errorf("got %+v", evs[3])
	}
}

func TestDirect(t *testing.T) {
	one, two := detect.Rule{ID: "1", Name: "first", Title: "The first"}, detect.Rule{ID: "2", Title: "The second"}
	counted := detect.Rule{ID: "3", Name: "counted", Silent: true}
	hit := func(rule string) Case { return Case{Kind: Hit, Rule: rule, Line: 7} }
	silence := func(rule string) Case { return Case{Kind: Silence, Rule: rule, Line: 9} }
	for _, c := range []struct {
		name  string
		cases []Case
		rules []detect.Rule
		want  string // rules of the cases, or what is in the error
	}{
		{"the only one", []Case{hit(""), silence("")}, []detect.Rule{one, counted}, "1,"},
		{"by name, title and id", []Case{hit("first"), hit("The second"), silence("2")}, []detect.Rule{one, two}, "1,2,2"},
		{"left open", []Case{hit("")}, []detect.Rule{one, two}, "line 7: the file has 2 rules"},
		{"without a hit", []Case{hit("1"), silence("2")}, []detect.Rule{one, two}, `no hit is of the rule "The second"`},
		{"unknown", []Case{hit("1"), silence("x")}, []detect.Rule{one}, `line 9: no rule "x"`},
		{"silent", []Case{hit("counted")}, []detect.Rule{one, counted}, `line 7: no rule "counted"`},
	} {
		var got []string
		err := Direct(c.cases, c.rules)
		for i := range c.cases {
			got = append(got, c.cases[i].Rule)
		}
		if err == nil && strings.Join(got, ",") != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v, want %s", c.name, got, err, c.want)
		}
	}
	of := hit("1")
	if o := of.Hold([]string{"1", "2"}, func([]flow.Event) []Raised { return []Raised{{Rule: "2"}} }); o.Passed {
		t.Error("the alert of another rule passed for this one's")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("hits: [{events: [{original: {a: 2026-01-01, b: [1e3, 0x10]}}]}]\nsilences: [{events: [&a {b: *a}]}]")
	f.Add("hits: [{rule: x, events: [{times: 3, every: 1s, a: 'n{n}', original: {b: ['{n}', {c: '{n}'}]}}]}]\nsilences: [{events: [{a: 1}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := Read([]byte(text))
		if err != nil {
			return
		}
		for i := range cases {
			cases[i].Hold(nil, func([]flow.Event) []Raised { return nil })
		}
	})
}
