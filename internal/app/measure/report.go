// Package measure takes the figures that `warder bench` prints: of the real
// binary, started as a process of its own, through its real sockets.
//
// Rates of one core are per CPU-second; times of the whole program are wall
// clock. Inputs are seeded and named in the report, so that figures of two
// machines or two versions can be compared.
package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Report is what one bench prints. Names of results are stable.
type Report struct {
	Bench   string   `json:"bench"`
	Version string   `json:"version"`
	Machine Machine  `json:"machine"`
	Runs    int      `json:"runs"`
	Input   string   `json:"input"`
	Results []Result `json:"results"`
}

// Machine is where the figures were taken.
type Machine struct {
	CPUs     int    `json:"cpus"`
	MemoryMB int    `json:"memory_mb"`
	Go       string `json:"go"`
}

// Result is one figure over several runs.
type Result struct {
	Name   string  `json:"name"`
	Unit   string  `json:"unit"`
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// thisMachine describes where the program runs.
func thisMachine() Machine {
	m := Machine{CPUs: runtime.NumCPU(), Go: runtime.Version()}
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return m // not Linux: the memory is not told
	}
	m.MemoryMB = field(string(data), "MemTotal:") / 1024
	return m
}

// field reads a number of kilobytes from a /proc table.
func field(table, name string) int {
	for line := range strings.Lines(table) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err == nil {
				return n
			}
		}
	}
	return 0
}

// figures gathers one value for each run, by name, in the order of first mention.
type figures struct {
	names  []string
	units  map[string]string
	values map[string][]float64
}

func (f *figures) add(name, unit string, value float64) {
	if f.values == nil {
		f.units, f.values = map[string]string{}, map[string][]float64{}
	}
	if !slices.Contains(f.names, name) {
		f.names = append(f.names, name)
	}
	f.units[name] = unit
	f.values[name] = append(f.values[name], value)
}

func (f *figures) results() []Result {
	var out []Result
	for _, name := range f.names {
		v := slices.Sorted(slices.Values(f.values[name]))
		out = append(out, Result{Name: name, Unit: f.units[name], Median: quantile(v, 0.5), Min: v[0], Max: v[len(v)-1]})
	}
	return out
}

// quantile returns the q-th quantile of sorted values (nearest rank).
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(q*float64(len(sorted)) + 0.5)
	return sorted[min(max(i-1, 0), len(sorted)-1)]
}

// Write prints a report as one JSON object, or as a table with the bars.
func (r Report) Write(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	fmt.Fprintf(w, "%s: %d runs on %d CPUs, %d MB, %s; input: %s\n", r.Bench, r.Runs, r.Machine.CPUs, r.Machine.MemoryMB, r.Machine.Go, r.Input)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "FIGURE\tUNIT\tMEDIAN\tMIN\tMAX\tBAR")
	for _, x := range r.Results {
		fmt.Fprintf(t, "%s\t%s\t%.4g\t%.4g\t%.4g\t%s\n", x.Name, x.Unit, x.Median, x.Min, x.Max, bar(x.Name))
	}
	return t.Flush()
}

// bar is what docs/reference/performance.md asks of a figure.
func bar(name string) string {
	switch name {
	case "start.seconds":
		return "< 2"
	case "start.idle_memory_mb":
		return "< 250"
	case "ingest.http_ndjson_events_per_second":
		return "> 25000"
	case "ingest.syslog_tcp_events_per_second":
		return "> 60000"
	case "ingest.mqtt_events_per_second":
		return "> 10000"
	case "ingest.memory_mb":
		return "< 700"
	case "latency.alert_p50_ms":
		return "< 30"
	case "latency.alert_p99_ms":
		return "< 150"
	case "latency.impact_p99_ms":
		return "< 300"
	case "detect.events_per_second":
		return "> 60000"
	case "detect.events_per_second_unrouted":
		return "> 30000"
	case "detect.p999_ms", "detect.allocs_per_event":
		return "< 2"
	case "detect.memory_mb":
		return "< 150"
	case "detect.compile_seconds":
		return "< 3"
	case "detect.correlation_events_per_second":
		return "> 50000"
	case "store.bytes_per_event":
		return "< 80"
	case "store.window_query_ms", "store.exact_query_ms":
		return "< 20"
	case "store.count_by_ms", "store.top_pairs_ms":
		return "< 150"
	case "store.substring_ms":
		return "< 500"
	case "detect.correlation_memory_mb":
		return "< 1024"
	}
	return ""
}
