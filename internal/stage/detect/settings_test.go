package detect

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// seen is an event that rule a met.
func seen(attributes map[string]string, original map[string]any) *flow.Event {
	return &flow.Event{ID: "w.1.0", Time: noon, Received: noon, Attributes: attributes, Original: original}
}

func TestConditions(t *testing.T) {
	ev := seen(map[string]string{"user.name": "J.Martin", "source.ip": "10.20.3.4", "source6": "2001:db8::7", "mapped": "::ffff:10.20.3.4"},
		map[string]any{"CommandLine": `C:\Tools\BACKUP.exe /all`, "n": 5.0, "yes": true, "null": nil,
			"list": []any{"one", "Two"}, "deep": map[string]any{"er": "x"}})
	for _, test := range []struct {
		field string
		op    Op
		value string
		want  bool
	}{
		{"user.name", OpIs, "j.martin", true},
		{"user.name", OpIs, "j.martins", false},
		{"user.name", OpContains, "MART", true},
		{"user.name", OpStartsWith, "j.", true},
		{"user.name", OpStartsWith, "martin", false},
		{"user.name", OpEndsWith, "MARTIN", true},
		{"CommandLine", OpContains, `\backup.exe `, true},
		{"n", OpIs, "5", true},
		{"yes", OpIs, "true", true},
		{"null", OpContains, "n", false},
		{"absent", OpContains, "a", false},
		{"list", OpIs, "two", true},
		{"list", OpIs, "three", false},
		{"deep", OpContains, "x", false},
		{"deep.er", OpIs, "X", true},
		{"source.ip", OpCIDR, "10.20.0.0/16", true},
		{"source.ip", OpCIDR, "10.20.3.4", true},
		{"source.ip", OpCIDR, "10.21.0.0/16", false},
		{"source6", OpCIDR, "2001:db8::/32", true},
		{"mapped", OpCIDR, "10.20.0.0/16", true},
		{"user.name", OpCIDR, "0.0.0.0/0", false},
	} {
		x, err := newExcepting(Exception{When: []ExceptionPart{{test.field, test.op, test.value}}, Until: noon.Add(1)}, nil, false, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.covers(ev, ev.Scopes()); got != test.want {
			t.Errorf("%s %s %q: %v", test.field, test.op, test.value, got)
		}
	}
}

func TestWrongExceptionsAreRefused(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a", Title: "A"})
	good := []ExceptionPart{{"f", OpIs, "v"}}
	for name, test := range map[string]struct {
		when  []ExceptionPart
		why   string
		until time.Time
	}{
		"no condition":        {nil, "w", noon.Add(time.Hour)},
		"too many conditions": {slices.Repeat(good, mostConditions+1), "w", noon.Add(time.Hour)},
		"no reason":           {good, " \n", noon.Add(time.Hour)},
		"a long reason":       {good, strings.Repeat("w", mostWhy+1), noon.Add(time.Hour)},
		"in the past":         {good, "w", noon},
		"no end":              {good, "w", time.Time{}},
		"for ever":            {good, "w", noon.Add(longestException + time.Second)},
		"no field":            {[]ExceptionPart{{"", OpIs, "v"}}, "w", noon.Add(time.Hour)},
		"no value":            {[]ExceptionPart{{"f", OpContains, ""}}, "w", noon.Add(time.Hour)},
		"a long value":        {[]ExceptionPart{{"f", OpIs, strings.Repeat("v", mostValue+1)}}, "w", noon.Add(time.Hour)},
		"no network":          {[]ExceptionPart{{"f", OpCIDR, "10.0.0.0/33"}}, "w", noon.Add(time.Hour)},
		"a zone":              {[]ExceptionPart{{"f", OpCIDR, "fe80::1%eth0"}}, "w", noon.Add(time.Hour)},
		"an unknown operator": {[]ExceptionPart{{"f", "re", "v"}}, "w", noon.Add(time.Hour)},
	} {
		if _, err := d.except(by("kim"), &Rule{ID: "a"}, test.when, test.why, test.until); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Conditions hold together, ignore case, and never panic on what senders write.
func TestConditionsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(1, 20, 200).Draw(t, "value")
		part := rapid.SampledFrom([]Op{OpIs, OpContains, OpStartsWith, OpEndsWith}).Draw(t, "op")
		ev := seen(map[string]string{"a": value, "b": rapid.String().Draw(t, "other")}, nil)
		one := ExceptionPart{"a", part, value}
		x, err := newExcepting(Exception{When: []ExceptionPart{one}, Until: noon.Add(1)}, nil, false, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !x.covers(ev, nil) {
			t.Fatalf("%q %s itself does not hold", value, part)
		}
		two := ExceptionPart{"b", rapid.SampledFrom([]Op{OpIs, OpContains, OpCIDR}).Draw(t, "second"), "192.0.2.1"}
		second, err := newExcepting(Exception{When: []ExceptionPart{two}, Until: noon.Add(1)}, nil, false, 0)
		if err != nil {
			t.Fatal(err)
		}
		both, err := newExcepting(Exception{When: []ExceptionPart{one, two}, Until: noon.Add(1)}, nil, false, 0)
		if err != nil {
			t.Fatal(err)
		}
		if both.covers(ev, nil) != second.covers(ev, nil) {
			t.Fatal("two conditions are not both")
		}
	})
}

// What is decided holds at once, survives a restart, and is in the audit and on
// the stream with who and why.
func TestDecisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A", Kind: KindEvent, Severity: flow.SeverityLow}, {ID: "b", Title: "B", Kind: KindEvent}}
		d := newDesk(t, s, rules...)
		ev := seen(map[string]string{"user.name": "backup"}, nil)
		judge := func(d *desk, rule int) (flow.Severity, bool) {
			r, keep := d.settings.Judge(Match{Rule: &rules[rule], Alert: true}, ev)
			return r.Severity, keep
		}
		if _, err := d.setRule(by("kim"), setting("a", false, flow.SeverityCritical, "it matters here")); err != nil {
			t.Fatal(err)
		}
		if severity, keep := judge(d, 0); severity != flow.SeverityCritical || !keep || rules[0].Severity != flow.SeverityLow {
			t.Errorf("severity %s, kept %v", severity, keep)
		}
		if a := d.rule(t, "a"); a.Level != "low" || a.Severity != "critical" || a.Status != "active" {
			t.Errorf("%+v", a)
		}
		if _, err := d.setRule(by("kim"), setting("a", true, "", "too loud")); err != nil {
			t.Fatal(err)
		}
		x, err := d.except(by("lee"), &rules[1], []ExceptionPart{{"user.name", OpIs, "BACKUP"}}, "the nightly job", noon.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*desk{d, newDesk(t, s, rules...)} {
			if _, keep := judge(d, 0); keep || d.rule(t, "a").Status != "off" {
				t.Error("a rule that is off finds something")
			}
			if _, keep := judge(d, 1); keep {
				t.Error("what is excepted is kept")
			}
			d.keep(t.Context())
		}
		shown, err := newDesk(t, s, rules...).one(t.Context(), &oneRule{ID: "b"})
		if err != nil || len(shown.Exceptions) != 1 || shown.Exceptions[0].Who != "lee" || shown.Exceptions[0].Hits == 0 ||
			shown.Exceptions[0].State != InForce || shown.Rule.Exceptions != 1 || shown.Rule.Excepted == 0 {
			t.Errorf("%+v, %v", shown, err)
		}
		ev.Received = noon.Add(time.Hour)
		if _, keep := judge(d, 1); !keep {
			t.Error("what has expired still holds")
		}
		d.now = noon.Add(time.Hour)
		if b := d.rule(t, "b"); b.Exceptions != 0 || d.settings.current.Load().list("b", d.now)[0].State != Expired {
			t.Errorf("%+v", b)
		}
		ev.Received = noon
		if _, err := d.unexceptRule(by("kim"), &unexceptInput{oneRule: oneRule{"b"}, Exception: x.ID}); err != nil {
			t.Fatal(err)
		}
		if _, keep := judge(d, 1); !keep || d.settings.current.Load().list("b", d.now)[0].State != Removed {
			t.Error("what was removed still holds")
		}
		if err := d.unexcept(by("kim"), "b", "nonsense"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an unknown exception: %v", err)
		}
		want := []string{"rule.unexcept b kim", "rule.except b lee the nightly job", "rule.set a kim too loud before it matters here", "rule.set a kim it matters here"}
		if lines := audit(t, s); !slices.Equal(lines, want) {
			t.Errorf("the audit says %q", lines)
		}
	})
}

