package exercise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
)

// Observed is an incident as the API shows it, with everything that came of it.
type Observed struct {
	Incident   flow.Incident   `json:"incident"`
	Joins      []flow.Join     `json:"joins"`
	Assessment flow.Assessment `json:"assessment"`
	Plans      []flow.Plan     `json:"plans"`
}

// Compare holds what came of a scenario against what was expected and lists
// every deviation, in words. Incidents that were merged into others are left out.
func Compare(e Expect, observed []Observed) []string {
	observed = slices.DeleteFunc(slices.Clone(observed), func(o Observed) bool { return o.Incident.MergedIn != "" })
	var out []string
	for i, match := range pair(e.Incidents, observed) {
		want := e.Incidents[i]
		if match < 0 {
			out = append(out, fmt.Sprintf("%s did not come", want.title()))
			continue
		}
		for _, d := range want.deviations(observed[match]) {
			out = append(out, fmt.Sprintf("%s (found as %s): %s", want.title(), label(observed[match].Incident), d))
		}
	}
	if e.MaxIncidents != nil && len(observed) > *e.MaxIncidents {
		out = append(out, fmt.Sprintf("%d incidents came, at most %d may: %s", len(observed), *e.MaxIncidents, labels(observed)))
	}
	return append(out, broken(e.Silences, observed)...)
}

func (want Expected) title() string {
	if want.Place == "" {
		return fmt.Sprintf("the %s incident", want.Type)
	}
	return fmt.Sprintf("the %s incident in %s", want.Type, want.Place)
}

func label(in flow.Incident) string {
	return strings.TrimSpace(fmt.Sprintf("#%d %s %s", in.Number, in.Type, in.Place))
}

func labels(observed []Observed) string {
	var list []string
	for i, o := range observed {
		if i == 30 {
			list = append(list, "...")
			break
		}
		list = append(list, label(o.Incident))
	}
	return strings.Join(list, ", ")
}

// pair finds for each expected incident the observed one that deviates least, -1
// for none; no observed incident is taken twice, and whoever names a place
// chooses first. One that is of neither the type nor the place is no candidate.
func pair(expected []Expected, observed []Observed) []int {
	matches := make([]int, len(expected))
	for i := range matches {
		matches[i] = -1
	}
	taken := make([]bool, len(observed))
	for range expected {
		best, at, with := -1, 0, 0
		for i, want := range expected {
			for j, o := range observed {
				if matches[i] >= 0 || taken[j] || !want.resembles(o) {
					continue
				}
				n := 2 * len(want.deviations(o))
				if want.Place == "" {
					n++
				}
				if best < 0 || n < best {
					best, at, with = n, i, j
				}
			}
		}
		if best < 0 {
			break
		}
		matches[at], taken[with] = with, true
	}
	return matches
}

func (want Expected) resembles(o Observed) bool {
	return o.Incident.Type == want.Type || want.Place != "" && o.Incident.Place == want.Place
}

// deviations lists in which ways an incident is not as expected.
func (want Expected) deviations(o Observed) []string {
	var d deviations
	in := o.Incident
	d.addIf(in.Type != want.Type, "its type is %s", in.Type)
	d.addIf(want.Place != "" && in.Place != want.Place, "it began in %q", in.Place)
	d.addIf(want.Severity != "" && in.Severity.Rank() < want.Severity.Rank(), "its severity is %s, less than %s", in.Severity, want.Severity)
	if len(want.Domains) > 0 {
		got := slices.Sorted(slices.Values(in.Domains))
		wanted := slices.Sorted(slices.Values(want.Domains))
		d.addIf(!slices.Equal(got, wanted), "its domains are [%s], not [%s]", strings.Join(got, ", "), strings.Join(wanted, ", "))
	}
	for _, id := range want.Assets {
		named := slices.ContainsFunc(in.Assets, func(a flow.Affected) bool { return a.Asset == id })
		d.addIf(!named, "no alert names %s", id)
	}
	want.joins(&d, o.Joins)
	want.impacts(&d, o.Assessment.Impacts)
	want.services(&d, o.Assessment.Services)
	want.barriers(&d, o.Assessment.Barriers)
	planned := slices.ContainsFunc(o.Plans, func(p flow.Plan) bool { return p.Playbook == want.Plan })
	d.addIf(want.Plan != "" && !planned, "the plan %s was not begun", want.Plan)
	return d
}

