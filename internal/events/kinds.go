package events

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"warder/internal/flow"
)

// Kind is how much a segment holds of one kind of data: what retention and the
// storage page speak of. Ages count from acceptance, by Warder's clock.
type Kind struct {
	Category flow.Category `json:"category"`
	Source   string        `json:"source"`
	Exercise bool          `json:"exercise,omitempty"`
	Events   int           `json:"events"`
	WithRaw  int           `json:"with_raw,omitempty"`  // how many still have their raw bytes
	RawBytes int64         `json:"raw_bytes,omitempty"` // before compression
	Oldest   int64         `json:"oldest"`              // microseconds
	Newest   int64         `json:"newest"`
}

// same tells whether two counts are of one kind.
func (k Kind) same(o Kind) bool {
	return k.Category == o.Category && k.Source == o.Source && k.Exercise == o.Exercise
}

func (k Kind) withoutRaw() Kind {
	k.WithRaw, k.RawBytes = 0, 0
	return k
}

// kinds are the counts of a segment, few and in no order.
type kinds []Kind

func (ks kinds) add(k Kind) kinds {
	at := slices.IndexFunc(ks, k.same)
	if at < 0 {
		return append(ks, k)
	}
	have := &ks[at]
	have.Events += k.Events
	have.WithRaw += k.WithRaw
	have.RawBytes += k.RawBytes
	have.Oldest, have.Newest = min(have.Oldest, k.Oldest), max(have.Newest, k.Newest)
	return ks
}

func (ks kinds) sorted() kinds {
	slices.SortFunc(ks, func(a, b Kind) int {
		return cmp.Or(strings.Compare(string(a.Category), string(b.Category)), strings.Compare(a.Source, b.Source),
			cmp.Compare(btoi(a.Exercise), btoi(b.Exercise)))
	})
	return ks
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// kindOf is the count of one event.
func kindOf(e *flow.Event) Kind {
	at := e.Received.UnixMicro()
	k := Kind{Category: e.Category, Source: e.Source, Exercise: e.Exercise != "", Events: 1, Oldest: at, Newest: at}
	if len(e.Raw) > 0 {
		k.WithRaw, k.RawBytes = 1, int64(len(e.Raw))
	}
	return k
}

func kindsOf(all []*flow.Event) kinds {
	var ks kinds
	for _, e := range all {
		ks = ks.add(kindOf(e))
	}
	return ks.sorted()
}

// kindsOf returns a segment's counts. Those of one that was written before
// segments said them are counted once.
func (s *Store) kindsOf(seg *segment) (kinds, error) {
	seg.checks.Lock()
	known := seg.Kinds
	seg.checks.Unlock()
	if known != nil || seg.Rows == 0 {
		return known, nil
	}
	r, err := seg.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	counted, err := safely(func() (kinds, error) { return s.layout.countKinds(r) })
	if err != nil {
		return nil, err
	}
	seg.checks.Lock()
	seg.Kinds = counted
	seg.checks.Unlock()
	return counted, nil
}

func (l *layout) countKinds(r *reading) (kinds, error) {
	var ks kinds
	for at := range r.RowGroups() {
		g := l.newGroup(r, at)
		received, ok := g.chunk(colReceived)
		if !ok {
			return nil, fmt.Errorf("%w: it has no column %s", errUnreadable, colReceived)
		}
		moments, err := readMoments(received, g.rows)
		if err != nil {
			return nil, err
		}
		var columns [4]*texts
		for i, name := range []string{colCategory, "source", "exercise", colRaw} {
			if columns[i], err = g.texts(name); err != nil {
				return nil, err
			}
		}
		for row, us := range moments {
			k := Kind{Events: 1, Oldest: us, Newest: us}
			category, _ := columns[0].at(row)
			k.Category = flow.Category(category)
			k.Source, _ = columns[1].at(row)
			_, k.Exercise = columns[2].at(row)
			if raw, ok := columns[3].at(row); ok {
				k.WithRaw, k.RawBytes = 1, int64(len(raw))
			}
			ks = ks.add(k)
		}
	}
	return ks.sorted(), nil
}

// at is one, for a column that the segment may lack.
func (t *texts) at(row int) (string, bool) {
	if t == nil {
		return "", false
	}
	return t.one(row)
}
