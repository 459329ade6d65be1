package events

import (
	"context"
	"math"
	"time"

	"warder/internal/events/query"
)

// Histogram is how many events there were in equal spans of time.
type Histogram struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Bucket float64   `json:"bucket_s" doc:"length of one span in seconds"`
	Counts []Bucket  `json:"counts" doc:"every span, in order, also empty ones"`
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
	from, step := h.From.UnixMicro(), int64(h.Bucket*1e6)
	damaged, err := s.tally(ctx, q, func(us int64, category string) {
		b := &h.Counts[min(int((us-from)/step), len(h.Counts)-1)]
		b.Total++
		b.ByCategory[category]++
	})
	h.Damaged = damaged
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

// Count returns how many events meet a query; Limit and Cursor do not matter.
// When damaged segments may hold more, the answer is too small: Check tells.
func (s *Store) Count(ctx context.Context, q Query) (int, error) {
	n := 0
	_, err := s.tally(ctx, q, func(int64, string) { n++ })
	return n, err
}

// tally calls count for every event that meets a query.
func (s *Store) tally(ctx context.Context, q Query, count func(us int64, category string)) (damaged int, err error) {
	n, err := query.Parse(q.Text)
	if err != nil {
		return 0, err
	}
	v, err := s.view()
	if err != nil {
		return 0, err
	}
	defer v.release()
	sc := &scan{view: v, query: n, window: newWindow(q.From, q.To)}
	found, _ := v.inMemory(n, sc.window)
	for _, e := range found {
		count(e.Time.UnixMicro(), string(e.Category))
	}
	err = sc.each(ctx, func(int64) bool { return true },
		func(_ *segment, _ int, g *group, times []int64, m mask) error {
			categories, err := g.texts(colCategory)
			if err != nil {
				return err
			}
			for row, meets := range m {
				if meets {
					category, _ := categories.one(row)
					count(times[row], category)
				}
			}
			return nil
		})
	return sc.damaged, err
}
