package exercise

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// QuietDay makes the ordinary records of a hospital in which nothing happens,
// with the rhythm of a day that begins at midnight: people badge in and out and
// sit down at their computers, cameras see them pass and wait, sensors measure,
// devices talk to servers, images and messages travel, engineers take a unit into
// maintenance. Now and then somebody mistypes a password or holds a door for a
// colleague. The same hospital and seed give the same records.
//
// Everybody is in one building at a time, nobody looks around in the network and
// no sensor leaves what is normal: whatever is found in it beyond small things
// is a false alarm.
func QuietDay(snap *hospital.Snapshot, n Noise) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		q := &quiet{snap: snap, seed: n.Seed}
		actors := slices.Concat(q.staff(), q.cameras(), q.sensors(), q.computers(), q.devices(), q.building(),
			q.medical(), q.house())
		var waiting []Record
		for hour := range n.Hours {
			for _, act := range actors {
				act(hour, func(r Record) { waiting = append(waiting, r) })
			}
			slices.SortStableFunc(waiting, func(a, b Record) int { return cmp.Compare(a.At, b.At) })
			end := time.Duration(hour+1) * time.Hour
			due, _ := slices.BinarySearchFunc(waiting, end, func(r Record, t time.Duration) int { return cmp.Compare(r.At, t) })
			for _, r := range waiting[:due] {
				if !yield(r) {
					return
				}
			}
			waiting = slices.Delete(waiting, 0, due)
		}
	}
}

// actor makes what one person or thing does in an hour of the play. Records may
// lie beyond the hour, never before it.
type actor func(hour int, add func(Record))

// quiet is what the actors share.
type quiet struct {
	snap  *hospital.Snapshot
	seed  uint64
	hired int // people so far; numbers are given once
}

// rng is an actor's own source of chance, so that one more asset in the model
// changes nobody else's day.
func (q *quiet) rng(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return rand.New(rand.NewPCG(q.seed, h.Sum64()))
}

// busy is how busy the hospital is at an hour of the day, 0 to 1.
func busy(hour int) float64 {
	hours := [24]float64{
		0.06, 0.05, 0.05, 0.05, 0.06, 0.12, 0.35, 0.70, 0.95, 1, 1, 0.95,
		0.75, 0.85, 0.95, 0.90, 0.80, 0.65, 0.50, 0.40, 0.35, 0.25, 0.15, 0.10,
	}
	return hours[hour%24]
}

// moments draws how often something happens in an hour that happens mean times
// (Poisson), and when, in order. Those less than gap behind another are left out.
func moments(rng *rand.Rand, hour int, mean float64, gap time.Duration) []time.Duration {
	count := 0
	for p := rng.Float64(); p > math.Exp(-mean) && count < 200; count++ {
		p *= rng.Float64()
	}
	drawn := make([]time.Duration, count)
	for i := range drawn {
		drawn[i] = time.Duration(hour)*time.Hour + time.Duration(rng.Int64N(int64(time.Hour)))
	}
	slices.Sort(drawn)
	at := drawn[:0]
	for _, t := range drawn {
		if len(at) == 0 || t-at[len(at)-1] >= gap {
			at = append(at, t)
		}
	}
	return at
}

// between draws a duration of whole milliseconds.
func between(rng *rand.Rand, from, to time.Duration) time.Duration {
	return (from + time.Duration(rng.Int64N(int64(to-from)))).Truncate(time.Millisecond)
}

// named returns an asset's identifier of a kind, "" for none.
func named(a *hospital.Asset, kind flow.IdentifierKind) string {
	for _, id := range a.Identifiers {
		if id.Kind == kind {
			return id.Value
		}
	}
	return ""
}

// each lists the assets of a kind that carry an identifier of the given kind.
func (q *quiet) each(kind hospital.Kind, by flow.IdentifierKind) []*hospital.Asset {
	var list []*hospital.Asset
	assets := q.snap.Assets()
	for i := range assets {
		if assets[i].Kind == kind && named(&assets[i], by) != "" {
			list = append(list, &assets[i])
		}
	}
	return list
}

// placeTag tells whether the place of an asset has a tag.
func (q *quiet) placeTag(a *hospital.Asset, tag string) bool {
	place, ok := q.snap.Asset(a.Place)
	return ok && slices.Contains(place.Tags, tag)
}

func syslogRecord(at time.Duration, priority int, host, program, process, messageID, data, text string) Record {
	return Record{At: at, Transport: SyslogTCP, Payload: fmt.Sprintf("<%d>1 {{now}} %s %s %s %s %s %s", priority, host, program, process, messageID, data, text)}
}
