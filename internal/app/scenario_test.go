package app

import (
	"log/slog"
	"testing"
)

// TestScenarios plays every scenario through real listeners and holds what came
// of it against what the scenario expects. Those with a day of noise are tens of
// thousands of records; -short leaves them out.
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
			r, err := Rehearse(t.Context(), s.ID, RehearsalOptions{Version: "test", Log: slog.New(slog.DiscardHandler)})
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
