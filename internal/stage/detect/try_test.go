package detect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store/storetest"
)

func tryDesk(t *testing.T) *desk {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)),
		Rule{ID: "a", Name: "a", Title: "A", Kind: KindEvent}, Rule{ID: "b", Name: "b", Title: "B", Kind: KindEvent},
		Rule{ID: "thrice", Title: "Thrice a", Kind: KindCorrelation}, Rule{ID: "x", Error: "is broken", Line: 7})
	d.current.Load().Ruleset.Correlations = []Correlation{
		{Rule: Rule{ID: "thrice", Title: "Thrice a", Kind: KindCorrelation}, Of: []string{"a"}, Type: EventCount, Window: time.Hour}}
	return d
}

func pastedLines(lines ...string) *tryInput {
	in := &tryInput{}
	in.Body.Events = lines
	return in
}

func TestTryOnPastedEvents(t *testing.T) {
	d := tryDesk(t)
	in := pastedLines("a", "b", "", "unreadable", "a", "c", "a")
	out, err := d.try(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if out.Tried != 6 || out.Unreadable != 1 || out.Matched != 5 || out.Partial || len(out.Matches) != 5 {
		t.Errorf("%+v", out)
	}
	if want := []string{"a 3", "b 1", "thrice 1"}; !slices.Equal(tried(out), want) {
		t.Errorf("%v, want %v", tried(out), want)
	}
	if !slices.Equal(out.PerDay, []HitsDay{{"2026-11-22", 5}}) {
		t.Errorf("per day: %+v", out.PerDay)
	}
	in.Body.Rule, in.Body.Explain = "a", true
	out, err = d.try(t.Context(), in)
	if err != nil || out.Matched != 3 || out.Matches[0].Explanation == nil || !out.Matches[0].Explanation.Matched {
		t.Errorf("%+v, %v", out, err)
	}
	in.Body.Rule = "thrice"
	if out, err = d.try(t.Context(), in); err != nil || out.Matched != 1 || out.Matches[0].Rule != "thrice" {
		t.Errorf("%+v, %v", out, err)
	}
	in.Body.Rule, in.Body.Text = "", "c"
	if out, err = d.try(t.Context(), in); err != nil || !slices.Equal(tried(out), []string{"c 1"}) {
		t.Errorf("%+v, %v", out, err)
	}
	if len(d.alerts.list) != 0 || d.rule(t, "a").Hits != 0 || len(d.looks) != 0 {
		t.Error("a trial left traces")
	}
}

func tried(out *TryResult) (list []string) {
	for _, r := range out.Rules {
		list = append(list, fmt.Sprint(r.ID, " ", r.Hits))
	}
	return list
}

func TestTryOnStoredEvents(t *testing.T) {
	d := tryDesk(t)
	for i := range 100 {
		d.evidence.events = append(d.evidence.events, flow.Event{ID: fmt.Sprint(i), Action: "a", Category: flow.CategoryAccess,
			Time: noon.Add(-time.Duration(i) * time.Hour)})
	}
	in := &tryInput{}
	in.Body.Rule, in.Body.Query, in.Body.From = "a", "action:a", noon.AddDate(0, 0, -5)
	out, err := d.try(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if out.Tried != 100 || out.Matched != 100 || len(out.Matches) != mostMatches || out.Matches[0].Event.ID != "0" || out.Partial {
		t.Errorf("%+v", out)
	}
	days := []HitsDay{{"2026-11-17", 0}, {"2026-11-18", 15}, {"2026-11-19", 24}, {"2026-11-20", 24}, {"2026-11-21", 24}, {"2026-11-22", 13}}
	if !slices.Equal(out.PerDay, days) {
		t.Errorf("per day: %+v", out.PerDay)
	}
	if q := d.evidence.asked[0]; q.Text != "action:a" || !q.To.Equal(noon) || !slices.Equal(d.looks, []string{"events, to try a rule: action:a"}) {
		t.Errorf("asked: %+v, looks %q", q, d.looks)
	}
	in.Body.From = noon.AddDate(-1, 0, 0)
	if _, err := d.try(t.Context(), in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a year: %v", err)
	}
	in.Body.From = time.Time{}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.try(gone, in); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it: %v", err)
	}
}

// A folder is tried as one: each rule that works is told with its days, its first
// and its last hit, and what cannot be loaded with its file and line.
func TestTryAFolder(t *testing.T) {
	d := tryDesk(t)
	for i := range 30 {
		d.evidence.events = append(d.evidence.events, flow.Event{ID: fmt.Sprint(i), Action: string(rune('c' + i%2)), Category: flow.CategoryAccess,
			Time: noon.Add(-time.Duration(i) * time.Hour)})
	}
	in := &tryInput{}
	in.Body.From = noon.AddDate(0, 0, -5)
	in.Body.Files = []RuleFile{{Name: "x/one.yml", Text: "c broken"}, {Name: "two.yml", Text: "d never"}, {Name: "three.yml", Text: "broken"}}
	out, err := d.try(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if out.Tried != 30 || len(d.looks) != 1 || out.Partial || !out.Since.Equal(in.Body.From) || !slices.Equal(tried(out), []string{"c 15", "d 15"}) {
		t.Errorf("%+v, %d looks", out, len(d.looks))
	}
	if want := []RuleProblem{{"three.yml", 1, "is broken"}, {"x/one.yml", 2, "is broken"}}; !slices.Equal(out.Problems, want) {
		t.Errorf("problems: %+v", out.Problems)
	}
	if c := out.Rules[0]; c.Title != "C" || c.Kind != KindEvent || c.Level != "low" || c.Severity != flow.SeverityLow ||
		!c.First.Equal(noon.Add(-28*time.Hour)) || !c.Last.Equal(noon) || !slices.Equal(c.PerDay[len(c.PerDay)-2:], []HitsDay{{"2026-11-21", 8}, {"2026-11-22", 7}}) {
		t.Errorf("%+v", c)
	}
	// Nothing that could be tried: nobody looks at anything.
	in.Body.Files = in.Body.Files[2:]
	if out, err = d.try(t.Context(), in); err != nil || out.Tried != 0 || len(out.Problems) != 1 || len(d.looks) != 1 {
		t.Errorf("%+v, %v, %q", out, err, d.looks)
	}
}

// A trial that met a bound says how far back it got.
func TestHowFarATrialGot(t *testing.T) {
	d := tryDesk(t)
	for i := range mostHits + 10 {
		d.evidence.events = append(d.evidence.events, flow.Event{ID: fmt.Sprint(i), Action: "a", Category: flow.CategoryAccess,
			Time: noon.Add(-time.Duration(i) * time.Second)})
	}
	all, newest := newTrial(d.current.Load(), "", time.UTC), newTrial(d.current.Load(), "a", time.UTC)
	newest.most, all.most = 7, mostHits+20
	in := &tryInput{}
	for _, trial := range []*trial{newest, all} {
		if _, _, err := d.tryStored(t.Context(), trial, in); err != nil {
			t.Fatal(err)
		}
	}
	if out := newest.out; !out.Partial || out.Tried != 7 || !out.Since.Equal(noon.Add(-6*time.Second)) || !out.CountedSince.IsZero() {
		t.Errorf("%+v", out)
	}
	if out := all.out; !out.Partial || out.Tried != mostHits+10 || !out.Since.Equal(noon.AddDate(0, 0, -1)) ||
		!out.CountedSince.Equal(noon.Add(-(mostHits-1)*time.Second)) {
		t.Errorf("tried %d, partial %v, since %v, counted since %v", out.Tried, out.Partial, out.Since, out.CountedSince)
	}
}

// Programs wait for longer than people do, and do not take their places.
func TestProgramsHaveMoreTime(t *testing.T) {
	d := tryDesk(t)
	person, program := d.reach(module.Principal{}), d.reach(module.Principal{Token: true})
	if person.time > time.Minute || program.time < 5*time.Minute || program.events <= person.events || person.places == program.places {
		t.Errorf("%+v, %+v", person, program)
	}
	d.long <- struct{}{}
	if _, err := d.try(module.WithCaller(t.Context(), module.Principal{Token: true}), pastedLines("a")); fault.KindOf(err) != fault.Busy {
		t.Errorf("%v", err)
	}
	if _, err := d.try(t.Context(), pastedLines("a")); err != nil {
		t.Errorf("%v", err)
	}
}

// Files that could be no folder are refused.
func TestFilesThatAreNoFolder(t *testing.T) {
	d := tryDesk(t)
	deep := make([]RuleFile, mostFolders+1)
	for i := range deep {
		deep[i] = RuleFile{Name: fmt.Sprint(i, "/a.yml"), Text: "c"}
	}
	for says, files := range map[string][]RuleFile{
		`"../a.yml"`:      {{Name: "../a.yml", Text: "c"}},
		`"/a.yml"`:        {{Name: "/a.yml", Text: "c"}},
		`"a.yml" in ".."`: {{Folder: "..", Name: "a.yml", Text: "c"}},
		"twice":           {{Folder: "b", Name: "a.yml", Text: "c"}, {Name: "b/a.yml", Text: "d"}},
		"a file and a":    {{Name: "a.yml", Text: "c"}, {Name: "a.yml/b.yml", Text: "d"}},
		"16 MiB":          {{Name: "a.yml", Text: strings.Repeat(" ", mostFileBytes)}, {Name: "b.yml", Text: "c"}},
		"2000 folders":    deep,
		"hold no rule":    {{Name: "a.yml", Text: " "}},
	} {
		in := pastedLines("a")
		in.Body.Files = files
		if _, err := d.try(t.Context(), in); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	in := pastedLines("a")
	in.Body.Files, in.Body.Rule = []RuleFile{{Name: "a.yml", Text: "c"}}, "a"
	if _, err := d.try(t.Context(), in); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a rule that the files have not: %v", err)
	}
	in.Body.Text = "c"
	if _, err := d.try(t.Context(), in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("files and a text: %v", err)
	}
}

// Two trials at a time, and no more.
func TestTrialsAreBounded(t *testing.T) {
	d := tryDesk(t)
	for range mostTrials {
		d.trying <- struct{}{}
	}
	if _, err := d.try(t.Context(), pastedLines("a")); fault.KindOf(err) != fault.Busy {
		t.Errorf("%v", err)
	}
	<-d.trying
	if _, err := d.try(t.Context(), pastedLines("a")); err != nil {
		t.Errorf("%v", err)
	}
}

// Pasted events may be centuries apart.
func TestDaysOfATrialAreBounded(t *testing.T) {
	d := tryDesk(t)
	trial := newTrial(d.current.Load(), "a", time.UTC)
	for i := range 1000 {
		trial.take(&flow.Event{Action: "a", Category: flow.CategoryAccess, Time: noon.AddDate(0, i, 0)})
	}
	if out := trial.finish(time.Time{}, time.Time{}); len(out.PerDay) > mostDays || out.Matched != 1000 {
		t.Errorf("%d days, %d matches", len(out.PerDay), out.Matched)
	}
}

func TestCheckAndWhatCannotBeTried(t *testing.T) {
	d := tryDesk(t)
	in := &checkInput{}
	in.Body.Text = "good broken fine"
	out, err := d.check(t.Context(), in)
	if err != nil || len(out.Rules) != 2 || !slices.Equal(out.Problems, []CheckProblem{{2, "is broken"}}) {
		t.Errorf("%+v, %v", out, err)
	}
	for name, test := range map[string]struct {
		rule, text string
		kind       fault.Kind
		says       string
	}{
		"no such rule":             {"nonsense", "", fault.NotFound, "nonsense"},
		"a broken rule":            {"x", "", fault.Invalid, "is broken"},
		"a broken text":            {"", "good broken", fault.Invalid, "line 2: is broken"},
		"an empty text":            {"", " ", fault.Invalid, "no rule"},
		"a rule the text has not":  {"a", "good", fault.NotFound, "the text has no rule a"},
		"the rule of another text": {"thrice", "good", fault.NotFound, "thrice"},
	} {
		in := pastedLines("a")
		in.Body.Rule, in.Body.Text = test.rule, test.text
		if _, err := d.try(t.Context(), in); fault.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExplain(t *testing.T) {
	d := tryDesk(t)
	d.evidence.events = []flow.Event{{ID: "e", Action: "b"}}
	explain := func(rule, text, id, event string) (*Explanation, error) {
		in := &explainInput{}
		in.Body.Rule, in.Body.Text, in.Body.EventID, in.Body.Event = rule, text, id, event
		return d.explain(t.Context(), in)
	}
	if x, err := explain("b", "", "e", ""); err != nil || !x.Matched || !slices.Equal(d.looks, []string{"event e"}) {
		t.Errorf("%+v, %v, %q", x, err, d.looks)
	}
	if x, err := explain("", "c", "", "d"); err != nil || x.Rule != "c" || x.Matched {
		t.Errorf("%+v, %v", x, err)
	}
	for name, err := range map[string]error{
		"no rule":    second(explain("", "", "e", "")),
		"no event":   second(explain("a", "", "", "")),
		"two events": second(explain("a", "", "e", "a")),
		"unreadable": second(explain("a", "", "", "unreadable")),
	} {
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := explain("a", "", "nonsense", ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown event: %v", err)
	}
}

func second(_ *Explanation, err error) error { return err }

func TestFormatsAreGuessed(t *testing.T) {
	for line, want := range map[string]flow.Format{
		"<34>1 2026-11-22T08:00:00Z host app - - - hello": flow.FormatSyslog,
		` {"EventID": 1}`: flow.FormatJSON,
		`{"timestamp":"2026-11-22T08:00:00Z","event_type":"alert"}`: flow.FormatSuricata,
	} {
		if got := guess(line); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
}
