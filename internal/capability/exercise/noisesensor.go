package exercise

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// sensorEvery is how often a sensor says what it measures.
const sensorEvery = 10 * time.Minute

// sensors measure. Boxes speak over MQTT with the eight keys of the BEIA lab;
// the others say one quantity at a time.
func (q *quiet) sensors() []actor {
	var actors []actor
	for _, s := range q.each(hospital.Sensor, flow.BySensor) {
		rng, sensor := q.rng("sensor "+s.ID), named(s, flow.BySensor)
		phase := between(rng, 0, sensorEvery)
		reading := plainReading(s, sensor)
		if strings.HasPrefix(sensor, "sens-box-") {
			reading = boxReading(named(s, flow.ByTopic), sensor)
		}
		actors = append(actors, func(hour int, add func(Record)) {
			for at := phase; at < time.Hour; at += sensorEvery {
				add(reading(time.Duration(hour)*time.Hour+at, rng))
			}
		})
	}
	return actors
}

// around draws a value that keeps within spread of its middle, with the warmth
// of the afternoon and a blip now and then.
func around(rng *rand.Rand, at time.Duration, middle, spread float64) float64 {
	day := math.Sin((at.Hours() - 9) / 24 * 2 * math.Pi)
	v := middle + 0.3*spread*day + 0.3*spread*(2*rng.Float64()-1)
	if rng.IntN(100) == 0 {
		v += 0.4 * spread
	}
	return v
}

func boxReading(topic, sensor string) func(time.Duration, *rand.Rand) Record {
	if topic == "" {
		topic = "sensors/" + sensor
	}
	return func(at time.Duration, rng *rand.Rand) Record {
		light := 5
		if busy(int(at.Hours())) > 0.3 && rng.IntN(3) == 0 {
			light = 180 + rng.IntN(60)
		}
		return Record{At: at, Transport: MQTT, Channel: topic, Payload: fmt.Sprintf(
			`{"Temperature_in_degrees":%.1f,"Humidity_level":%d,"Flood_detection":1,"Glass_glass_break":1,"Fire_detection":1,"Light_level":%d,"Sound_level":2,"Fan_Power":1}`,
			around(rng, at, 22, 3), 38+rng.IntN(10), light)}
	}
}

// plainReading says one quantity: water where the sensor looks for it, otherwise
// the temperature of what it watches over.
func plainReading(s *hospital.Asset, sensor string) func(time.Duration, *rand.Rand) Record {
	post := func(at time.Duration, rest string) Record {
		return Record{At: at, Transport: HTTP, Channel: "webhook/plain", Payload: fmt.Sprintf(`{"sensor":%q,%s,"time":"{{now}}"}`, sensor, rest)}
	}
	if strings.Contains(sensor, "flood") {
		return func(at time.Duration, _ *rand.Rand) Record {
			return post(at, `"quantity":"flood","value":0,"state":"normal"`)
		}
	}
	middle, spread := 22.0, 2.0
	switch name := strings.ToLower(s.Name); {
	case strings.Contains(name, "congélateur"):
		middle, spread = -30, 2
	case strings.Contains(sensor, "freezer"), strings.Contains(sensor, "coldroom"):
		middle, spread = 5, 1.5
	case slices.Contains(s.Tags, "theatre"):
		middle, spread = 20.5, 1
	}
	return func(at time.Duration, rng *rand.Rand) Record {
		return post(at, fmt.Sprintf(`"quantity":"temperature","value":%.1f,"unit":"Cel"`, around(rng, at, middle, spread)))
	}
}
