package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Figures of the latency bench.
const (
	latencyFires    = 60                     // fires, one after the other
	latencyEvery    = 250 * time.Millisecond // from one to the next
	latencyPatience = 10 * time.Second       // before one counts as lost
)

// Background is the ordinary events that flow while something is measured.
type Background struct {
	Rate  int    // events a second
	Rules string // a folder, or an archive (.tar.gz), of Sigma rules beside our own
}

func (b Background) String() string {
	said := fmt.Sprintf("%d Suricata flows a second over HTTP", b.Rate)
	if b.Rules != "" {
		said += ", rules of " + b.Rules
	}
	return said
}

// Latency measures, while other events flow, the time from a fire panel's line
// on the wire until a client of the live stream sees an incident that names the
// room, and then its predicted impact.
func Latency(ctx context.Context, o Options, b Background) (Report, error) {
	var f figures
	for run := range o.Runs {
		o.say("latency " + progress(run, o.Runs))
		if err := latencyOnce(ctx, &f, b); err != nil {
			return Report{}, err
		}
	}
	return Report{Bench: "latency", Version: o.Version, Machine: thisMachine(), Runs: o.Runs,
		Input:   fmt.Sprintf("the reference hospital; %v; %d fires over syslog, one every %v", b, latencyFires, latencyEvery),
		Results: f.results()}, nil
}

func progress(run, of int) string { return fmt.Sprintf("run %d of %d", run+1, of) }

func latencyOnce(ctx context.Context, f *figures, b Background) (err error) {
	p, err := prepare(ctx, b.Rules)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if _, err := p.start(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	w := &watcher{seen: make(chan sighting, 1024)}
	streamed := make(chan error, 1)
	wg.Go(func() { streamed <- p.changes(ctx, w.take) })
	flooded := make(chan error, 1)
	var others flood
	wg.Go(func() { flooded <- others.run(ctx, p, b.Rate) })
	began := time.Now()
	alerts, impacts, err := p.fires(ctx, w)
	if err != nil {
		return err
	}
	select {
	case err := <-flooded:
		return fmt.Errorf("send events in the background: %w", err)
	default:
	}
	f.add("latency.background_events_per_second", "events/s", float64(others.sent.Load())/time.Since(began).Seconds())
	f.add("latency.alert_p50_ms", "ms", quantile(alerts, 0.5))
	f.add("latency.alert_p99_ms", "ms", quantile(alerts, 0.99))
	f.add("latency.impact_p50_ms", "ms", quantile(impacts, 0.5))
	f.add("latency.impact_p99_ms", "ms", quantile(impacts, 0.99))
	return nil
}

// sighting is something of an incident seen on the stream.
type sighting struct {
	at      time.Time
	change  string
	id      string
	version int64
	burning []string // rooms that it says burn
}

// watcher turns stream events into sightings.
type watcher struct{ seen chan sighting }

func (w *watcher) take(name, data string) {
	s := sighting{at: time.Now(), change: name}
	switch name {
	case "incident":
		var c struct {
			Body flow.Incident `json:"body"`
		}
		// One that was joined to another in the moment it was opened is told of once,
		// as merged; what comes of the fire is told of the other.
		if json.Unmarshal([]byte(data), &c) != nil || c.Body.MergedIn != "" {
			return
		}
		s.id, s.version = c.Body.ID, c.Body.Version
		for _, a := range c.Body.Assets {
			if a.Threat == flow.ThreatFire {
				s.burning = append(s.burning, a.Asset)
			}
		}
	case "assessment":
		var c struct {
			ID   string          `json:"id"`
			Body flow.Assessment `json:"body"`
		}
		if json.Unmarshal([]byte(data), &c) != nil {
			return
		}
		s.id, s.version = c.ID, c.Body.IncidentVersion
	default:
		return
	}
	w.seen <- s
}

// fires lights one room after the other and returns how long each took to be
// seen as an incident and with its impact, in milliseconds, sorted.
func (p *process) fires(ctx context.Context, w *watcher) (alerts, impacts []float64, err error) {
	conn, err := net.Dial("tcp", p.syslog)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	rooms := points(p.hospital)
	stride := len(rooms)/latencyFires + 1
	for i := range latencyFires {
		room := rooms[(i*stride)%len(rooms)]
		began := time.Now()
		panel, point, _ := strings.Cut(room.point, "/")
		line := fmt.Sprintf(`<134>1 %s %s fire - FIRE [fire@32473 panel="%s" point="%s" event="fire.alarm"] Fire alarm`+"\n",
			began.UTC().Format("2006-01-02T15:04:05.000000Z"), strings.ToLower(panel), panel, point)
		if _, err := io.WriteString(conn, line); err != nil {
			return nil, nil, err
		}
		alert, impact, err := await(ctx, w, room.asset, began)
		if err != nil {
			return nil, nil, fmt.Errorf("fire %d in %s: %w", i+1, room.asset, err)
		}
		alerts, impacts = append(alerts, alert), append(impacts, impact)
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(latencyEvery):
		}
	}
	slices.Sort(alerts)
	slices.Sort(impacts)
	return alerts, impacts, nil
}

// await waits until the stream shows an incident in which the room burns, and
// then an assessment of that version or a later one.
func await(ctx context.Context, w *watcher, room string, began time.Time) (alert, impact float64, err error) {
	late := time.After(latencyPatience)
	var incident sighting
	for {
		select {
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		case <-late:
			return 0, 0, fmt.Errorf("nothing was seen of it within %v", latencyPatience)
		case s := <-w.seen:
			switch {
			case incident.id == "" && s.change == "incident" && slices.Contains(s.burning, room):
				incident, alert = s, ms(s.at.Sub(began))
			case incident.id != "" && s.change == "assessment" && s.id == incident.id && (s.version == 0 || s.version >= incident.version):
				return alert, ms(s.at.Sub(began)), nil
			}
		}
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// point is a room with the fire point that watches it.
type point struct{ asset, point string }

func points(m *hospital.Model) []point {
	var out []point
	for _, a := range m.Assets {
		for _, id := range a.Identifiers {
			if a.Kind == hospital.Room && id.Kind == flow.ByPoint && strings.HasPrefix(id.Value, "FP-") {
				out = append(out, point{a.ID, id.Value})
			}
		}
	}
	return out
}
