package exercise

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

func day(t testing.TB, snap *hospital.Snapshot, seed uint64, hours int) []Record {
	t.Helper()
	return slices.Collect(QuietDay(snap, Noise{Profile: ProfileQuietDay, Seed: seed, Hours: hours}))
}

func TestQuietDayIsOrderlyAndTheSameAgain(t *testing.T) {
	snap := reference(t)
	records := day(t, snap, 7, 24)
	if n := len(records); n < 15_000 || n > 80_000 {
		t.Errorf("a day of the reference hospital has %d records", n)
	}
	perHour, perTransport := [24]int{}, map[string]int{}
	var before time.Duration
	for _, r := range records {
		if r.At < before || r.At >= 24*time.Hour {
			t.Fatalf("%s follows %s", r.At, before)
		}
		before = r.At
		perHour[int(r.At.Hours())]++
		perTransport[string(r.Transport)+" "+strings.Split(r.Channel, "/")[0]]++
		again := r
		if again.Channel == "" {
			again.Channel = "-" // as a time line writes it
		}
		if err := again.check(); err != nil {
			t.Fatalf("%v: %v", r, err)
		}
	}
	t.Logf("%d records: %v; per hour %v", len(records), perTransport, perHour)
	if perHour[3]*2 > perHour[10] {
		t.Errorf("no rhythm: %d records at three, %d at ten", perHour[3], perHour[10])
	}
	if err := Markable(records); err != nil {
		t.Error(err)
	}
	shorter := day(t, snap, 7, 3)
	if !slices.Equal(records[:len(shorter)], shorter) {
		t.Error("the same seed gave another day")
	}
	if slices.Equal(records[:100], take(QuietDay(snap, Noise{Seed: 8, Hours: 1}), 100)) {
		t.Error("another seed gave the same day")
	}
}

func take(seq func(func(Record) bool), n int) (list []Record) {
	for r := range seq {
		if list = append(list, r); len(list) == n {
			break
		}
	}
	return list
}

// TestQuietDayIsQuiet looks for what rules look for.
func TestQuietDayIsQuiet(t *testing.T) {
	snap := reference(t)
	records := day(t, snap, 20261122, 24)
	visits, failures, held, talks := map[string][]visit{}, map[string]int{}, 0, map[string]map[string]bool{}
	for _, r := range records {
		switch {
		case strings.Contains(r.Payload, "[access@32473"):
			door := parameterOf(r.Payload, "door")
			place := known(t, snap, flow.ByDoor, door)
			if person := parameterOf(r.Payload, "person"); person != "" {
				known(t, snap, flow.ByReader, parameterOf(r.Payload, "reader"))
				visits[person] = append(visits[person], visit{r.At, door, snap.BuildingOf(place)})
			}
			if strings.Contains(r.Payload, "door.held") {
				held++
			}
		case strings.Contains(r.Payload, `"EventID":4625`):
			failures[field(t, r, "TargetUserName")]++
		case r.Channel == "suricata":
			from, to := field(t, r, "src_ip"), field(t, r, "dest_ip")
			known(t, snap, flow.ByIP, from)
			known(t, snap, flow.ByIP, to)
			if talks[from] == nil {
				talks[from] = map[string]bool{}
			}
			talks[from][to] = true
		}
	}
	for person, list := range visits {
		for i := 1; i < len(list); i++ {
			a, b := list[i-1], list[i]
			if a.building != b.building {
				t.Errorf("%s is in %s and in %s", person, a.building, b.building)
			}
			if a.door != b.door && b.at-a.at < 2*time.Minute {
				t.Errorf("%s is at %s and %s later at %s", person, a.door, b.at-a.at, b.door)
			}
		}
	}
	for user, n := range failures {
		if n > 3 {
			t.Errorf("%s fails %d logons", user, n)
		}
	}
	for from, to := range talks {
		if len(to) > 10 {
			t.Errorf("%s talks to %d others, as if it scanned", from, len(to))
		}
	}
	t.Logf("%d people, %d doors held, failed logons: %v", len(visits), held, failures)
	if len(visits) < 100 || held == 0 || held > 20 || len(failures) == 0 || len(failures) > 30 {
		t.Error("that is no ordinary day")
	}
}

