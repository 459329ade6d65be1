package events

import (
	"context"
	"math"
	"sync"
	"time"

	"warder/internal/flow"
)

// Histogram is how many events there were in equal spans of time.
type Histogram struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Bucket float64   `json:"bucket_s" doc:"length of one span in seconds"`
	Counts []Bucket  `json:"counts" doc:"every span, in order, also empty ones"`
	// Cut says that the budget was spent: spans before it are not complete.
	Cut *Cut `json:"cut,omitempty" doc:"why not everything was counted, and back to when it was"`
	// Damaged counts segments that could not be read: the counts may lack events.
	Damaged int `json:"damaged,omitempty" doc:"damaged segments, whose events are not counted"`
}

// Bucket is one span of a histogram.
type Bucket struct {
	Time       time.Time      `json:"t" doc:"when the span begins"`
	Total      int            `json:"total"`
	ByCategory map[string]int `json:"by_category"`
}

// What a histogram covers when nothing else is asked for, and its bounds.
const (
	defaultSpan    = 24 * time.Hour
	defaultBuckets = 60
	mostBuckets    = 1000
)

// Histogram counts the events that meet a query, in at most so many spans of
// time (0 means 60), each of a length that people count in. Without From it
// covers the 24 hours before To, without To it ends now. From is moved back and
// To forward to the edge of a span.
func (s *Store) Histogram(ctx context.Context, q Query, buckets int) (Histogram, error) {
	if q.To.IsZero() {
		q.To = s.o.Now()
	}
	if q.From.IsZero() || !q.From.Before(q.To) {
		q.From = q.To.Add(-defaultSpan)
	}
	if buckets <= 0 {
		buckets = defaultBuckets
	}
	h := empty(q.From, q.To, min(buckets, mostBuckets))
	q.From, q.To = h.From, h.To
	err := s.tally(ctx, q, &h.Damaged, &h.Cut, &intoSpans{h: &h, from: h.From.UnixMicro(), step: int64(h.Bucket * 1e6)})
	return h, err
}

func empty(from, to time.Time, buckets int) Histogram {
	from, to = from.UTC(), to.UTC()
	step := length(to.Sub(from), buckets)
	from = from.Truncate(step)
	h := Histogram{From: from, Bucket: step.Seconds()}
	for at := from; at.Before(to); at = at.Add(step) {
		h.Counts = append(h.Counts, Bucket{Time: at, ByCategory: map[string]int{}})
	}
	h.To = from.Add(step * time.Duration(len(h.Counts)))
	return h
}

// length returns a length that people count in, of which about so many cover a span.
func length(span time.Duration, buckets int) time.Duration {
	const day = 24 * time.Hour
	for _, step := range []time.Duration{time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
		time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 7 * day, 30 * day} {
		if span <= step*time.Duration(buckets) {
			return step
		}
	}
	days := time.Duration(math.Ceil(float64(span) / float64(day) / float64(buckets)))
	return days * day
}

// intoSpans counts into the spans of a histogram.
type intoSpans struct {
	mu   sync.Mutex
	h    *Histogram
	from int64
	step int64
}

func (sp *intoSpans) span(us int64) *Bucket {
	return &sp.h.Counts[min(int((us-sp.from)/sp.step), len(sp.h.Counts)-1)]
}

func (sp *intoSpans) event(e *flow.Event) {
	b := sp.span(e.Time.UnixMicro())
	b.Total++
	b.ByCategory[string(e.Category)]++
}

// rows counts those of a group, which are in order of time: each category's rows
// within a span are added up before they are written down.
func (sp *intoSpans) rows(g *group, m mask) error {
	times, err := g.moments()
	if err != nil {
		return err
	}
	categories, err := g.texts(colCategory)
	if err != nil {
		return err
	}
	counts := make([]int, len(categories.values)+1) // the first are those without
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for row := 0; row < len(m); {
		b := sp.span(times[row])
		end := b.Time.UnixMicro() + sp.step
		for ; row < len(m) && times[row] < end; row++ {
			if m[row] {
				counts[categories.places[row]+1]++
			}
		}
		for place, n := range counts {
			if n > 0 {
				name := ""
				if place > 0 {
					name = categories.values[place-1]
				}
				b.Total += n
				b.ByCategory[name] += n
			}
			counts[place] = 0
		}
	}
	return nil
}
