package exercise

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/module"
)

// asWanted is an incident that is exactly what the whole scenario expects.
func asWanted() Observed {
	return Observed{
		Incident: flow.Incident{
			ID: "in-1", Number: 4, Type: "fire", Place: "a-r-1", Severity: "critical", Domains: []string{"physical"},
			Assets: []flow.Affected{{Asset: "a-r-1"}},
		},
		Joins: []flow.Join{
			{Alert: flow.Alert{Threat: "smoke"}, Reason: flow.Text{Code: "join.first"}},
			{Alert: flow.Alert{Threat: "fire"}, Reason: flow.Text{Code: "join.asset"}},
		},
		Assessment: flow.Assessment{
			Impacts: []flow.Impact{
				{Asset: "a-r-9", Threat: "fire", Delay: 1, Likelihood: 1},
				{Asset: "a-r-2", Threat: "fire", Delay: 600, Likelihood: 0.3},
				{Asset: "a-r-3", Threat: "lost", Delay: 900, Likelihood: 0.1},
			},
			Services: []flow.ServiceImpact{{Service: "a-cs", State: "degraded"}, {Service: "a-cs", State: "lost", TimeToHarm: 1200, Likelihood: 0.5}},
			Barriers: []flow.Barrier{{From: "a-o", To: "a-p", Threat: "scan"}},
		},
		Plans: []flow.Plan{{Playbook: "fire"}},
	}
}