func setting(rule string, off bool, severity flow.Severity, why string) *setInput {
	in := &setInput{oneRule: oneRule{rule}}
	in.Body.Off, in.Body.Severity, in.Body.Why = off, severity, why
	return in
}

func audit(t *testing.T, s *store.Store) (lines []string) {
	t.Helper()
	entries, _, err := s.AuditLog(t.Context(), store.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		line := fmt.Sprintf("%s %s %s", e.Action, e.Subject, e.Name)
		if why, ok := e.Detail["why"].(string); ok && e.Action != "rule.unexcept" {
			line += " " + why
		}
		if before, ok := e.Detail["before"].(map[string]any); ok {
			line += " before " + before["why"].(string)
		}
		lines = append(lines, line)
	}
	return lines
}

// A rule that is gone is still listed for what was set, and can be set again.
func TestSettingsOutliveTheirRule(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, Rule{ID: "a", Title: "A"})
		if _, err := d.setRule(by("kim"), setting("a", true, "", "loud")); err != nil {
			t.Fatal(err)
		}
		d = newDesk(t, s, Rule{ID: "b", Title: "B"})
		if a := d.rule(t, "a"); a.Title != "A" || a.Status != "error" || len(d.statuses()) != 2 {
			t.Errorf("%+v", a)
		}
		if shown, err := d.one(t.Context(), &oneRule{"a"}); err != nil || shown.Setting == nil || shown.Setting.Who != "kim" {
			t.Errorf("%+v, %v", shown, err)
		}
		if _, err := d.setRule(by("kim"), setting("a", false, "", "again")); err != nil {
			t.Error(err)
		}
	})
}

