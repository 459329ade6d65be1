package events

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Usage is what the store holds.
type Usage struct {
	Bytes    int64     `json:"bytes" doc:"of all segments on disk"`
	Segments int       `json:"segments"`
	Events   int       `json:"events" doc:"in segments"`
	Waiting  int       `json:"waiting" doc:"events in memory that are not in a segment yet"`
	Kinds    []KindUse `json:"kinds"`
	Days     []DayUse  `json:"days" doc:"by the day (UTC) of acceptance, newest first"`
	Damaged  []Damaged `json:"damaged" doc:"files that were set aside"`
}

// KindUse is what events of one category and source take.
type KindUse struct {
	Category flow.Category `json:"category"`
	Source   string        `json:"source"`
	Exercise bool          `json:"exercise,omitempty"`
	Events   int           `json:"events"`
	Bytes    int64         `json:"bytes" doc:"on disk, about: a file's bytes shared out among its events"`
	RawBytes int64         `json:"raw_bytes" doc:"of the records as they came, before compression"`
	Oldest   time.Time     `json:"oldest"`
	Newest   time.Time     `json:"newest"`
}

// DayUse is what one day's events take.
type DayUse struct {
	Day    string `json:"day"`
	Events int    `json:"events"`
	Bytes  int64  `json:"bytes"`
}

// Damaged is a segment in quarantine.
type Damaged struct {
	Name    string `json:"name"`
	Bytes   int64  `json:"bytes"`
	After   uint64 `json:"after" doc:"it held events from topic raw above this offset"`
	Through uint64 `json:"through" doc:"up to this one"`
}

// Usage tells what the store holds, by kind of data and by day.
func (s *Store) Usage(ctx context.Context) (Usage, error) {
	v, err := s.view()
	if err != nil {
		return Usage{}, err
	}
	defer v.release()
	u := Usage{Kinds: []KindUse{}, Days: []DayUse{}, Segments: len(v.segments)}
	for _, b := range v.buffers {
		u.Waiting += len(b)
	}
	for _, seg := range v.segments {
		if err := ctx.Err(); err != nil {
			return u, err
		}
		ks, err := s.kindsOf(seg)
		if errors.Is(err, errDamaged) {
			s.lose(seg, err)
			continue
		}
		if err != nil {
			return u, err
		}
		u.add(seg, ks)
	}
	slices.SortFunc(u.Kinds, func(a, b KindUse) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(string(a.Category), string(b.Category)), strings.Compare(a.Source, b.Source))
	})
	slices.SortFunc(u.Days, func(a, b DayUse) int { return strings.Compare(b.Day, a.Day) })
	u.Damaged, err = s.quarantined()
	return u, err
}

func (u *Usage) add(seg *segment, ks kinds) {
	u.Bytes += seg.size
	u.Events += seg.Rows
	for _, k := range ks {
		bytes := seg.size * int64(k.Events) / int64(max(seg.Rows, 1))
		u.kind(k, bytes)
		u.day(FromMicros(k.Oldest).Format(time.DateOnly), k.Events, bytes)
	}
}

func (u *Usage) kind(k Kind, bytes int64) {
	at := slices.IndexFunc(u.Kinds, func(o KindUse) bool {
		return o.Category == k.Category && o.Source == k.Source && o.Exercise == k.Exercise
	})
	if at < 0 {
		at = len(u.Kinds)
		u.Kinds = append(u.Kinds, KindUse{Category: k.Category, Source: k.Source, Exercise: k.Exercise,
			Oldest: FromMicros(k.Oldest), Newest: FromMicros(k.Newest)})
	}
	have := &u.Kinds[at]
	have.Events += k.Events
	have.Bytes += bytes
	have.RawBytes += k.RawBytes
	if t := FromMicros(k.Oldest); t.Before(have.Oldest) {
		have.Oldest = t
	}
	if t := FromMicros(k.Newest); t.After(have.Newest) {
		have.Newest = t
	}
}

func (u *Usage) day(day string, events int, bytes int64) {
	at := slices.IndexFunc(u.Days, func(o DayUse) bool { return o.Day == day })
	if at < 0 {
		at = len(u.Days)
		u.Days = append(u.Days, DayUse{Day: day})
	}
	u.Days[at].Events += events
	u.Days[at].Bytes += bytes
}

// FromMicros reads the times of a Kind.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

func (s *Store) quarantined() ([]Damaged, error) {
	out := []Damaged{}
	entries, err := s.o.Disk.List(filepath.Join(s.o.Dir, quarantine))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	for _, e := range entries {
		d := Damaged{Name: e.Name, Bytes: e.Size}
		if parts := strings.Split(e.Name, "-"); len(parts) == 3 {
			d.After, _ = strconv.ParseUint(parts[0], 10, 64) // the name may be foreign
			d.Through, _ = throughOf(e.Name)
		}
		out = append(out, d)
	}
	return out, err
}

// Discard removes a damaged segment from the quarantine for good.
func (s *Store) Discard(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.damaged, name) {
		return fault.New(fault.NotFound, "there is no file %q in the quarantine", name)
	}
	return s.removeQuarantined(name)
}
