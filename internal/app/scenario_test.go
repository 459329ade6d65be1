package app

import (
	"log/slog"
	"testing"
)

// TestScenarios plays every scenario through real listeners and holds what came
// of it against what the scenario expects. Those with a day of noise are tens of
// thousands of records; -short leaves them out. The quiet day is played with the
// grave rules of the public set beside our own, where they are at hand.
func TestScenarios(t *testing.T) {
	all, err := Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		t.Run(s.ID, func(t *testing.T) {
			if testing.Short() && s.Noise != nil {
				t.Skip("a day of noise takes a minute")
			}
			o := RehearsalOptions{Version: "test", Log: slog.New(slog.DiscardHandler)}
			if dir := gravePublicRules(t); dir != "" && s.Noise != nil && len(s.Include) == 0 {
				o.Rules = []string{dir}
			}
			r, err := Rehearse(t.Context(), s.ID, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range r.Deviations {
				t.Error(d)
			}
			if t.Failed() {
				for _, o := range r.Incidents {
					t.Logf("incident %d: %s, %s, %d alerts, at %s", o.Incident.Number, o.Incident.Type, o.Incident.Severity, o.Incident.Alerts, o.Incident.Place)
				}
			}
		})
	}
}
