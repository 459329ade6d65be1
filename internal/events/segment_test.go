package events

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

func TestColumnsStandInTheOrderOfTheSchema(t *testing.T) {
	l := newLayout(osDisk{})
	leaves := l.schema.Columns()
	if len(leaves) != len(l.columns) {
		t.Fatalf("%d columns, and %d in the schema", len(l.columns), len(leaves))
	}
	for i, c := range l.columns {
		if !slices.Equal(leaves[i], []string{c.name}) {
			t.Errorf("column %d is %s, in the schema %v", i, c.name, leaves[i])
		}
		if c.shape == word && c.attr == "" && c.get == nil && !c.inner {
			t.Errorf("column %s has no source", c.name)
		}
		if c.attr == "" && c.shape != moment && !c.inner && l.setter(c.name) == nil && c.name != colAssetIDs {
			t.Errorf("column %s is not read", c.name)
		}
	}
	for attr, name := range l.attrs {
		if l.setter(name) == nil {
			t.Errorf("attribute %s is not read", attr)
		}
	}
}

// A segment made of others has its rows in order of time, so that searches can
// leave row groups out, and says what it replaces.
func TestJoinedSegmentsAreInOrderOfTime(t *testing.T) {
	const rows = 48 // of 64 in a group
	s := &Store{o: Options{Dir: t.TempDir()}, layout: newLayout(osDisk{})}
	s.o.defaults()
	s.layout.groupRows = 64
	var run []*segment
	for n := range 3 {
		var all []*flow.Event
		for i := range rows {
			at := time.UnixMicro(int64(rand.IntN(1e12))).UTC()
			all = append(all, &flow.Event{ID: flow.RecordID{Writer: "w", Seq: uint64(n), Index: uint32(i)}.String(), Time: at, Received: at})
		}
		seg, err := s.layout.writeSegment(s.o.Dir, meta{After: uint64(n), Through: uint64(n + 1)}, byTime(all))
		if err != nil {
			t.Fatal(err)
		}
		run = append(run, seg)
	}
	joined, err := s.merge(context.Background(), run)
	if err != nil {
		t.Fatal(err)
	}
	if joined.Rows != 3*rows || joined.After != 0 || joined.Through != 3 || len(joined.Replaces) != 3 || !joined.Writers.may("w.2.5") {
		t.Errorf("joined %+v", joined.meta)
	}
	r, err := joined.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	last := joined.MinTime
	for i := range r.RowGroups() {
		g := s.layout.newGroup(r, i)
		low, high, ok := g.span()
		times, err := g.moments()
		if err != nil || !ok || low != times[0] || high != times[len(times)-1] || low < last || !slices.IsSorted(times) {
			t.Errorf("group %d: from %d to %d (known: %v), after %d, %v", i, low, high, ok, last, err)
		}
		last = high
	}
	if len(r.RowGroups()) != 3 || last != joined.MaxTime {
		t.Errorf("%d groups up to %d, want 3 up to %d", len(r.RowGroups()), last, joined.MaxTime)
	}
}

// A Bloom filter answers only for columns in which case cannot matter.
func TestBloomFiltersKeepOut(t *testing.T) {
	l := newLayout(osDisk{})
	all := []*flow.Event{{ID: "w.1.0", Attributes: map[string]string{flow.AttrUser: "m.rossi", flow.AttrBadge: "B1042"},
		Assets: []flow.AssetRef{{ID: "a-2"}}}}
	seg, err := l.writeSegment(t.TempDir(), meta{Through: 1}, all)
	if err != nil {
		t.Fatal(err)
	}
	r, err := seg.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	g := l.newGroup(r, 0)
	for text, want := range map[string]bool{
		"actor.user:m.rossi": true, "actor.user:M.Rossi": true, "actor.user:nobody": false,
		"actor.badge:b1042": true, "actor.badge:b10": true, // upper case is in it: the column itself must be asked
		"-actor.user:nobody": true, "actor.user:nobody OR id:w.1.0": true, "id:w.1.1": false, "asset:a-1": false,
	} {
		can, err := l.possible(r, seg, parse(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got := can(g); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// A segment of a program that knew fewer attributes reads the same.
func TestSegmentsOfAnOlderVocabulary(t *testing.T) {
	old, now := newLayout(osDisk{}), newLayout(osDisk{})
	old.columns = slices.DeleteFunc(old.columns, func(c column) bool { return c.attr == flow.AttrDoor })
	delete(old.attrs, flow.AttrDoor)
	group := parquet.Group{}
	for _, c := range old.columns {
		group[c.name] = node(c)
	}
	old.schema = parquet.NewSchema("event", group)
	e := &flow.Event{ID: "w.1.0", Time: time.UnixMicro(1).UTC(), Received: time.UnixMicro(1).UTC(),
		Attributes: map[string]string{flow.AttrDoor: "D-1", flow.AttrReader: "R-1"}}
	seg, err := old.writeSegment(t.TempDir(), meta{Through: 1}, []*flow.Event{e})
	if err != nil {
		t.Fatal(err)
	}
	got, err := seg.byID(now, "w.1.0")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, got); diff != "" {
		t.Error(diff)
	}
	r, err := seg.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, text := range []string{"door.id:d-1", "d-1", "reader.id:r-1"} {
		if m, err := now.newGroup(r, 0).meet(parse(t, text), mask{true}); err != nil || !m.any() {
			t.Errorf("%s: %v, %v", text, m, err)
		}
	}
}