func wanted(t *testing.T) Expect {
	t.Helper()
	s, err := Parse("whole.txtar", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	return s.Expect
}

func TestCompareFindsEveryDeviation(t *testing.T) {
	const who = "the fire incident in a-r-1 (found as #4 fire a-r-1): "
	for name, c := range map[string]struct {
		spoil func(*Observed, *Expect)
		want  []string
	}{
		"as wanted": {func(*Observed, *Expect) {}, nil},
		"severity":  {func(o *Observed, _ *Expect) { o.Incident.Severity = "low" }, []string{who + "its severity is low, less than high"}},
		"domains": {func(o *Observed, _ *Expect) { o.Incident.Domains = []string{"physical", "cyber"} },
			[]string{who + "its domains are [cyber, physical], not [physical]"}},
		"asset": {func(o *Observed, _ *Expect) { o.Incident.Assets = nil }, []string{who + "no alert names a-r-1"}},
		"alerts": {func(o *Observed, _ *Expect) { o.Joins = o.Joins[1:] },
			[]string{who + "it has 1 alerts, less than 2", who + "none of its alerts tells of smoke", who + "no alert joined by join.first"}},
		"impact missing": {func(o *Observed, _ *Expect) { o.Assessment.Impacts = o.Assessment.Impacts[:1] },
			[]string{who + "fire is not predicted to reach a-r-2"}},
		"impact late": {func(o *Observed, _ *Expect) { o.Assessment.Impacts[1].Delay = 1801 },
			[]string{who + "fire is predicted to reach a-r-2 after 30m1s, later than 30m0s"}},
		"impact unlikely": {func(o *Observed, _ *Expect) { o.Assessment.Impacts[1].Likelihood = 0.1 },
			[]string{who + "fire is predicted to reach a-r-2 with likelihood 0.10, less than 0.20"}},
		"order": {func(_ *Observed, e *Expect) {
			e.Incidents[0].Impacts = []ExpectedImpact{{Asset: "a-r-3"}, {Asset: "a-r-2"}}
		},
			[]string{who + "a-r-2 is predicted to be reached before a-r-3, not after it"}},
		"service state": {func(o *Observed, _ *Expect) { o.Assessment.Services = o.Assessment.Services[:1] },
			[]string{who + "a-cs is not predicted to be lost"}},
		"service late": {func(o *Observed, _ *Expect) { o.Assessment.Services[1].TimeToHarm = 7200 },
			[]string{who + "a-cs is predicted to be lost after 2h0m0s, later than 1h0m0s"}},
		"barrier": {func(o *Observed, _ *Expect) { o.Assessment.Barriers = nil },
			[]string{who + "no protection is shown to have stopped scan at a-p"}},
		"plan":  {func(o *Observed, _ *Expect) { o.Plans = nil }, []string{who + "the plan fire was not begun"}},
		"type":  {func(o *Observed, _ *Expect) { o.Incident.Type = "smoke" }, []string{"the fire incident in a-r-1 (found as #4 smoke a-r-1): its type is smoke"}},
		"place": {func(o *Observed, _ *Expect) { o.Incident.Place = "a-r-7" }, []string{`the fire incident in a-r-1 (found as #4 fire a-r-7): it began in "a-r-7"`}},
		"missing": {func(o *Observed, _ *Expect) { o.Incident.Type, o.Incident.Place = "crowd", "a-r-7" },
			[]string{"the fire incident in a-r-1 did not come"}},
		"merged": {func(o *Observed, _ *Expect) { o.Incident.MergedIn = "in-2" }, []string{"the fire incident in a-r-1 did not come"}},
		"silence": {func(o *Observed, _ *Expect) {
			o.Assessment.Impacts = append(o.Assessment.Impacts, flow.Impact{Asset: "a-q", Threat: "fire"})
		}, []string{"incident #4 fire a-r-1 is predicted to reach a-q with fire, which must stay silent"}},
		"silence of another threat": {func(o *Observed, _ *Expect) {
			o.Assessment.Impacts = append(o.Assessment.Impacts, flow.Impact{Asset: "a-q", Threat: "lost"})
		}, nil},
		"silence of a service": {func(_ *Observed, e *Expect) { e.Silences = []Silence{{"a-cs", ""}} },
			[]string{"incident #4 fire a-r-1 is predicted to reach a-cs with harm, which must stay silent"}},
	} {
		t.Run(name, func(t *testing.T) {
			o, e := asWanted(), wanted(t)
			c.spoil(&o, &e)
			if diff := cmp.Diff(c.want, Compare(e, []Observed{o})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestCompareCountsIncidents(t *testing.T) {
	second := asWanted()
	second.Incident.Number, second.Incident.Type, second.Incident.Place = 5, "crowd", ""
	got := Compare(wanted(t), []Observed{asWanted(), second})
	if want := []string{"2 incidents came, at most 1 may: #4 fire a-r-1, #5 crowd"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestComparePairsTheNearest(t *testing.T) {
	near, far := asWanted(), asWanted()
	near.Incident.Place, near.Incident.Number = "a-r-2", 5 // the same type elsewhere
	e := Expect{Incidents: []Expected{{Type: "fire", Severity: "high"}, {Type: "fire", Place: "a-r-1"}}}
	far.Incident.Severity = "high"
	if got := Compare(e, []Observed{far, near}); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

func TestObserveReadsWhatTheAPIShows(t *testing.T) {
	o := asWanted()
	o.Incident.Exercise = "ex-1"
	other := o.Incident
	other.ID, other.Exercise = "in-2", "ex-2"
	mux := http.NewServeMux()
	serve := func(pattern string, v any) {
		mux.HandleFunc("GET /api/v1"+pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_ = json.NewEncoder(w).Encode(v)
		})
	}
	mux.HandleFunc("GET /api/v1/incidents", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("status") != "all" || r.URL.Query().Get("exercise") != "true" {
			t.Errorf("asked for %s", r.URL.RawQuery)
		}
		page := module.List[flow.Incident]{Items: []flow.Incident{other}, Next: "more"}
		if r.URL.Query().Get("cursor") == "more" {
			page = module.List[flow.Incident]{Items: []flow.Incident{o.Incident}}
		}
		_ = json.NewEncoder(w).Encode(page)
	})
	serve("/incidents/in-1/alerts", module.List[flow.Join]{Items: o.Joins})
	serve("/incidents/in-1/plan", module.List[flow.Plan]{Items: o.Plans})
	serve("/incidents/in-1/impact", o.Assessment)
	web := httptest.NewServer(mux)
	defer web.Close()

	c := &Client{Base: web.URL, Token: "secret", Exercise: "ex-1", HTTP: web.Client()}
	got, err := c.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Observed{o}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	c.Token = "wrong"
	if _, err := c.Observe(t.Context()); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("got %v", err)
	}
}

func TestObserveBearsWhatIsNotComputedYet(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/incidents", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(module.List[flow.Incident]{Items: []flow.Incident{{ID: "in-1", Opened: time.Unix(0, 0).UTC()}}})
	})
	for _, list := range []string{"alerts", "plan"} {
		mux.HandleFunc("GET /api/v1/incidents/in-1/"+list, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"items":[]}`)) })
	}
	web := httptest.NewServer(mux)
	defer web.Close()
	got, err := (&Client{Base: web.URL, HTTP: web.Client()}).Observe(t.Context())
	if err != nil || len(got) != 1 || got[0].Assessment.Impacts != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
