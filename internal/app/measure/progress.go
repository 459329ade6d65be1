package measure

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// standing is where the way of events stands, by the program's own metrics.
type standing struct {
	received int64  // records accepted since the start, over all sources
	last     uint64 // newest batch of raw records
	worked   uint64 // batch up to which everything is detected and on disk as evidence
	detected uint64
}

// standing asks the process.
func (p *process) standing(ctx context.Context) (s standing, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/metrics", nil)
	if err != nil {
		return s, err
	}
	req.Header.Set("Authorization", "Bearer "+p.admin)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return s, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return s, fmt.Errorf("read the metrics: %s", res.Status)
	}
	var lag, stored float64
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		n, _ := strconv.ParseFloat(value, 64) // comments are no figures and have no such names
		switch {
		case strings.HasPrefix(name, "warder_source_received_total{"):
			s.received += int64(n)
		case name == `warder_topic_last_offset{topic="raw"}`:
			s.last = uint64(n)
		case name == `warder_topic_consumer_lag{consumer="detect",topic="raw"}`:
			lag = n
		case name == "warder_evidence_stored_offset":
			stored = n
		}
	}
	if lines.Err() == nil && s.last > 0 {
		s.detected = s.last - min(s.last, uint64(lag))
		s.worked = min(s.detected, uint64(stored))
	}
	return s, lines.Err()
}

// cpu is the CPU time that the process has spent so far.
func (p *process) cpu() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(data), ") ") // the name before it may hold anything
	fields := strings.Fields(after)
	const user, system = 11, 12 // proc(5): fields 14 and 15, counted from after the name
	if len(fields) <= system {
		return 0, fmt.Errorf("read /proc/%d/stat: it has too few fields", p.cmd.Process.Pid)
	}
	var ticks int64
	for _, f := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read /proc/%d/stat: %w", p.cmd.Process.Pid, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil // USER_HZ is 100 on every Linux that Go runs on
}
