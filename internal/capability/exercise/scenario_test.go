package exercise

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/test/scenario"
)

const whole = `A short story.

In two paragraphs.
-- scenario.yaml --
id: whole
title: {en: "Whole", fr: "Entier"}
hospital: reference
notes: "none"
-- timeline --
# A comment, and an empty line.

0s syslog-udp - <4>{{now3164}} fw kernel: DROP
1s syslog-tcp - <134>1 {{now}} srv app - - [a b="c"] text with  two spaces
1s mqtt frigate/events {"t":{{epoch-90s}}}
2m http webhook/plain {"time":"{{now+1m}}"}
-- noise.yaml --
{profile: quiet-day, seed: 7, hours: 2}
-- model.yaml --
assets:
  - {id: a-x, kind: room, name: "X", place: a-f-e2}
-- expect.yaml --
incidents:
  - type: fire
    place: a-r-1
    severity: high
    alerts: {min: 2, threats: [fire, smoke]}
    domains: [physical]
    joins: [join.first]
    assets: [a-r-1]
    impacts:
      - {asset: a-r-2, threat: fire, within: 30m, likelihood_min: 0.2}
    services: [{service: a-cs, state: lost, within: 1h}]
    barriers: [{to: a-p, threat: scan}]
    plan: fire
max_incidents: 1
silences: [{asset: a-q, threat: fire}]
`

