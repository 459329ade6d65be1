package app

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"warder/content"
	"warder/internal/capability/exercise"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/detect/foreign"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/normalise"
)

// TestStories shows raw records of the reference hospital to the normaliser, the
// rules and the counter, as the way composes them: what the tests beside the
// rules give by hand must be there in the events of real records. Each file of
// testdata/stories has a timeline as scenarios have, and the titles of the
// alerts that come of it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	w := newShortWay(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			timeline, want := story(t, file)
			var have []string
			for _, a := range w.play(t, slices.Values(timeline)) {
				if title := a.Text.Params["title"]; !slices.Contains(have, title) {
					have = append(have, title)
				}
			}
			slices.Sort(have)
			if diff := cmp.Diff(want, have, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
		})
	}
}

func story(t *testing.T, file string) (timeline []exercise.Record, alerts []string) {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const header = "-- scenario.yaml --\nid: story\ntitle: {en: Story, fr: Histoire}\nhospital: reference\n-- timeline --\n"
	for _, f := range ar.Files {
		switch f.Name {
		case "timeline":
			s, err := exercise.Parse("story.txtar", append([]byte(header), f.Data...))
			if err != nil {
				t.Fatal(err)
			}
			timeline = s.Timeline
		case "alerts":
			alerts = strings.FieldsFunc(string(f.Data), func(r rune) bool { return r == '\n' })
		}
	}
	slices.Sort(alerts)
	return timeline, alerts
}

// shortWay is the way from records to alerts without listeners and topics.
type shortWay struct {
	normaliser *normalise.Normaliser
	zone       *time.Location // of the hospital
	rules      *detect.Ruleset
	wanted     map[string][]detect.Field
}

func newShortWay(t testing.TB, more ...sigma.Folder) *shortWay {
	t.Helper()
	snapshot := referenceHospital(t)
	presets, err := normalise.Presets(content.FS, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	w := &shortWay{
		normaliser: normalise.New(hospital.NewHolder(snapshot), normalise.ByName(presets)), zone: snapshot.Location(),
	}
	w.rules = readRules(t, content.FS, more...)
	w.wanted = detect.Wanted(w.rules.Correlations)
	return w
}

func readRules(t testing.TB, fsys fs.FS, more ...sigma.Folder) *detect.Ruleset {
	t.Helper()
	tables, err := sigma.ReadTables(fsys, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	set, err := sigma.Load(tables, append([]sigma.Folder{{Name: "content", FS: fsys, Root: "rules"}}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	table, err := foreign.Read(fsys, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	others := foreign.New(table)
	return &detect.Ruleset{
		Rules: set.Rules(), Matchers: []detect.Matcher{sigma.NewEngine(set), others},
		Correlations: append(set.Correlations, others.Correlations()...),
	}
}

// play gives the alerts of records that begin at noon, from a fresh counter.
func (w *shortWay) play(t testing.TB, records func(func(exercise.Record) bool)) (alerts []flow.Alert) {
	t.Helper()
	begin := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	counter, n := count.NewCounter(w.rules.Correlations), uint32(0)
	for r := range records {
		ev := w.event(t, r, begin.Add(r.At), n)
		n++
		for _, m := range w.rules.Matchers {
			for _, match := range m.Match(&ev) {
				if match.Alert {
					alerts = append(alerts, detect.NewAlert(match.Rule, &ev))
				}
				if match.Count {
					hit := detect.NewHit(match.Rule.ID, &ev, w.wanted[match.Rule.ID])
					for _, raised := range counter.Take(&hit) {
						alerts = append(alerts, raised.Alert)
					}
				}
			}
		}
	}
	return alerts
}

func (w *shortWay) event(t testing.TB, r exercise.Record, at time.Time, n uint32) flow.Event {
	t.Helper()
	text, err := exercise.Render(r.Payload, at, w.zone)
	if err != nil {
		t.Fatal(err)
	}
	raw := flow.Raw{Source: "test", Received: at, Channel: r.Channel, Data: []byte(text)}
	format, mapping, _ := strings.Cut(r.Channel, "/")
	switch {
	case r.Transport == exercise.SyslogTCP || r.Transport == exercise.SyslogUDP:
		raw.Format = flow.FormatSyslog
	case r.Transport == exercise.HTTP:
		raw.Format, raw.Mapping = flow.Format(format), mapping
	case format == "sensors":
		raw.Format, raw.Mapping = flow.FormatSensor, "beia"
	default:
		raw.Format = flow.FormatFrigate
	}
	ev := w.normaliser.Event(flow.RecordID{Writer: "t", Seq: 1, Index: n}, raw)
	if ev.ParseError != "" {
		t.Fatalf("%s: %s", text, ev.ParseError)
	}
	return ev
}
