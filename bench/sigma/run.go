package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"

	"warder/content"
	"warder/internal/stage/detect/sigma"
)

// pair is a rule that an event meets, by their numbers.
type pair struct{ rule, event int }

// outcome is what one engine did.
type outcome struct {
	Engine    string  `json:"engine"`
	Loaded    int     `json:"rules_loaded"`
	Events    int     `json:"events"` // that it got through in the time it was given
	Rate      float64 `json:"events_per_cpu_second"`
	Parsing   bool    `json:"parsing_included"`
	Allocs    float64 `json:"allocations_per_event"`
	Reported  int     `json:"pairs_reported"`
	Wrong     int     `json:"pairs_wrong"`  // reported, and the specification says no
	Missed    int     `json:"pairs_missed"` // not reported, and the specification says yes
	NotLoaded int     `json:"pairs_missed_for_rules_not_loaded"`

	loaded map[int]bool
	pairs  map[pair]bool
}

// cpu is the processor time of the whole process so far.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for this process
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// runPeer gives a peer the events, parsed, each with the rules that are meant for
// it, until they end or it has had its time.
func runPeer(e engine, files []ruleFile, events []sample, limit time.Duration) outcome {
	out := outcome{Engine: e.name(), loaded: map[int]bool{}, pairs: map[pair]bool{}}
	for n := range files {
		if e.load(n, files[n].text) == nil {
			out.loaded[n] = true
		}
	}
	out.Loaded = len(out.loaded)
	started, before := cpu(), allocations()
	for i := range events {
		for _, n := range events[i].rules {
			if e.match(n, events[i].event) {
				out.pairs[pair{n, i}] = true
			}
		}
		out.Events++
		if cpu()-started > limit {
			break
		}
	}
	out.finish(cpu()-started, allocations()-before)
	return out
}

// runWarder gives Warder's engine the events as lines, so that parsing and
// routing are in its time, over and over for at least a tenth of the limit: one
// pass is too short to be measured.
func runWarder(files []ruleFile, events []sample, limit time.Duration) (outcome, error) {
	out := outcome{Engine: "Warder", Parsing: true, loaded: map[int]bool{}, pairs: map[pair]bool{}}
	tables, err := sigma.ReadTables(content.FS, "mappings")
	if err != nil {
		return out, err
	}
	set, err := sigma.Load(tables, sigma.Folder{Name: "rules", FS: asFolder(files), Root: "."})
	if err != nil {
		return out, err
	}
	numbers := map[string]int{}
	for n := range files {
		numbers[files[n].rule.ID] = n
	}
	for _, r := range set.Rules() {
		if r.Error == "" {
			out.loaded[numbers[r.ID]] = true
		}
	}
	out.Loaded = len(out.loaded)
	scanner := sigma.NewEngine(set).NewScanner()
	scan := func(record bool) error {
		for i := range events {
			found, err := scanner.Scan(events[i].line)
			if err != nil {
				return fmt.Errorf("match an event: %w", err)
			}
			for _, r := range found {
				if record {
					out.pairs[pair{numbers[r.ID], i}] = true
				}
			}
		}
		return nil
	}
	if err := scan(true); err != nil {
		return out, err
	}
	started, before := cpu(), allocations()
	for cpu()-started < limit/10 {
		if err := scan(false); err != nil {
			return out, err
		}
		out.Events += len(events)
	}
	out.finish(cpu()-started, allocations()-before)
	return out, nil
}

func (o *outcome) finish(spent time.Duration, allocs uint64) {
	o.Rate = float64(o.Events) / spent.Seconds()
	o.Allocs = float64(allocs) / float64(o.Events)
	o.Reported = len(o.pairs)
}
