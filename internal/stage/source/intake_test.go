package source

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// log is a publisher in memory that can be slow or fail.
type log struct {
	mu      sync.Mutex
	calls   int
	batches []flow.RawBatch
	took    time.Duration
	err     error
}

func (l *log) Publish(_ context.Context, _ string, values ...flow.RawBatch) (uint64, error) {
	time.Sleep(l.took)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if l.err != nil {
		return 0, l.err
	}
	l.batches = append(l.batches, values...)
	return uint64(len(l.batches)), nil
}

func (l *log) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *log) records() (out []flow.Raw) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range l.batches {
		out = append(out, b.Records...)
	}
	return out
}

// run starts an intake and returns what ends it.
func run(t testing.TB, o Options) (*Intake, func()) {
	t.Helper()
	i := NewIntake(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- i.Run(ctx) }()
	return i, func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the intake ended with %v", err)
		}
	}
}

func rec(data string) flow.Raw { return flow.Raw{Source: "s", Data: []byte(data)} }

func keyed(key, data string) flow.Raw {
	r := rec(data)
	r.Key = key
	return r
}

func TestManyShareOnePublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{took: 10 * time.Millisecond}
		i, end := run(t, Options{Publisher: l})
		defer end()
		began := time.Now()
		var wg sync.WaitGroup
		for n := range 400 {
			wg.Go(func() {
				if err := i.Accept(t.Context(), rec(fmt.Sprint(n))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took != 12*time.Millisecond {
			t.Errorf("took %s; want the wait for company and one publish", took)
		}
		if l.calls != 1 || len(l.records()) != 400 {
			t.Errorf("%d calls carried %d records", l.calls, len(l.records()))
		}
	})
}

func TestBatchesAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := NewIntake(Options{Publisher: &log{}, Records: 4, Bytes: 1000})
		var entries []entry
		for n, size := range rapid.SliceOfN(rapid.IntRange(0, 1200), 1, 50).Draw(t, "sizes") {
			r := flow.Raw{Channel: fmt.Sprint(n), Data: make([]byte, size)}
			entries = append(entries, entry{rec: r, size: rawSize(r)})
		}
		n := 0
		for _, b := range i.batches(entries) {
			if len(b.Records) == 0 || len(b.Records) > 4 || sizeOf(b.Records) > 1000 && len(b.Records) > 1 {
				t.Fatalf("a batch of %d records and %d bytes", len(b.Records), sizeOf(b.Records))
			}
			for _, r := range b.Records {
				if r.Channel != fmt.Sprint(n) {
					t.Fatalf("record %s stands in place %d", r.Channel, n)
				}
				n++
			}
		}
		if n != len(entries) {
			t.Fatalf("%d of %d records", n, len(entries))
		}
	})
}

func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{took: time.Hour}
		i, end := run(t, Options{Publisher: l, Pending: 1000})
		big := strings.Repeat("x", 600)
		go func() { _ = i.Accept(context.Background(), rec(big)) }()
		synctest.Wait()
		if i.TryKeep(rec(big)) {
			t.Error("TryKeep found room where there is none")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := i.Keep(ctx, rec(big)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Keep said %v", err)
		}
		if err := i.Accept(t.Context(), rec(strings.Repeat("y", 5000))); err != nil {
			t.Errorf("a record larger than the room said %v", err)
		}
		end()
		if n := len(l.records()); n != 2 {
			t.Errorf("%d records, want 2", n)
		}
	})
}

func TestFailureIsToldOrTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{err: errors.New("no space left on device")}
		i, end := run(t, Options{Publisher: l})
		defer end()
		if err := i.Keep(t.Context(), rec("kept")); err != nil {
			t.Fatal(err)
		}
		err := i.Accept(t.Context(), keyed("k", "told"))
		if fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), "device") {
			t.Errorf("Accept said %v", err)
		}
		time.Sleep(time.Minute)
		l.fail(nil)
		if err := i.Accept(t.Context(), keyed("k", "told")); err != nil {
			t.Errorf("the same key again said %v", err)
		}
		time.Sleep(time.Minute)
		var got []string
		for _, r := range l.records() {
			got = append(got, string(r.Data))
		}
		if strings.Join(got, " ") != "kept told" {
			t.Errorf("got %q", got)
		}
	})
}