type visit struct {
	at             time.Duration
	door, building string
}

func parameterOf(payload, name string) string {
	_, rest, _ := strings.Cut(payload, " "+name+`="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func object(t *testing.T, r Record) (m map[string]any) {
	t.Helper()
	text, err := Render(r.Payload, noon, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func field(t *testing.T, r Record, name string) string {
	t.Helper()
	s, _ := object(t, r)[name].(string)
	return s
}

func known(t *testing.T, snap *hospital.Snapshot, kind flow.IdentifierKind, value string) (id string) {
	t.Helper()
	a, ok := snap.Resolve(flow.Identifier{Kind: kind, Value: value})
	if !ok {
		t.Fatalf("the hospital has no %s %q", kind, value)
	}
	return a.ID
}

func TestQuietSensorsStayWithinBounds(t *testing.T) {
	snap := reference(t)
	low, high := map[string]float64{}, map[string]float64{}
	for _, r := range day(t, snap, 3, 18) {
		if r.Channel != "webhook/plain" && !strings.HasPrefix(r.Channel, "sensors/") {
			continue
		}
		m := object(t, r)
		sensor, value := r.Channel, m["Temperature_in_degrees"]
		if r.Channel == "webhook/plain" {
			sensor, value = m["sensor"].(string), m["value"]
			known(t, snap, flow.BySensor, sensor)
		} else {
			known(t, snap, flow.ByTopic, sensor)
		}
		v := value.(float64)
		if _, seen := low[sensor]; !seen {
			low[sensor], high[sensor] = v, v
		}
		low[sensor], high[sensor] = min(low[sensor], v), max(high[sensor], v)
	}
	for sensor := range low {
		from, to := 15.0, 27.0
		switch {
		case strings.Contains(sensor, "m1014-2"): // plasma freezer
			from, to = -33, -27
		case strings.Contains(sensor, "freezer"), strings.Contains(sensor, "coldroom"):
			from, to = 2, 8
		case strings.Contains(sensor, "theatre"):
			from, to = 18, 24
		case strings.Contains(sensor, "flood"):
			from, to = 0, 0
		}
		if low[sensor] < from || high[sensor] > to {
			t.Errorf("%s goes from %.1f to %.1f", sensor, low[sensor], high[sensor])
		}
	}
	if len(low) < 30 {
		t.Errorf("only %d sensors speak", len(low))
	}
}

func TestQuietPeopleLeaveThePicture(t *testing.T) {
	open := map[string]time.Duration{}
	var longest time.Duration
	for _, r := range day(t, reference(t), 5, 6) {
		if r.Channel != "frigate/events" {
			continue
		}
		m := object(t, r)
		id := m["after"].(map[string]any)["id"].(string)
		switch m["type"] {
		case "new":
			open[id] = r.At
		case "end":
			longest = max(longest, r.At-open[id])
			delete(open, id)
		}
	}
	for id, since := range open {
		if since < 5*time.Hour {
			t.Errorf("%s never left", id)
		}
	}
	if longest > 26*time.Minute {
		t.Errorf("somebody stayed for %s", longest)
	}
}

func TestNoiseOfAnyHospital(t *testing.T) {
	for name, snap := range map[string]*hospital.Snapshot{"empty": hospital.Empty(), "generated": generated(t)} {
		for _, r := range day(t, snap, 1, 12) {
			if _, err := prepare(r, noon, time.UTC, "ex"); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func generated(t *testing.T) *hospital.Snapshot {
	t.Helper()
	snap, problems := hospital.Build(hospital.Generate(hospital.GenerateOptions{Beds: 200, Sites: 2, Seed: 1}))
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return snap
}

func BenchmarkQuietDay(b *testing.B) {
	snap, n := reference(b), 0
	for b.Loop() {
		for range QuietDay(snap, Noise{Seed: 1, Hours: 24}) {
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
}
