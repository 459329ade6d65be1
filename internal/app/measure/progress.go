package measure

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"warder/internal/api"
	"warder/internal/app/pipeline"
	"warder/internal/stage/detect"
	"warder/internal/stage/source"
)

// standing is where the way of events stands, by what the program says of itself.
type standing struct {
	received int64  // records accepted since the start, over all sources
	last     uint64 // newest batch of raw records
	worked   uint64 // batch up to which everything is detected and on disk as evidence
	detected uint64
}

// standing asks the process.
func (p *process) standing(ctx context.Context) (s standing, err error) {
	var sources struct{ Items []source.SourceHealth }
	if err := p.get(ctx, "/sources", &sources); err != nil {
		return s, err
	}
	for _, of := range sources.Items {
		s.received += of.Received
	}
	var topics struct{ Items []pipeline.TopicHealth }
	if err := p.get(ctx, "/topics", &topics); err != nil {
		return s, err
	}
	for _, t := range topics.Items {
		if t.Topic != "raw" {
			continue
		}
		s.last, s.worked = t.Last, t.Last
		for _, c := range t.Consumers {
			s.worked = min(s.worked, c.Offset)
			if c.Name == detect.ConsumerName {
				s.detected = c.Offset
			}
		}
	}
	return s, nil
}

func (p *process) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+api.Prefix+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.viewer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("read %s: %s", path, res.Status)
	}
	return json.NewDecoder(res.Body).Decode(into)
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
