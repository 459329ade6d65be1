package exercise

import (
	"fmt"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// building is what building automation and the intrusion panels do by the clock:
// day and night temperatures, arming in the evening.
func (q *quiet) building() []actor {
	var actors []actor
	for _, unit := range q.each(hospital.HVAC, flow.ByHostname) {
		device, rng := named(unit, flow.ByHostname), q.rng("hvac "+unit.ID)
		actors = append(actors, func(hour int, add func(Record)) {
			value := map[int]float64{6: 21, 20: 18.5}[hour%24]
			if value == 0 {
				return
			}
			at := time.Duration(hour)*time.Hour + between(rng, 0, 5*time.Minute)
			add(syslogRecord(at, 134, "srv-bms", "gtb", "-", "EVT", fmt.Sprintf(
				`[building@32473 event="hvac.setpoint" device=%q value="%.1f" unit="Cel"]`, device, value), "Consigne horaire"))
		})
	}
	for _, p := range q.each(hospital.Panel, flow.ByPanel) {
		panel, rng := named(p, flow.ByPanel), q.rng("panel "+p.ID)
		if !strings.HasPrefix(panel, "IP-") {
			continue
		}
		actors = append(actors, func(hour int, add func(Record)) {
			event := map[int]string{6: "intrusion.disarmed", 21: "intrusion.armed"}[hour%24]
			if event == "" {
				return
			}
			at := time.Duration(hour)*time.Hour + between(rng, 0, 20*time.Minute)
			add(syslogRecord(at, 134, strings.ToLower(strings.Replace(panel, "IP-", "intrusion-", 1)), "intrusion", "-", "EVT",
				fmt.Sprintf(`[intrusion@32473 event=%q panel=%q]`, event, panel), "Zones de consultation"))
		})
	}
	return actors
}
