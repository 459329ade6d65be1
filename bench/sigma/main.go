// Command sigma compares Warder's Sigma engine with the Go engines that can be
// had through the module proxy, in one run, on the same rules and events, and
// says where they differ and who is right by the literal interpreter of the
// specification (internal/stage/detect/sigma/oracle).
//
//	go run ./sigma -rules sigmahq-rules.tar.gz -events mixed-4k.ndjson.gz
//
// Peers are given parsed events and the rules meant for each; parsing and
// routing, which Warder's figure holds, are not in theirs.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/bradleyjkemp/sigma-go/evaluator"
	mk "github.com/markuskont/go-sigma-rule-engine"
	"gopkg.in/yaml.v3"

	"warder/content"
	"warder/internal/stage/detect/sigma/oracle"
)

// report is what is printed.
type report struct {
	Rules       int          `json:"rules"`
	Events      int          `json:"events"`
	Compared    int          `json:"events_compared"` // that every engine got through
	Union       int          `json:"pairs_in_union"`
	Agreed      int          `json:"pairs_all_report"`
	Outcomes    []outcome    `json:"engines"`
	Differences []difference `json:"differences"`
}

func main() {
	rules := flag.String("rules", "", "gzipped tar archive of rule files")
	events := flag.String("events", "", "gzipped JSON lines")
	sampled := flag.Int("sample", 4000, "how many events to draw")
	seed := flag.Uint64("seed", 42, "of the draw")
	limit := flag.Duration("limit", 20*time.Second, "processor time for each peer")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	r, err := measure(*rules, *events, *sampled, *seed, *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare Sigma engines:", err)
		os.Exit(1)
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", " ")
		err = out.Encode(r)
	} else {
		err = r.print()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "print the comparison:", err)
		os.Exit(1)
	}
}

func measure(rules, events string, sampled int, seed uint64, limit time.Duration) (report, error) {
	var r report
	routes, aliases, err := tables()
	if err != nil {
		return r, err
	}
	files, err := readRules(rules)
	if err != nil {
		return r, err
	}
	drawn, err := readEvents(events, sampled, seed, aliases)
	if err != nil {
		return r, err
	}
	route(drawn, files, routes)
	r.Rules, r.Events, r.Compared = len(files), len(drawn), len(drawn)
	ours, err := runWarder(files, drawn, limit)
	if err != nil {
		return r, err
	}
	r.Outcomes = append(r.Outcomes, ours)
	for _, e := range []engine{
		&lazy{rules: map[int]*evaluator.RuleEvaluator{}}, &tree{rules: map[int]*mk.Tree{}},
	} {
		r.Outcomes = append(r.Outcomes, runPeer(e, files, drawn, limit))
	}
	for i := range r.Outcomes {
		r.Compared = min(r.Compared, r.Outcomes[i].Events)
	}
	r.Agreed, r.Union, r.Differences = compare(r.Outcomes, files, drawn)
	return r, nil
}

// tables reads Warder's tables as the oracle takes them.
func tables() ([]oracle.Route, map[string][]string, error) {
	file, err := fs.ReadFile(content.FS, "mappings/logsources.yaml")
	if err != nil {
		return nil, nil, err
	}
	routes, err := oracle.ReadRoutes(file)
	if err != nil {
		return nil, nil, fmt.Errorf("read the log sources: %w", err)
	}
	if file, err = fs.ReadFile(content.FS, "mappings/fields.yaml"); err != nil {
		return nil, nil, err
	}
	var aliases map[string][]string
	if err := yaml.Unmarshal(file, &aliases); err != nil {
		return nil, nil, fmt.Errorf("read the field names: %w", err)
	}
	return routes, aliases, nil
}

func (r report) print() error {
	fmt.Printf("%d rules, %d events; the %d that every engine got through are compared:\n", r.Rules, r.Events, r.Compared)
	fmt.Printf("of %d pairs that any reports, all report %d\n\n", r.Union, r.Agreed)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "engine\tloaded\tevents/CPU s\tallocs/event\twrong\tmissed\tmissed, not loaded")
	for _, o := range r.Outcomes {
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.1f\t%d\t%d\t%d\n", o.Engine, o.Loaded, o.Rate, o.Allocs, o.Wrong, o.Missed, o.NotLoaded)
	}
	fmt.Fprintln(w, "\nrule\tpairs\twrong about some")
	for _, d := range r.Differences[:min(30, len(r.Differences))] {
		fmt.Fprintf(w, "%s\t%d\t%v\n", d.Rule, d.Pairs, d.Wrong)
	}
	return w.Flush()
}
