package inspect

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// mapped are events whose fields have other names than those that rules use, by
// what makes them.
func mapped() map[string]string {
	process := func(second int, image, parent string) string {
		return fmt.Sprintf(`{"Channel":"Security","EventID":4688,"Computer":"pc","NewProcessName":%q,"ParentProcessName":%q,"@timestamp":"2026-11-21T22:00:%02dZ"}`+"\n",
			image, parent, second)
	}
	return map[string]string{
		"processes": process(0, `c:\cmd.exe`, `c:\word.exe`) + process(1, `C:\CMD.EXE`, `C:\Word.exe`) + process(2, `d:\cmd.exe`, `c:\excel.exe`),
		"suricata": `{"timestamp":"2026-11-21T22:00:00.000000+0000","event_type":"dns","src_ip":"10.0.0.1","dest_ip":"10.0.0.9","proto":"UDP","dns":{"type":"query","rrname":"a.example","rrtype":"A"}}
{"timestamp":"2026-11-21T22:00:01.000000+0000","event_type":"dns","src_ip":"10.0.0.1","dest_ip":"10.0.0.9","proto":"UDP","dns":{"version":3,"type":"request","queries":[{"rrname":"b.example","rrtype":"A"}]}}
`,
		"zeek": `{"_path":"dns","ts":"2026-11-21T22:00:00Z","id.orig_h":"10.0.0.1","id.orig_p":5,"id.resp_h":"10.0.0.9","id.resp_p":53,"query":"a.example"}
{"_path":"dns","ts":"2026-11-21T22:00:01Z","id.orig_h":"10.0.0.1","id.orig_p":6,"id.resp_h":"10.0.0.9","id.resp_p":53,"query":"b.example"}
{"_path":"dns","ts":"2026-11-21T22:00:02Z","id.orig_h":"10.0.0.2","id.orig_p":6,"id.resp_h":"10.0.0.9","id.resp_p":53,"query":"b.example"}
`,
	}
}

// countedBase are the rules that are counted.
const countedBase = `title: A shell
id: shell
name: shell
level: low
logsource: {product: windows, category: process_creation}
detection: {s: {'Image|endswith': 'cmd.exe'}, condition: s}
---
title: A name asked for
id: asked
name: asked
level: low
logsource: {category: dns}
detection: {s: {'query|endswith': '.example'}, condition: s}
---
`

// A correlation finds the fields that it groups by and counts where detections
// find them: from the record to the count, read from files and on the way of a
// server.
func TestCorrelationsKnowTheMappingOfFields(t *testing.T) {
	for name, test := range map[string]struct {
		events, correlation string
		after               int // the events that the finding is made of, from 1
	}{
		"group by Image":           {"processes", "type: event_count, rules: [shell], group-by: [Image], timespan: 10m, condition: {gte: 2}", 2},
		"group by the event's own": {"processes", "type: event_count, rules: [shell], group-by: [NewProcessName], timespan: 10m, condition: {gte: 2}", 2},
		"group by ParentImage":     {"processes", "type: event_count, rules: [shell], group-by: [ParentImage], timespan: 10m, condition: {gte: 2}", 2},
		"values of Image":          {"processes", "type: value_count, rules: [shell], group-by: [Computer], timespan: 10m, condition: {field: Image, gte: 2}", 3},
		"values of two fields":     {"processes", "type: value_count, rules: [shell], group-by: [Computer], timespan: 10m, condition: {field: [Image, ParentImage], gte: 2}", 3},
		"an alias":                 {"processes", "type: event_count, rules: [shell], group-by: [program], aliases: {program: {shell: Image}}, timespan: 10m, condition: {gte: 2}", 2},
		"a counted alias":          {"processes", "type: value_count, rules: [shell], group-by: [Computer], aliases: {program: {shell: Image}}, timespan: 10m, condition: {field: program, gte: 2}", 3},
		"names asked by Suricata":  {"suricata", "type: value_count, rules: [asked], group-by: [src_ip], timespan: 10m, condition: {field: query, gte: 2}", 2},
		"clients of Zeek":          {"zeek", "type: event_count, rules: [asked], group-by: [src_ip], timespan: 10m, condition: {gte: 2}", 2},
		"two rules": {"processes", "type: temporal, rules: [shell, other], group-by: [program], aliases: {program: {shell: Image, other: NewProcessName}}, timespan: 10m}\n" +
			"---\ntitle: Other\nid: other\nname: other\nlogsource: {product: windows}\ndetection: {s: {EventID: 4688, ParentImage: '*'}, condition: s", 1},
		"of a correlation": {"processes", "type: value_count, rules: [inner], group-by: [Computer], timespan: 10m, condition: {field: ParentImage, gte: 2}}\n" +
			"---\ntitle: Inner\nid: inner\nname: inner\ncorrelation: {type: event_count, rules: [shell], group-by: [Image], timespan: 10m, condition: {gte: 1}", 3},
	} {
		t.Run(name, func(t *testing.T) {
			dir := unpack(t, "-- rules/r.yml --\n"+countedBase+"title: Counts\nid: counts\nlevel: high\ncorrelation: {"+test.correlation+"}\n-- e.json --\n"+mapped()[test.events])
			rules, events := load(t, filepath.Join(dir, "rules")), filepath.Join(dir, "e.json")
			if failed := rules.Failed(); len(failed) > 0 {
				t.Fatal(failed[0].Error)
			}
			want := fmt.Sprint("counts after event ", test.after)
			for way, got := range map[string]string{"from files": hunted(t, rules, events), "on the way": metOnTheWay(t, rules, events)} {
				if got != want {
					t.Errorf("%s: %q, want %q", way, got, want)
				}
			}
		})
	}
}

