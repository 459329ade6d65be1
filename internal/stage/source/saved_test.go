package source_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/stage/source"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// TestWhatIsKnownOutlivesTheProgram opens the module again without ending it
// first, as after a crash.
func TestWhatIsKnownOutlivesTheProgram(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := open(t, s, time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
		in := w.Inlets(source.KindSyslog)[0]
		in.Refused(2)
		in.Dropped(3)
		in.TryKeep(flow.Raw{Data: make([]byte, 2000)})
		w.Inlets(source.KindHTTP)[0].TryKeep(flow.Raw{Data: []byte("x")})
		for i := range 130 {
			w.Observe("panels", 0, errors.New("wrong \x00 \xff "+strconv.Itoa(i)), flow.Raw{
				Received: w.now, Peer: "192.0.2.1:514", Data: []byte{0, 0xff, byte(i)},
			})
			if i == 60 {
				save(t, w)
			}
		}
		save(t, w)
		save(t, w)
		before, failed := w.after(time.Second), failures(t, w, "panels")
		if before.Received != 1 || before.Bytes != 1024 || before.Truncated != 1 || before.Refused != 2 || before.Dropped != 3 || before.ParseErrors != 130 {
			t.Fatalf("it is %+v", before)
		}
		if len(failed) != 100 || !strings.HasSuffix(failed[0].Error, " 129") || !strings.HasSuffix(failed[99].Error, " 30") {
			t.Fatalf("%d failures, the newest %+v", len(failed), failed[0])
		}

		w = open(t, s, w.now)
		after := w.after(time.Second)
		after.RatePerMinute, after.State, after.Detail = before.RatePerMinute, before.State, before.Detail // of the last minute
		if diff := cmp.Diff(before, after); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(failed, failures(t, w, "panels")); diff != "" {
			t.Error(diff)
		}
		if h := w.Health(); h[0].State != source.StateOK || h[1].State != source.StateOK {
			t.Errorf("sources that have spoken are %+v", h)
		}
		w.Observe("panels", 0, errors.New("one more"), flow.Raw{Received: w.now})
		save(t, w)

		w = open(t, s, w.now)
		if got := failures(t, w, "panels"); len(got) != 100 || got[0].Error != "one more" || !strings.HasSuffix(got[1].Error, " 129") {
			t.Errorf("%d failures, the newest %+v", len(got), got[:2])
		}
	})
}

func TestFailuresOfASourceThatIsGone(t *testing.T) {
	s := one(t)
	w := open(t, s, time.Now())
	w.Observe("quiet", 0, errors.New("wrong"), flow.Raw{Received: w.now})
	save(t, w)
	if _, err := source.New(t.Context(), source.Deps{Space: s.Space("source"), Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	w = open(t, s, time.Now())
	if got := failures(t, w, "quiet"); len(got) != 0 {
		t.Errorf("there are %v", got)
	}
}

func TestEmptyRemovesCopiesOfRecords(t *testing.T) {
	s := one(t)
	w := open(t, s, time.Now())
	for _, saved := range []bool{true, false} {
		w.Observe("panels", 0, errors.New("wrong"), flow.Raw{Received: w.now})
		if saved {
			save(t, w)
		}
	}
	if err := w.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Observe("panels", 0, errors.New("later"), flow.Raw{Received: w.now})
	save(t, w)
	for range 2 {
		if got := failures(t, w, "panels"); len(got) != 1 || got[0].Error != "later" {
			t.Errorf("there are %v", got)
		}
		w = open(t, s, w.now)
	}
}

func TestTheEndIsSaved(t *testing.T) {
	s := one(t)
	w := open(t, s, time.Now())
	w.send("")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if h := open(t, s, w.now).Health()[0]; h.Received != 1 || h.State != source.StateOK {
		t.Errorf("it is %+v", h)
	}
}

func save(t *testing.T, w *ward) {
	t.Helper()
	if err := w.SaveStates(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func failures(t *testing.T, w *ward, id string) []source.Failure {
	t.Helper()
	return call[module.List[source.Failure]](t, w, "list-source-failures", id).Items
}
