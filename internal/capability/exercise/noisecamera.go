package exercise

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// cameras see people pass; in waiting rooms, a few who stay.
func (q *quiet) cameras() []actor {
	var actors []actor
	for _, camera := range q.each(hospital.Camera, flow.ByCamera) {
		name, rng, seen := named(camera, flow.ByCamera), q.rng("camera "+camera.ID), 0
		perHour, waits := 3.0, q.placeTag(camera, "waiting")
		switch {
		case waits, q.placeTag(camera, "circulation"):
			perHour = 16
		case q.placeTag(camera, "sensitive"):
			perHour = 0.5
		}
		actors = append(actors, func(hour int, add func(Record)) {
			for _, at := range moments(rng, hour, perHour*busy(hour), 20*time.Second) {
				seen++
				p := passer{camera: name, id: strconv.Itoa(5000+seen) + "." + name + "-" + letters(rng, 6)}
				if waits && rng.IntN(3) == 0 {
					p.wait(rng, at, add)
				} else {
					p.pass(at, between(rng, 3*time.Second, 15*time.Second), add)
				}
			}
		})
	}
	return actors
}

// passer is one person whom a camera follows.
type passer struct{ camera, id string }

func (p passer) pass(at, stay time.Duration, add func(Record)) {
	add(p.record(at, "new", 0, false))
	add(p.record(at+stay, "end", stay, false))
}

// wait is somebody who sits down until it is their turn.
func (p passer) wait(rng *rand.Rand, at time.Duration, add func(Record)) {
	stay := between(rng, 4*time.Minute, 25*time.Minute)
	settled := between(rng, 40*time.Second, 2*time.Minute)
	add(p.record(at, "new", 0, false))
	add(p.record(at+settled, "update", settled, true))
	add(p.record(at+stay, "end", stay, false))
}

// record is a message of topic frigate/events about a person seen for a time.
func (p passer) record(at time.Duration, kind string, since time.Duration, still bool) Record {
	start, end := "{{epoch}}", "null"
	if since > 0 {
		start = fmt.Sprintf("{{epoch-%s}}", since)
	}
	if kind == "end" {
		end = "{{epoch}}"
	}
	return Record{At: at, Transport: MQTT, Channel: "frigate/events", Payload: fmt.Sprintf(
		`{"type":%q,"after":{"id":%q,"camera":%q,"label":"person","top_score":0.88,"score":0.84,"false_positive":false,`+
			`"start_time":%s,"frame_time":{{epoch}},"end_time":%s,"current_zones":[],"entered_zones":[],"stationary":%t}}`,
		kind, p.id, p.camera, start, end, still)}
}

func letters(rng *rand.Rand, n int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}