// A foreign system's detections are set as one, or one by one.
func TestForeignFamilies(t *testing.T) {
	rules := []Rule{{ID: "suricata", Title: "Suricata", Kind: KindForeign}}
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), rules...)
	if _, err := d.setRule(by("kim"), setting("suricata", false, flow.SeverityInfo, "w")); err != nil {
		t.Fatal(err)
	}
	found := Rule{ID: "suricata:7", Kind: KindForeign, Severity: flow.SeverityHigh}
	if r, keep := d.settings.Judge(Match{Rule: &found}, seen(nil, nil)); !keep || r.Severity != flow.SeverityInfo || r.ID != "suricata:7" {
		t.Errorf("%+v, %v", r, keep)
	}
	ours := Rule{ID: "suricata:7", Kind: KindEvent, Severity: flow.SeverityHigh}
	if r, _ := d.settings.Judge(Match{Rule: &ours}, seen(nil, nil)); r.Severity != flow.SeverityHigh {
		t.Errorf("a rule that only looks so: %+v", r)
	}
}

// A rule has so many exceptions and no more; those that are over make room.
func TestExceptionsAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, Rule{ID: "a", Title: "A"})
		when := []ExceptionPart{{"f", OpIs, "v"}}
		fill := func(n int, name string, at, removed int64) {
			t.Helper()
			err := s.Space("detect").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				for i := range n {
					if _, err := tx.ExecContext(ctx, `INSERT INTO detect_exception (id, rule, conditions, why, until, by_id, by_name, at, removed, hits)
						VALUES ($1, 'a', '[{"field":"f","op":"is","value":"v"}]', 'w', $2, 'u', 'kim', $3, $4, 0)`,
						fmt.Sprint(name, i), store.Micros(noon.Add(time.Hour)), at+int64(i), removed); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		fill(mostListed+50, "over", 1, 1)
		if _, err := d.except(by("kim"), &Rule{ID: "a"}, when, "w", noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n := len(d.settings.current.Load().exceptions["a"]); n != mostListed {
			t.Errorf("%d exceptions are kept", n)
		}
		fill(mostInForce-1, "force", 1, 0) // older than those that are over, and kept all the same
		if _, err := d.except(by("kim"), &Rule{ID: "a"}, when, "w", noon.Add(time.Hour)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("one too many: %v", err)
		}
		if n := d.rule(t, "a").Exceptions; n != mostInForce {
			t.Errorf("%d are in force", n)
		}
	})
}

// An exception is written as the API and the console read it.
func TestExceptionAsJSON(t *testing.T) {
	b, err := json.Marshal(Exception{ID: "x", Rule: "a", When: []ExceptionPart{{"f", OpIs, "v"}}, Until: noon, At: noon, State: InForce})
	want := `{"id":"x","rule":"a","when":[{"field":"f","op":"is","value":"v"}],"why":"","until":"2026-11-22T12:00:00Z","who":"",` +
		`"at":"2026-11-22T12:00:00Z","hits":0,"state":"in-force"}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}
