package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"warder/internal/exchange"
	"warder/internal/module"
)

// Health is the whole line.
type Health struct {
	Topics   []TopicHealth `json:"topics" doc:"along the way; the parts of a topic count as one"`
	Dead     []string      `json:"dead_topics" doc:"topics on which messages were set aside, each part by itself"`
	Disk     int64         `json:"disk_bytes" doc:"what the exchange takes on its disk"`
	DiskFree int64         `json:"disk_free_bytes"`
}

// TopicHealth is one topic.
type TopicHealth struct {
	Topic     string           `json:"topic"`
	First     uint64           `json:"first" doc:"oldest offset kept"`
	Last      uint64           `json:"last" doc:"newest offset"`
	Bytes     int64            `json:"bytes" doc:"on disk, about"`
	Rate      float64          `json:"rate" doc:"messages a second over the last minute"`
	Dead      int              `json:"dead" doc:"messages that were set aside"`
	Consumers []ConsumerHealth `json:"consumers"`
}

// ConsumerHealth is how far a consumer came.
type ConsumerHealth struct {
	Name   string     `json:"name"`
	Offset uint64     `json:"offset"`
	Lag    uint64     `json:"lag" doc:"messages that it has not passed yet"`
	Rate   float64    `json:"rate" doc:"messages a second over the last minute"`
	Oldest *time.Time `json:"oldest,omitempty" doc:"when the oldest message that it has not passed was published"`
	Age    float64    `json:"age_s" doc:"how old that message is"`
}

// Run measures until ctx ends.
func (l *Line) Run(ctx context.Context) error {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		if err := l.sample(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (l *Line) sample(ctx context.Context) error {
	all, err := l.o.Log.Status(ctx)
	if err != nil {
		return fmt.Errorf("measure the topics: %w", err)
	}
	now := l.o.Now()
	for _, t := range all {
		l.meter.note(t.Topic, now, t.Last)
		workers, err := l.workers(ctx, t)
		if err != nil {
			return err
		}
		for _, w := range workers {
			l.meter.note(t.Topic+" "+w.Name, now, w.Offset)
		}
	}
	return nil
}

// Topics tells about every topic, along the way.
func (l *Line) Topics(ctx context.Context) ([]TopicHealth, error) {
	all, err := l.o.Log.Status(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b exchange.TopicStatus) int { return l.place(a.Topic) - l.place(b.Topic) })
	now := l.o.Now()
	list := make([]TopicHealth, 0, len(all))
	for _, t := range all {
		h := TopicHealth{Topic: t.Topic, First: t.First, Last: t.Last, Bytes: t.Bytes, Dead: t.Dead, Rate: l.meter.rate(t.Topic, now, t.Last)}
		if h.Consumers, err = l.consumers(ctx, t, now); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

func (l *Line) place(topic string) int {
	if at := slices.Index(l.o.Order, topic); at >= 0 {
		return at
	}
	return len(l.o.Order)
}

func (l *Line) consumers(ctx context.Context, t exchange.TopicStatus, now time.Time) ([]ConsumerHealth, error) {
	workers, err := l.workers(ctx, t)
	if err != nil {
		return nil, err
	}
	list := make([]ConsumerHealth, 0, len(workers))
	for _, w := range workers {
		h := ConsumerHealth{Name: w.Name, Offset: w.Offset, Lag: w.Lag, Rate: l.meter.rate(t.Topic+" "+w.Name, now, w.Offset)}
		if h.Lag > 0 {
			if h.Oldest, err = l.published(ctx, t.Topic, max(h.Offset, t.First-1)); err != nil {
				return nil, err
			}
		}
		if h.Oldest != nil {
			h.Age = max(0, now.Sub(*h.Oldest).Seconds())
		}
		list = append(list, h)
	}
	return list, nil
}

// workers are the consumers of which the line was told, or else those that keep
// their cursors in the log.
func (l *Line) workers(ctx context.Context, t exchange.TopicStatus) ([]exchange.ConsumerStatus, error) {
	known := l.o.Workers[t.Topic]
	if len(known) == 0 {
		return t.Consumers, nil
	}
	list := make([]exchange.ConsumerStatus, 0, len(known))
	for _, w := range known {
		at, err := w.At(ctx)
		if err != nil {
			return nil, fmt.Errorf("find how far %s is on topic %s: %w", w.Name, t.Topic, err)
		}
		list = append(list, exchange.ConsumerStatus{Name: w.Name, Offset: at, Lag: t.Last - min(t.Last, max(at, t.First-1))})
	}
	return list, nil
}

// published is when the first message after an offset was published; nil when it
// is gone or damaged, which its consumer reports.
func (l *Line) published(ctx context.Context, topic string, after uint64) (*time.Time, error) {
	msgs, err := l.o.Log.Read(ctx, topic, after, 1, 1)
	if errors.Is(err, exchange.ErrDamaged) || err == nil && len(msgs) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &msgs[0].Time, nil
}

func (l *Line) list(ctx context.Context, _ *module.None) (*module.List[TopicHealth], error) {
	all, err := l.Topics(ctx)
	return &module.List[TopicHealth]{Items: all, Total: len(all)}, err
}

// pipeline folds the partitions of a topic into one: thirty-two rows of the same
// say no more than one.
func (l *Line) pipeline(ctx context.Context, _ *module.None) (*Health, error) {
	all, err := l.Topics(ctx)
	if err != nil {
		return nil, err
	}
	used, free, err := l.o.Disk()
	if err != nil {
		return nil, fmt.Errorf("measure the disk of the exchange: %w", err)
	}
	h := &Health{Topics: folded(all), Dead: []string{}, Disk: int64(used), DiskFree: int64(free)}
	for _, t := range all {
		if t.Dead > 0 {
			h.Dead = append(h.Dead, t.Topic)
		}
	}
	return h, nil
}

func folded(all []TopicHealth) []TopicHealth {
	var list []TopicHealth
	for _, t := range all {
		name, _, part := strings.Cut(t.Topic, ".")
		if last := len(list) - 1; part && last >= 0 && list[last].Topic == name {
			list[last].add(t)
			continue
		}
		if part {
			t.Topic, t.First = name, 0
		}
		list = append(list, t)
	}
	return list
}

// add makes a topic of partitions count one more. Its offsets are sums: of a
// spread topic only the rates and the lags mean something.
func (h *TopicHealth) add(part TopicHealth) {
	h.First, h.Last, h.Bytes, h.Rate, h.Dead = 0, h.Last+part.Last, h.Bytes+part.Bytes, h.Rate+part.Rate, h.Dead+part.Dead
	for _, c := range part.Consumers {
		at := slices.IndexFunc(h.Consumers, func(o ConsumerHealth) bool { return o.Name == c.Name })
		if at < 0 {
			h.Consumers = append(h.Consumers, c)
			continue
		}
		sum := &h.Consumers[at]
		sum.Offset, sum.Lag, sum.Rate = sum.Offset+c.Offset, sum.Lag+c.Lag, sum.Rate+c.Rate
		if c.Age >= sum.Age && c.Oldest != nil {
			sum.Age, sum.Oldest = c.Age, c.Oldest
		}
	}
}