func TestParseWhole(t *testing.T) {
	s, err := Parse("x/whole.txtar", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	one := 1
	want := &Scenario{
		ID: "whole", Title: Title{"Whole", "Entier"}, Hospital: "reference", Notes: "none",
		Story: "A short story.\n\nIn two paragraphs.", file: "x/whole.txtar",
		Timeline: []Record{
			{0, SyslogUDP, "", `<4>{{now3164}} fw kernel: DROP`, 12},
			{time.Second, SyslogTCP, "", `<134>1 {{now}} srv app - - [a b="c"] text with  two spaces`, 13},
			{time.Second, MQTT, "frigate/events", `{"t":{{epoch-90s}}}`, 14},
			{2 * time.Minute, HTTP, "webhook/plain", `{"time":"{{now+1m}}"}`, 15},
		},
		Noise: &Noise{"quiet-day", 7, 2},
		Expect: Expect{
			Incidents: []Expected{{
				Type: "fire", Place: "a-r-1", Severity: "high", Alerts: ExpectedAlerts{2, []flow.Threat{"fire", "smoke"}},
				Domains: []string{"physical"}, Joins: []string{"join.first"}, Assets: []string{"a-r-1"},
				Impacts:  []ExpectedImpact{{"a-r-2", "fire", span(30 * time.Minute), 0.2}},
				Services: []ExpectedService{{"a-cs", "lost", span(time.Hour), 0}},
				Barriers: []ExpectedBarrier{{"", "a-p", "scan"}}, Plan: "fire",
			}},
			MaxIncidents: &one, Silences: []Silence{{"a-q", "fire"}},
		},
	}
	if s.Overlay == nil || len(s.Overlay.Assets) != 1 || s.Overlay.Assets[0].ID != "a-x" {
		t.Errorf("overlay: %+v", s.Overlay)
	}
	s.Overlay = nil
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(Scenario{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.Length() != 2*time.Hour {
		t.Errorf("length: %s", s.Length())
	}
}

// TestEveryMistakeIsTold spoils the whole scenario, one replacement after another.
func TestEveryMistakeIsTold(t *testing.T) {
	for name, c := range map[string]struct{ old, now, want string }{
		"unknown section":    {"-- noise.yaml --", "-- noises.yaml --", `whole.txtar:16: section "noises.yaml" is not known`},
		"second section":     {"-- noise.yaml --", "-- timeline --", "whole.txtar:16: there are two sections timeline"},
		"no header":          {"-- scenario.yaml --\nid: whole\n", "-- expect.yaml --\nid: whole\n", "whole.txtar: there is no section scenario.yaml"},
		"bad yaml":           {"id: whole", "id: [whole", "whole.txtar:"},
		"unknown key":        {"notes:", "note:", "whole.txtar:8: field note is not known here"},
		"wrong type":         {"seed: 7", "seed: seven", "whole.txtar:17: cannot unmarshal"},
		"bad id":             {"id: whole", "id: Whole!", `whole.txtar:5: id "Whole!" must be of`},
		"other id":           {"id: whole", "id: half", `whole.txtar:5: id "half" is not the file's name, "whole"`},
		"no french title":    {`, fr: "Entier"`, "", "whole.txtar:6: a title is needed in en and fr"},
		"no hospital":        {"hospital: reference\n", "", "whole.txtar:5: hospital is missing"},
		"no payload":         {"2m http webhook/plain {\"time\":\"{{now+1m}}\"}", "2m http webhook/plain", "whole.txtar:15: want <offset> <transport> <channel> <payload>"},
		"bad offset":         {"2m http", "2x http", `whole.txtar:15: offset "2x" is no duration`},
		"negative offset":    {"0s syslog-udp", "-1s syslog-udp", `whole.txtar:12: offset "-1s" is no duration`},
		"backwards":          {"2m http", "0s http", "whole.txtar:15: offset 0s comes before that of the line above, 1s"},
		"unknown transport":  {"1s mqtt", "1s mqqt", `whole.txtar:14: transport "mqqt" is not known`},
		"wildcard topic":     {"frigate/events", "frigate/#", `whole.txtar:14: channel "frigate/#" is no topic`},
		"syslog channel":     {"syslog-udp - <4>", "syslog-udp x <4>", "whole.txtar:12: the channel of syslog-udp is -"},
		"no priority":        {"- <4>", "- <400>", "whole.txtar:12: a syslog message begins with its priority"},
		"unknown ingest":     {"webhook/plain", "webhook", `whole.txtar:15: channel "webhook" is not known`},
		"no json":            {`{"t":{{epoch-90s}}}`, `{"t":{{epoch-90s}}`, "whole.txtar:14: the payload is no JSON"},
		"bad placeholder":    {"{{epoch-90s}}", "{{epoc}}", "whole.txtar:14: {{epoc}} is not known"},
		"bad shift":          {"{{epoch-90s}}", "{{epoch-90}}", `whole.txtar:14: {{epoch-90}}: "-90" is no duration`},
		"open placeholder":   {"{{now3164}}", "{{now3164", "whole.txtar:12:"},
		"unknown profile":    {"quiet-day", "loud-day", `whole.txtar:17: profile "loud-day" is not known`},
		"no hours":           {"hours: 2", "hours: 0", "whole.txtar:17: hours must lie between 1 and"},
		"overlay":            {"kind: room", "kimd: room", "whole.txtar:20: "},
		"unknown threat":     {"type: fire", "type: fires", `whole.txtar:23: threat "fires" is not known`},
		"no type":            {"  - type: fire\n", "  - plan: x\n", "whole.txtar:"},
		"unknown severity":   {"severity: high", "severity: huge", `whole.txtar:25: severity "huge" is not known`},
		"unknown domain":     {"[physical]", "[astral]", `whole.txtar:27: domain "astral" is not known`},
		"unknown join":       {"[join.first]", "[first]", `whole.txtar:28: "first" is no reason of a join`},
		"bad duration":       {"within: 30m", "within: 30", `whole.txtar:31: "30" is no duration`},
		"negative within":    {"within: 30m", "within: -30m", "whole.txtar:31: within must not be negative"},
		"likelihood":         {"likelihood_min: 0.2", "likelihood_min: 2", "whole.txtar:31: likelihood_min must lie between 0 and 1"},
		"unknown state":      {"state: lost", "state: gone", `whole.txtar:32: state "gone" is not known`},
		"too few allowed":    {"max_incidents: 1", "max_incidents: 0", "whole.txtar:35: max_incidents 0 is less than the 1 that are listed"},
		"silence of nothing": {"{asset: a-q, threat: fire}", "{threat: fire}", "whole.txtar:36: asset is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt := strings.Replace(whole, c.old, c.now, 1)
			if spoilt == whole {
				t.Fatalf("%q is not in the scenario", c.old)
			}
			_, err := Parse("whole.txtar", []byte(spoilt))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:\n%v\nwant: %s", err, c.want)
			}
		})
	}
}

func TestSeveralMistakesAreToldAtOnce(t *testing.T) {
	spoilt := strings.NewReplacer("1s mqtt", "1s mqqt", "type: fire", "type: fires", "seed: 7", "sead: 7").Replace(whole)
	_, err := Parse("whole.txtar", []byte(spoilt))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 || problems[0].Line != 14 || problems[2].Line != 23 {
		t.Errorf("got:\n%v", err)
	}
}

func TestNothingToPlay(t *testing.T) {
	_, err := Parse("a.txtar", []byte("-- scenario.yaml --\n{id: a, title: {en: A, fr: A}, hospital: h}\n"))
	if err == nil || !strings.Contains(err.Error(), "there is nothing to play") {
		t.Errorf("got %v", err)
	}
}

func header(id, more string) string {
	return "-- scenario.yaml --\nid: " + id + "\ntitle: {en: T, fr: T}\nhospital: h\n" + more
}

func TestIncludes(t *testing.T) {
	const line = "s mqtt t {}\n"
	l, err := Load(fstest.MapFS{
		"a.txtar": {Data: []byte(header("a", "include: [{scenario: b, at: 10s}, {scenario: c, at: 0s}]\n-- timeline --\n11"+line))},
		"b.txtar": {Data: []byte(header("b", "-- timeline --\n0"+line+"2"+line))},
		"c.txtar": {Data: []byte(header("c", "-- timeline --\n5"+line))},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Find("a")
	if err != nil {
		t.Fatal(err)
	}
	var at []time.Duration
	for _, r := range s.Timeline {
		at = append(at, r.At/time.Second)
	}
	if diff := cmp.Diff([]time.Duration{5, 10, 11, 12}, at); diff != "" {
		t.Error(diff)
	}
	if again, _ := l.Find("b"); again.Timeline[0].At != 0 {
		t.Error("the included scenario was changed")
	}
	if _, err := l.Find("z"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown scenario: %v", err)
	}
}

func TestWrongIncludes(t *testing.T) {
	_, err := Load(fstest.MapFS{
		"a.txtar": {Data: []byte(header("a", "include: [{scenario: none, at: 0s}, {scenario: b, at: 0s}]\n"))},
		"b.txtar": {Data: []byte(header("b", "include: [{scenario: a, at: 0s}]\n"))},
	})
	for _, want := range []string{`a.txtar: scenario "none", which is included, is not there`, `a.txtar: scenario "b" cannot be included`, `b.txtar: scenario "a" cannot be included`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got:\n%v\nwant: %s", err, want)
		}
	}
}

func reference(t testing.TB) *hospital.Snapshot {
	t.Helper()
	m, problems := hospital.LoadFolder(os.DirFS("../../../content/hospitals/reference"))
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	snap, problems := hospital.Build(m)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return snap
}

// TestShippedScenarios reads every scenario that ships: without mistakes,
// markable, and about assets that the hospital has.
func TestShippedScenarios(t *testing.T) {
	l, err := Load(scenario.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.All()) == 0 {
		t.Fatal("none ships")
	}
	snap := reference(t)
	for _, listed := range l.All() {
		s, err := l.Find(listed.ID)
		if err != nil {
			t.Fatal(err)
		}
		here := snap
		if s.Overlay != nil {
			changed, problems := hospital.Build(Overlay(snap.Model(), s.Overlay))
			if len(problems) > 0 {
				t.Errorf("%s: %v", s.ID, problems[0])
				continue
			}
			here = changed
		}
		if unknown := s.Unknown(here); len(unknown) > 0 {
			t.Errorf("%s expects of assets that %s does not have: %s", s.ID, s.Hospital, strings.Join(unknown, ", "))
		}
		if err := Markable(s.Timeline); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
}

func TestOverlayReplacesAndAdds(t *testing.T) {
	base := &hospital.Model{
		Name: "H", TimeZone: "UTC",
		Assets:       []hospital.Asset{{ID: "a", Name: "old"}, {ID: "b"}},
		Dependencies: []hospital.Dependency{{From: "a", To: "b", Relation: hospital.Supplies, Likelihood: 0.1}},
	}
	over := &hospital.Model{
		Assets: []hospital.Asset{{ID: "a", Name: "new"}, {ID: "c"}},
		Dependencies: []hospital.Dependency{
			{From: "a", To: "b", Relation: hospital.Supplies, Likelihood: 0.9}, {From: "a", To: "b", Relation: hospital.Controls},
		},
	}
	got := Overlay(base, over)
	want := &hospital.Model{
		Name: "H", TimeZone: "UTC",
		Assets:       []hospital.Asset{{ID: "a", Name: "new"}, {ID: "b"}, {ID: "c"}},
		Dependencies: over.Dependencies,
	}
	if got.Assets[0].Name != "new" || len(got.Assets) != 3 || len(got.Dependencies) != 2 || got.Dependencies[0].Likelihood != 0.9 || got.Name != want.Name {
		t.Errorf("got %+v", got)
	}
	if base.Assets[0].Name != "old" {
		t.Error("the base was changed")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("-- --"))
	names, err := fs.Glob(scenario.FS, "*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(scenario.FS, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("whole.txtar", data)
		if err != nil {
			return
		}
		for _, r := range s.Timeline {
			if _, err := prepare(r, time.Unix(1<<30, 0), time.UTC, ""); err != nil {
				t.Fatalf("an accepted record cannot be rendered: %v", err)
			}
		}
	})
}
