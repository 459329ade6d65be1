package detect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect/sigma/index"
)

// Partitions is into how many parts counting is spread. A group of a correlation
// is always in the same one.
const Partitions = 32

// Dispatch says who counts what rules find: it makes one hit for each
// correlation that counts a rule, with the group that the event falls into. It
// is never changed and may be used by many goroutines.
type Dispatch struct {
	byRule map[string][]counted
	wanted map[string][]Field
}

// counted is one correlation that counts a rule, with its fields as that rule's
// events name them.
type counted struct {
	correlation, meaning string
	by, values           []Field
	lone, numeric        bool
}

// NewDispatch returns the dispatch of correlations.
func NewDispatch(correlations []Correlation) *Dispatch {
	d := &Dispatch{byRule: map[string][]counted{}, wanted: Wanted(correlations)}
	derived := map[string]bool{}
	for i := range correlations {
		derived[correlations[i].Rule.ID] = correlations[i].Chained()
	}
	for i := range correlations {
		c := &correlations[i]
		meaning := c.Meaning()
		for _, rule := range c.Of {
			names := c.Names
			if derived[rule] {
				names = nil // its finds have what is wanted under the names of rules
			}
			d.byRule[rule] = append(d.byRule[rule], counted{
				correlation: c.Rule.ID, meaning: meaning, lone: c.Single(), numeric: c.Numeric(),
				by: names.fields(c.namesOf(c.GroupBy, rule)), values: names.fields(c.namesOf(c.values(), rule)),
			})
		}
	}
	return d
}

func (c *Correlation) namesOf(names []string, rule string) []string {
	fields := make([]string, len(names))
	for i, name := range names {
		fields[i] = c.FieldOf(name, rule)
	}
	return fields
}

// Hits returns what correlations count of a rule's find. An event that lacks a
// field of the group, or the value that is counted, is left out, except where a
// single event is enough.
func (d *Dispatch) Hits(rule string, ev *flow.Event) []flow.Hit {
	counters := d.byRule[rule]
	if len(counters) == 0 {
		return nil
	}
	scopes := ev.Scopes()
	var hits []flow.Hit
	var slim flow.Event
	for i := range counters {
		c := &counters[i]
		group, ok := c.group(ev, scopes)
		if !ok {
			continue
		}
		value, ok := c.value(ev, scopes)
		if !ok {
			continue
		}
		if hits == nil {
			slim = slimmed(ev, scopes, d.wanted[rule])
			hits = make([]flow.Hit, 0, len(counters)-i)
		}
		hits = append(hits, flow.Hit{
			Rule: rule, Event: slim, Correlation: c.correlation, Meaning: c.meaning, Group: group, Value: value,
		})
	}
	return hits
}

// groupBytes is the length of a group's hash: two groups must never meet, though
// a sender chooses the values.
const groupBytes = 16

// group hashes what an event is grouped by. Records of exercises are groups of
// their own.
func (c *counted) group(ev *flow.Event, scopes []map[string]any) ([]byte, bool) {
	buf := make([]byte, 0, 128)
	buf = appendPart(buf, c.correlation)
	buf = appendPart(buf, ev.Exercise)
	for _, field := range c.by {
		v, _ := field.text(ev, scopes)
		if v == "" && !c.lone {
			return nil, false
		}
		buf = appendPart(buf, index.Fold(v))
	}
	sum := sha256.Sum256(buf)
	return sum[:groupBytes:groupBytes], true
}

// value joins the values that are counted, without regard to case as in groups;
// one that is missing leaves the event out, and so does one that is no number
// where numbers are asked for.
func (c *counted) value(ev *flow.Event, scopes []map[string]any) (string, bool) {
	if len(c.values) == 0 {
		return "", true
	}
	if len(c.values) == 1 {
		v, _ := c.values[0].text(ev, scopes)
		return short(index.Fold(v)), v != "" && (!c.numeric || isNumber(v))
	}
	var joined []byte
	for _, field := range c.values {
		v, _ := field.text(ev, scopes)
		if v == "" {
			return "", false
		}
		joined = appendPart(joined, index.Fold(v))
	}
	return short(string(joined)), true
}

// short stands for a long value: what counts is only which are the same.
func short(value string) string {
	if len(value) <= longestExtra {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

func isNumber(text string) bool {
	n, err := strconv.ParseFloat(text, 64)
	return err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

// appendPart adds a text so that parts cannot run into one another.
func appendPart(buf []byte, part string) []byte {
	return append(append(strconv.AppendInt(buf, int64(len(part)), 10), ' '), part...)
}

// PartitionOf is the partition that counts a hit.
func PartitionOf(h *flow.Hit) int {
	if len(h.Group) == 0 {
		return 0
	}
	return int(h.Group[0]) % Partitions
}

// Spread is where hits go: the topic of each partition.
type Spread []exchange.Publisher[flow.Hit]

// Publish sends hits to their partitions, all at the same time so that they
// share an fsync, and returns when all are durable. After a failure some may be:
// who counts knows a hit that comes twice.
func (s Spread) Publish(ctx context.Context, hits []flow.Hit) error {
	parts := make([][]flow.Hit, Partitions)
	for i := range hits {
		p := PartitionOf(&hits[i])
		parts[p] = append(parts[p], hits[i])
	}
	var wg sync.WaitGroup
	failed := make([]error, Partitions)
	for p, list := range parts {
		if len(list) > 0 {
			wg.Go(func() { _, failed[p] = s[p].Publish(ctx, "", list...) })
		}
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("publish hits: %w", err)
	}
	return nil
}