// hunted tells the first finding of the correlation "counts" in a file.
func hunted(t *testing.T, rules *Rules, file string) (first string) {
	hunt := &Hunt{Logs: logs(t, 1, file), Rules: rules, Found: func(f *Finding) error {
		if f.Rule == "counts" && first == "" {
			place := f.Place.String()
			first = "counts after event " + place[strings.LastIndex(place, ":")+1:]
		}
		return nil
	}}
	if _, err := hunt.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return first
}

// metOnTheWay tells the same of the events as a server shows them to rules.
func metOnTheWay(t *testing.T, rules *Rules, file string) string {
	l, at := logs(t, 1, file), 0
	events := []flow.Event{}
	if err := scan(t.Context(), &l, nil, func(rec *record) error { events = append(events, rec.event); return nil }); err != nil {
		t.Fatal(err)
	}
	dispatch, count := detect.NewDispatch(rules.pack.Ruleset.Correlations), rules.pack.Counter(rules.pack.Ruleset.Correlations)
	for ; at < len(events); at++ {
		for _, matcher := range rules.pack.Ruleset.Matchers {
			for _, m := range matcher.Match(&events[at]) {
				for _, hit := range dispatch.Hits(m.Rule.ID, &events[at]) {
					if slices.ContainsFunc(count(&hit), func(f detect.Found) bool { return f.Rule.ID == "counts" }) {
						return fmt.Sprint("counts after event ", at+1)
					}
				}
			}
		}
	}
	return ""
}

// Every name that the mapping of fields gives another one for is found by
// correlations under both.
func TestEveryMappedNameIsCounted(t *testing.T) {
	names := mappedNames(t)
	if len(names) < 50 {
		t.Fatalf("%d mapped names", len(names))
	}
	for name, others := range names {
		for _, other := range others {
			c := detect.Correlation{Rule: detect.Rule{ID: "c"}, Of: []string{"r"}, Type: detect.ValueCount, GroupBy: []string{name}, Field: name, Names: names}
			d := detect.NewDispatch([]detect.Correlation{c})
			ev := &flow.Event{ID: "w.1.0", Original: map[string]any{other: "Value"}}
			hits := d.Hits("r", ev)
			if len(hits) != 1 || hits[0].Value != "value" || hits[0].Event.Attributes[name] != "Value" {
				t.Fatalf("%s as %s: %+v", name, other, hits)
			}
			again := d.Hits("r", &hits[0].Event) // a hit that nobody asked yet about who counts it
			if diff := cmp.Diff(hits, again); diff != "" {
				t.Errorf("%s as %s: %s", name, other, diff)
			}
		}
	}
}

func mappedNames(t *testing.T) detect.Names {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "r.yml"), []byte(countedBase), 0o600); err != nil {
		t.Fatal(err)
	}
	names := maps.Clone(load(t, dir).pack.Ruleset.Names)
	for name := range names { // an event's own first: what others have before them hides them
		if strings.HasPrefix(name, "event.") {
			delete(names, name)
		}
	}
	return names
}
