package events

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"warder/internal/events/query"
	"warder/internal/flow"
)

func isCased(s string) bool { return query.Fold(s) != s }

// tidy returns the event as the store keeps it, so that it reads the same from
// memory and from a segment: times in UTC to the microsecond, text that is valid
// UTF-8 (Raw keeps the bytes as they came), numbers as float64, nil for empty.
// The event itself is not changed.
func tidy(in flow.Event) *flow.Event {
	e := in
	e.Time, e.Received = micros(e.Time), micros(e.Received)
	for _, s := range []*string{&e.ID, &e.Source, &e.Site, &e.Action, &e.ParseError, &e.Exercise, (*string)(&e.Format), (*string)(&e.Category)} {
		*s = valid(*s)
	}
	e.Attributes = tidyAttributes(in.Attributes)
	e.Original = nil
	if len(in.Original) > 0 {
		e.Original = tidyMap(in.Original, 0)
	}
	e.Assets, e.Unknown, e.Raw = nil, nil, nil
	for _, a := range in.Assets {
		e.Assets = append(e.Assets, flow.AssetRef{ID: valid(a.ID), Role: a.Role, By: a.By, Value: valid(a.Value)})
	}
	for _, u := range in.Unknown {
		e.Unknown = append(e.Unknown, flow.Identifier{Kind: u.Kind, Value: valid(u.Value)})
	}
	if len(in.Raw) > 0 {
		e.Raw = in.Raw
	}
	return &e
}

func micros(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}

func tidyAttributes(in map[string]string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]string, len(in))
	for name, value := range in {
		out[valid(name)] = valid(value)
	}
	return out
}

// deepest is how far a sender's record is kept as a tree; what lies deeper is
// kept as text. encoding/json itself refuses to read beyond 10,000 levels.
const deepest = 200

func tidyMap(in map[string]any, depth int) map[string]any {
	out := make(map[string]any, len(in))
	for name, value := range in {
		out[valid(name)] = tidyValue(value, depth+1)
	}
	return out
}

func tidyValue(v any, depth int) any {
	if depth > deepest {
		return valid(fmt.Sprint(v))
	}
	switch v := v.(type) {
	case nil, bool:
		return v
	case string:
		return valid(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) { // JSON has no word for it
			return fmt.Sprint(v)
		}
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case map[string]any:
		return tidyMap(v, depth)
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = tidyValue(inner, depth+1)
		}
		return out
	}
	return valid(fmt.Sprint(v))
}

// weight is about how many bytes an event takes in memory.
func weight(e *flow.Event) int {
	n := 400 + len(e.Raw) + len(e.ParseError)
	for name, value := range e.Attributes {
		n += 48 + len(name) + len(value)
	}
	return n + weightOf(e.Original)
}

func weightOf(v any) int {
	switch v := v.(type) {
	case string:
		return 16 + len(v)
	case map[string]any:
		n := 48
		for name, value := range v {
			n += 32 + len(name) + weightOf(value)
		}
		return n
	case []any:
		n := 24
		for _, value := range v {
			n += weightOf(value)
		}
		return n
	}
	return 16
}
