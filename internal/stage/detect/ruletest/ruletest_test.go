package ruletest

import (
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
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

func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("hits: [{events: [{original: {a: 2026-01-01, b: [1e3, 0x10]}}]}]\nsilences: [{events: [&a {b: *a}]}]")
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
