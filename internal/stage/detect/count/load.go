package count

import (
	"fmt"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Load is made-up work by which counting is measured: logons of many people at
// many computers, as hits of all partitions, each decoded as it comes from the
// exchange. One goroutine uses it.
//
//	l := count.NewLoad(1_000_000)     // groups
//	bodies, err := l.Bodies(50_000)   // the next hits, round after round of all groups
//	err = l.Take(bodies)              // this is what is measured
//
// Keys tells how many groups are remembered.
type Load struct {
	keys       int
	codec      exchange.Codec[flow.Hit]
	dispatch   *detect.Dispatch
	partitions []*partition
	next       int
	raised     int
}

// loadStart is the time of the first made-up event.
func loadStart() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

// NewLoad returns the work for so many groups.
func NewLoad(keys int) *Load {
	c := detect.Correlation{
		Rule: detect.Rule{ID: "load", Title: "Many failed logons", Severity: flow.SeverityHigh, Threat: flow.ThreatScan, Kind: detect.KindCorrelation},
		Of:   []string{"failed", "refused"}, GroupBy: []string{flow.AttrUser, flow.AttrHost}, Window: time.Hour,
	}
	events, values, ordered := c, c, c
	events.Type, events.Bounds = detect.EventCount, []detect.Bound{{Op: "gte", Value: 10}}
	values.Rule.ID, values.Type, values.Field, values.Bounds = "load-values", detect.ValueCount, flow.AttrSourceIP, []detect.Bound{{Op: "gte", Value: 5}}
	ordered.Rule.ID, ordered.Type = "load-ordered", detect.TemporalOrdered
	all := []detect.Correlation{events, values, ordered}
	l := &Load{keys: keys, codec: detect.HitCodec(), dispatch: detect.NewDispatch(all)}
	plan := newPlan(all)
	for range detect.Partitions {
		l.partitions = append(l.partitions, newPartition(plan, defaultMemory/detect.Partitions))
	}
	return l
}

// hits makes the hits of an event; each is a group of one of the correlations.
func (l *Load) hits(n int) []flow.Hit {
	who := n * len(l.partitions[0].plan.list) % l.keys
	at := loadStart().Add(time.Duration(n) * 10 * time.Microsecond)
	ev := flow.Event{
		ID: fmt.Sprintf("abcdefghijklm.%d.%d", n/500, n%500), Time: at, Received: at, Source: "windows", Format: flow.FormatJSON,
		Site: "main", Category: flow.CategoryAuthentication, Action: "logon.failed",
		Attributes: map[string]string{
			flow.AttrUser: fmt.Sprintf("person%d", who), flow.AttrHost: fmt.Sprintf("pc-%d", who%5000),
			flow.AttrSourceIP: fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255), "event.code": "4625", "logon.type": "3",
		},
		Assets: []flow.AssetRef{{ID: fmt.Sprintf("pc-%d", who%5000), Role: flow.RoleTarget, By: flow.ByHostname, Value: fmt.Sprintf("pc-%d", who%5000)}},
	}
	return l.dispatch.Hits([]string{"failed", "refused"}[n%7%2], &ev)
}

// Bodies makes the bytes of at least n further hits, as the exchange keeps them.
func (l *Load) Bodies(n int) ([][]byte, error) {
	bodies := make([][]byte, 0, n)
	for ; len(bodies) < n; l.next++ {
		for _, h := range l.hits(l.next) {
			body, err := l.codec.Encode(h)
			if err != nil {
				return nil, fmt.Errorf("encode a hit: %w", err)
			}
			bodies = append(bodies, body)
		}
	}
	return bodies, nil
}

// Take counts hits as they come from the exchange, alerts included.
func (l *Load) Take(bodies [][]byte) error {
	for _, body := range bodies {
		var hit flow.Hit
		if err := l.codec.Decode(body, &hit); err != nil {
			return fmt.Errorf("decode a hit: %w", err)
		}
		p := l.partitions[detect.PartitionOf(&hit)]
		if f := p.take(&hit); f != nil {
			f.tell(nil, p.plan.dispatch)
			l.raised++
		}
	}
	return nil
}

// Keys is how many groups are remembered.
func (l *Load) Keys() int { return l.stats().Groups }

// Raised is how many alerts were made.
func (l *Load) Raised() int { return l.raised }

// Save makes the bytes of one partition's state, as its checkpoint has them.
func (l *Load) Save() []byte { return l.partitions[0].save() }

func (l *Load) stats() (sum Stats) {
	for _, p := range l.partitions {
		sum.add(p.stats)
	}
	return sum
}