type deviations []string

func (d *deviations) addIf(deviates bool, format string, args ...any) {
	if deviates {
		*d = append(*d, fmt.Sprintf(format, args...))
	}
}

func (want Expected) joins(d *deviations, joins []flow.Join) {
	d.addIf(len(joins) < want.Alerts.Min, "it has %d alerts, less than %d", len(joins), want.Alerts.Min)
	for _, t := range want.Alerts.Threats {
		d.addIf(!slices.ContainsFunc(joins, func(j flow.Join) bool { return j.Alert.Threat == t }), "none of its alerts tells of %s", t)
	}
	for _, code := range want.Joins {
		d.addIf(!slices.ContainsFunc(joins, func(j flow.Join) bool { return j.Reason.Code == code }), "no alert joined by %s", code)
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func threatWord(t flow.Threat) string {
	if t == "" {
		return "harm"
	}
	return string(t)
}

// impacts asks for each expected impact and for the order of their arrival.
func (want Expected) impacts(d *deviations, impacts []flow.Impact) {
	before, beforeDelay := "", 0.0
	for _, w := range want.Impacts {
		i := slices.IndexFunc(impacts, func(m flow.Impact) bool {
			return m.Asset == w.Asset && (w.Threat == "" || m.Threat == w.Threat)
		})
		if i < 0 {
			d.addIf(true, "%s is not predicted to reach %s", threatWord(w.Threat), w.Asset)
			continue
		}
		m := impacts[i]
		d.addIf(w.Within > 0 && seconds(m.Delay) > time.Duration(w.Within), "%s is predicted to reach %s after %s, later than %s", m.Threat, m.Asset, seconds(m.Delay), w.Within)
		d.addIf(m.Likelihood < w.LikelihoodMin, "%s is predicted to reach %s with likelihood %.2f, less than %.2f", m.Threat, m.Asset, m.Likelihood, w.LikelihoodMin)
		d.addIf(before != "" && m.Delay < beforeDelay, "%s is predicted to be reached before %s, not after it", m.Asset, before)
		before, beforeDelay = m.Asset, m.Delay
	}
}

func (want Expected) services(d *deviations, services []flow.ServiceImpact) {
	for _, w := range want.Services {
		i := slices.IndexFunc(services, func(s flow.ServiceImpact) bool {
			return s.Service == w.Service && (w.State == "" || s.State == w.State)
		})
		if i < 0 {
			d.addIf(true, "%s is not predicted to be %s", w.Service, stateWord(w.State))
			continue
		}
		s := services[i]
		d.addIf(w.Within > 0 && seconds(s.TimeToHarm) > time.Duration(w.Within), "%s is predicted to be %s after %s, later than %s", s.Service, s.State, seconds(s.TimeToHarm), w.Within)
		d.addIf(s.Likelihood < w.LikelihoodMin, "%s is predicted to be %s with likelihood %.2f, less than %.2f", s.Service, s.State, s.Likelihood, w.LikelihoodMin)
	}
}

func stateWord(t flow.Threat) string {
	if t == "" {
		return "harmed"
	}
	return string(t)
}

func (want Expected) barriers(d *deviations, barriers []flow.Barrier) {
	for _, w := range want.Barriers {
		stopped := slices.ContainsFunc(barriers, func(b flow.Barrier) bool {
			return b.To == w.To && (w.From == "" || b.From == w.From) && (w.Threat == "" || b.Threat == w.Threat)
		})
		d.addIf(!stopped, "no protection is shown to have stopped %s at %s", threatWord(w.Threat), w.To)
	}
}

// broken lists the silences that predictions do not keep.
func broken(silences []Silence, observed []Observed) []string {
	var d deviations
	for _, q := range silences {
		matches := func(asset string, t flow.Threat) bool { return asset == q.Asset && (q.Threat == "" || t == q.Threat) }
		for _, o := range observed {
			reached := slices.ContainsFunc(o.Assessment.Impacts, func(m flow.Impact) bool { return matches(m.Asset, m.Threat) }) ||
				slices.ContainsFunc(o.Assessment.Services, func(s flow.ServiceImpact) bool { return matches(s.Service, s.State) })
			d.addIf(reached, "incident %s is predicted to reach %s with %s, which must stay silent", label(o.Incident), q.Asset, threatWord(q.Threat))
		}
	}
	return d
}
