package ruletest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
)

// Largest is how many bytes a file of tests may have.
const Largest = 16 << 20

// mostEvents bounds what one case shows to rules.
const mostEvents = 10_000

// morning is when every case begins.
func morning() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

// repeat says how often an event comes; {n} in its values is the number of the
// time, from 0.
type repeat struct {
	times int
	every time.Duration
}

// take adds an event as often as it says.
func (c *Case) take(node *yaml.Node) error {
	var fields map[string]any
	if err := node.Decode(&fields); err != nil {
		return err
	}
	r, err := repeated(fields)
	if err != nil {
		return err
	}
	if len(c.Events)+r.times > mostEvents {
		return fmt.Errorf("more than %d events in one case", mostEvents)
	}
	for n := range r.times {
		ev, err := eventOf(len(c.Events), fields, strconv.Itoa(n))
		if err != nil {
			return err
		}
		ev.Time = ev.Time.Add(time.Duration(n) * r.every)
		ev.Received = ev.Time.Add(24 * time.Hour) // so that late events keep their own time
		c.Events = append(c.Events, ev)
	}
	return nil
}

// repeated takes what is said of repetition out of an event's fields.
func repeated(fields map[string]any) (repeat, error) {
	r := repeat{times: 1}
	if v, ok := fields["times"]; ok {
		n, ok := v.(int)
		if !ok || n < 1 {
			return r, fmt.Errorf("times: %v is no number of events", v)
		}
		r.times = n
	}
	if v, ok := fields["every"]; ok {
		var err error
		if r.every, err = time.ParseDuration(fmt.Sprint(v)); err != nil {
			return r, fmt.Errorf("every: %q is no duration; 90s or 5m would be", v)
		}
	}
	delete(fields, "times")
	delete(fields, "every")
	return r, nil
}

func eventOf(i int, fields map[string]any, n string) (flow.Event, error) {
	ev := flow.Event{
		ID: fmt.Sprintf("t.1.%d", i), Format: flow.FormatJSON, Time: morning(), Source: "test",
		Category: flow.CategoryOther, Attributes: map[string]string{},
	}
	for name, v := range fields {
		if err := set(&ev, name, numbered(v, n)); err != nil {
			return ev, err
		}
	}
	return ev, nil
}

// numbered writes a number for {n}, in a copy.
func numbered(v any, n string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "{n}", n)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = numbered(x, n)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = numbered(x, n)
		}
		return out
	}
	return v
}

func set(ev *flow.Event, name string, v any) error {
	text := fmt.Sprint(v)
	switch name {
	case "at":
		after, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("at: %q is no duration; 90s or 5m would be", text)
		}
		ev.Time = morning().Add(after)
	case "category":
		ev.Category = flow.Category(text)
	case "action":
		ev.Action = text
	case "event.site":
		ev.Site = text
	case "original":
		nested, ok := asJSON(v).(map[string]any)
		if !ok {
			return errors.New("original: want the sender's fields")
		}
		ev.Original = nested
	default:
		ev.Attributes[name] = text
	}
	return nil
}

// asJSON makes of YAML's values what JSON gives.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = asJSON(x)
		}
	case []any:
		for i, x := range v {
			v[i] = asJSON(x)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return v
}
