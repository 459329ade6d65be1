package normalise

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// zoned are the layouts that senders use for a time with its zone.
func zoned() [8]string {
	return [...]string{
		time.RFC3339Nano,
		"2006-01-02T15:04:05.999999999-0700", // Suricata EVE
		"2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05.999999999 -0700",
		"2006-01-02 15:04:05.999999999 MST",
		"02/Jan/2006:15:04:05 -0700", // web servers
		time.RFC1123Z,
		time.RFC1123,
	}
}

// zoneless are the layouts that senders use for a time without its zone.
func zoneless() [5]string {
	return [...]string{
		"2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05.999999999",
		"2006/01/02 15:04:05",
		"02/01/2006 15:04:05", // day first, as the sites of Europe write it
		time.ANSIC,
	}
}

// readTime reads a sender's time: text in one of the layouts, or a count since
// 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its
// size. A time without a zone is taken to be in the given one.
func readTime(v any, zone *time.Location) (time.Time, bool) {
	switch v := v.(type) {
	case float64:
		return readEpoch(v)
	case string:
		return readTimeText(strings.TrimSpace(v), zone)
	}
	return time.Time{}, false
}

// stated tells whether a sender wrote a time at all, or one of the usual ways to
// say that there is none.
func stated(v any) bool {
	if v == nil {
		return false
	}
	switch strings.TrimSpace(str(v)) {
	case "-", "0":
		return false
	case "":
		_, text := v.(string)
		return !text // an object or a list
	}
	return true
}

// quoted shows what stands in a time's place, for people.
func quoted(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v[:min(len(v), 64)])
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case nil:
		return "null"
	}
	return str(v)
}

func readTimeText(s string, zone *time.Location) (time.Time, bool) {
	if s == "" || len(s) > 64 {
		return time.Time{}, false
	}
	for _, layout := range zoned() {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	for _, layout := range zoneless() {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UTC(), true
		}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return readEpoch(n)
	}
	return time.Time{}, false
}

// Counts since 1970 above these are not seconds, milliseconds or microseconds;
// each bound is the year 5138 in its unit.
const (
	mostSeconds = 1e11
	mostMillis  = 1e14
	mostMicros  = 1e17
)

func readEpoch(n float64) (time.Time, bool) {
	if math.IsNaN(n) || n <= 0 || n >= 9e18 {
		return time.Time{}, false
	}
	switch {
	case n < mostSeconds:
		whole, part := math.Modf(n)
		// Six digits are all that a float64 holds of today's seconds.
		return time.Unix(int64(whole), int64(math.Round(part*1e6))*1000).UTC(), true
	case n < mostMillis:
		return time.UnixMicro(int64(math.Round(n * 1000))).UTC(), true
	case n < mostMicros:
		return time.UnixMicro(int64(n)).UTC(), true
	}
	return time.Unix(0, int64(n)).UTC(), true
}

// plausible keeps out the times of clocks that were never set and of fields that
// were no time at all; such an event takes the time of its acceptance.
func plausible(t, received time.Time) bool {
	return t.Year() >= 1990 && t.Before(received.AddDate(1, 0, 0))
}

// inferYear gives a time that was written without a year (RFC 3164 section
// 4.1.2) the year that puts it nearest to its acceptance, allowing the sender's
// clock to run up to a week ahead.
func inferYear(t, received time.Time, zone *time.Location) time.Time {
	latest := received.AddDate(0, 0, 7)
	for year := received.Year() + 1; year > received.Year()-9; year-- {
		c := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
		// 29 February exists only in leap years: time.Date would make it March.
		if c.Month() == t.Month() && !c.After(latest) {
			return c.UTC()
		}
	}
	return received
}