// Records that are tried again do not make others wait behind them.
func TestFailureIsToldBehindKeptRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{err: errors.New("no space left on device")}
		i, end := run(t, Options{Publisher: l, Records: 2})
		for range 100 {
			if err := i.Keep(t.Context(), rec("kept")); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := i.Accept(ctx, rec("told")); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Accept said %v", err)
		}
		l.fail(nil)
		end()
		if n := len(l.records()); n != 100 {
			t.Errorf("%d records in the end, want 100", n)
		}
	})
}

func TestKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{took: time.Second}
		i, end := run(t, Options{Publisher: l, Keys: 2})
		defer end()
		var wg sync.WaitGroup
		for range 3 { // at the same time: one record, and all wait for it
			wg.Go(func() {
				if err := i.Accept(t.Context(), keyed("a", "a"), rec("no key")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(l.records()); n != 4 {
			t.Errorf("%d records, want one a and three without a key", n)
		}
		other := keyed("a", "of another source")
		other.Source = "t"
		for _, r := range []flow.Raw{keyed("b", ""), keyed("a", ""), other, keyed("c", ""), keyed("b", "")} {
			if err := i.Accept(t.Context(), r); err != nil {
				t.Error(err)
			}
		}
		if n := len(l.records()); n != 7 {
			t.Errorf("%d records, want 7: b, the other source's a, c", n)
		}
		if err := i.Accept(t.Context(), keyed("a", "forgotten")); err != nil || len(l.records()) != 8 {
			t.Errorf("the oldest of three keys was not forgotten: %v", err)
		}
	})
}

func TestEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{}
		i, end := run(t, Options{Publisher: l, Delay: time.Hour})
		for n := range 5 {
			if !i.TryKeep(rec(fmt.Sprint(n))) {
				t.Fatal("no room")
			}
		}
		synctest.Wait()
		end()
		if n := len(l.records()); n != 5 {
			t.Errorf("%d records were published at the end, want 5", n)
		}
		if err := i.Accept(t.Context(), rec("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("after the end Accept said %v", err)
		}
		if i.TryKeep(rec("late")) {
			t.Error("after the end TryKeep took a record")
		}
	})
}

func TestEndOnALogThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &log{err: errors.New("gone")}
		i, end := run(t, Options{Publisher: l})
		errs := make(chan error, 1)
		_ = i.Keep(t.Context(), rec("kept"))
		go func() { errs <- i.Accept(context.Background(), rec("told")) }()
		if err := <-errs; fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Accept said %v", err)
		}
		end()
	})
}

// Whatever callers do at the same time, each accepted record is there once, in
// its caller's order, and room is given back.
func TestConcurrentCallers(t *testing.T) {
	l := &log{}
	i, end := run(t, Options{Publisher: l, Records: 7, Bytes: 2000, Pending: 5000, Delay: time.Microsecond})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := 0; n < 100; n += 2 {
				r := func(n int) flow.Raw {
					return flow.Raw{Source: "s", Channel: fmt.Sprint(w), Data: fmt.Append(nil, n), Key: fmt.Sprint(w, "/", n)}
				}
				var err error
				if n%4 == 0 {
					err = i.Accept(t.Context(), r(n), r(n+1))
				} else {
					err = errors.Join(i.Keep(t.Context(), r(n)), i.Keep(t.Context(), r(n+1)))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	end()
	next := map[string]int{}
	for _, r := range l.records() {
		if string(r.Data) != fmt.Sprint(next[r.Channel]) {
			t.Fatalf("caller %s: record %s came in place %d", r.Channel, r.Data, next[r.Channel])
		}
		next[r.Channel]++
	}
	if len(next) != 8 || next["0"] != 100 {
		t.Errorf("records of each caller: %v", next)
	}
	if !i.room.TryAcquire(5000) {
		t.Error("room was not given back")
	}
}
