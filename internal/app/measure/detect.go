package measure

import (
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"syscall"
	"time"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
)

// DetectInput says what detection is measured with. What is left empty is made up
// or our own, so that the bench runs anywhere.
type DetectInput struct {
	Rules  string // a folder, or an archive (.tar.gz), of Sigma rules
	Events string // a file of JSON, one event a line; .gz is unpacked
}

// Figures of the detect bench.
const (
	detectWork        = 2 * time.Second // of CPU, for each rate
	correlationKeys   = 1_000_000
	correlationHits   = 200_000 // whose time is taken
	correlationAtOnce = 50_000  // made before they are counted
)

// Detect measures how many events a second one core holds against rules, from the
// bytes of each event's line to the list of its rules; and how many hits it
// counts. The whole program runs on one processor while it is measured, and rates
// are per second of its CPU time, garbage collection included.
func Detect(ctx context.Context, o Options, in DetectInput) (Report, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	m, err := newDetection(in)
	if err != nil {
		return Report{}, err
	}
	for run := range o.Runs {
		o.say("detect " + progress(run, o.Runs))
		if err := m.once(ctx); err != nil {
			return Report{}, err
		}
	}
	if err := m.correlations(ctx, o); err != nil {
		return Report{}, err
	}
	return Report{Bench: "detect", Version: o.Version, Machine: thisMachine(), Runs: o.Runs, Input: m.input, Results: m.figures.results()}, nil
}

// detection is what is measured, and with what.
type detection struct {
	figures
	input string
	rules fs.FS
	root  string
	lines [][]byte
}

func newDetection(in DetectInput) (*detection, error) {
	m := &detection{rules: content.FS, root: "rules"}
	rules, events := "our own rules", fmt.Sprintf("%d made-up Windows events", madeUpEvents)
	var err error
	if in.Rules != "" {
		rules, m.root = "the rules of "+in.Rules, "."
		if m.rules, err = ruleFiles(in.Rules); err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
	}
	if in.Events == "" {
		m.lines = windowsEvents(madeUpEvents)
	} else if m.lines, err = eventLines(in.Events); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	} else {
		events = fmt.Sprintf("%d events of %s", len(m.lines), in.Events)
	}
	m.input = rules + "; " + events
	return m, nil
}

func (m *detection) once(ctx context.Context) error {
	engine, err := m.compile()
	if err != nil {
		return err
	}
	scanner := engine.NewScanner()
	matches, err := scan(scanner, m.lines) // which also warms it up
	if err != nil {
		return err
	}
	m.add("detect.matches", "", float64(matches))
	for _, x := range []struct {
		name    string
		scanner *sigma.Scanner
	}{{"detect.events_per_second", scanner}, {"detect.events_per_second_unrouted", engine.NewUnroutedScanner()}} {
		rate, err := m.rate(ctx, x.scanner)
		if err != nil {
			return err
		}
		m.add(x.name, "events/s", rate)
	}
	m.slowest(scanner)
	return m.allocations(engine)
}

// compile loads the rules and makes the engine.
func (m *detection) compile() (*sigma.Engine, error) {
	tables, err := sigma.ReadTables(content.FS, "mappings")
	if err != nil {
		return nil, err
	}
	before, start := heap(), cpuTime()
	set, err := sigma.Load(tables, sigma.Folder{Name: "bench", FS: m.rules, Root: m.root})
	if err != nil {
		return nil, err
	}
	engine := sigma.NewEngine(set)
	took := cpuTime() - start
	loaded := len(set.Rules()) - len(set.Failed)
	m.add("detect.rules_loaded", "", float64(loaded))
	m.add("detect.rules_total", "", float64(loaded+len(set.Failed)))
	m.add("detect.compile_seconds", "s", took.Seconds())
	m.add("detect.memory_mb", "MB", float64(heap()-before)/1e6)
	runtime.KeepAlive(set)
	return engine, nil
}

// rate scans all events again and again until enough time was spent.
func (m *detection) rate(ctx context.Context, s *sigma.Scanner) (float64, error) {
	events, start := 0, cpuTime()
	for {
		if _, err := scan(s, m.lines); err != nil {
			return 0, err
		}
		events += len(m.lines)
		if spent := cpuTime() - start; spent >= detectWork {
			return float64(events) / spent.Seconds(), ctx.Err()
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
	}
}

func scan(s *sigma.Scanner, lines [][]byte) (matches int, err error) {
	for i, line := range lines {
		rules, err := s.Scan(line)
		if err != nil {
			return matches, fmt.Errorf("event %d: %w", i+1, err)
		}
		matches += len(rules)
	}
	return matches, nil
}

// timedPasses is how often each event is timed. Its best time counts: the others
// tell of the machine and not of the event.
const timedPasses = 5

// slowest takes the time of every single event, by the clock on the wall: that of
// the CPU is too coarse.
func (m *detection) slowest(s *sigma.Scanner) {
	times := make([]float64, len(m.lines))
	for pass := range timedPasses {
		for i, line := range m.lines {
			start := time.Now()
			_, _ = s.Scan(line) // it was read before
			if took := time.Since(start).Seconds() * 1000; pass == 0 || took < times[i] {
				times[i] = took
			}
		}
	}
	slices.Sort(times)
	m.add("detect.p999_ms", "ms", quantile(times, 0.999))
}

// allocations are those of events that were read already, as the program matches
// them: a Scanner makes none.
func (m *detection) allocations(engine *sigma.Engine) error {
	events := make([]*flow.Event, min(len(m.lines), 2000))
	for i := range events {
		events[i] = &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther}
		if err := readObject(m.lines[i], &events[i].Original); err != nil {
			return fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	var before, after runtime.MemStats
	for range 2 { // the first time warms it up
		runtime.ReadMemStats(&before)
		for _, ev := range events {
			engine.Match(ev)
		}
		runtime.ReadMemStats(&after)
	}
	m.add("detect.allocs_per_event", "", float64(after.Mallocs-before.Mallocs)/float64(max(len(events), 1)))
	return nil
}

// heap is what is in use; pools keep what nobody uses for two collections.
func heap() int64 {
	for range 3 {
		runtime.GC()
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// cpuTime is what this process has spent so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Duration(time.Now().UnixNano()) // no such counter here: wall clock
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
