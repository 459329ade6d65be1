package sigma

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// timePart is what a time modifier takes out of a date (Sigma modifiers
// appendix 2.1, "Time Modifiers").
type timePart uint8

const (
	minutePart timePart = iota
	hourPart
	dayPart   // of the month
	weekPart  // ISO 8601
	monthPart // January is 1
	yearPart
)

// clock compares a part of a date with a number. The part is taken as the date
// is written: a time zone is not converted.
type clock struct {
	part timePart
	op   string // lt, lte, gt, gte, or "" for equal
	to   float64
}

func (p clock) meets(text string) bool {
	at, ok := dateOf(text)
	if !ok {
		return false
	}
	n := float64(p.part.of(at))
	if p.op == "" {
		return n == p.to
	}
	return compares{p.op, p.to}.meets(n)
}

// reachable tells whether some date has a part that is as asked.
func (p clock) reachable() bool {
	least, most := p.part.bounds()
	switch p.op {
	case "lt":
		return least < p.to
	case "lte":
		return least <= p.to
	case "gt":
		return most > p.to
	case "gte":
		return most >= p.to
	}
	return p.to == math.Trunc(p.to) && least <= p.to && p.to <= most
}

func (p timePart) bounds() (least, most float64) {
	b := [...][2]float64{{0, 59}, {0, 23}, {1, 31}, {1, 53}, {1, 12}, {0, 9999}}[p]
	return b[0], b[1]
}

func (p timePart) of(at time.Time) int {
	switch p {
	case minutePart:
		return at.Minute()
	case hourPart:
		return at.Hour()
	case dayPart:
		return at.Day()
	case weekPart:
		_, week := at.ISOWeek()
		return week
	case monthPart:
		return int(at.Month())
	}
	return at.Year()
}

// longestDate bounds a date, in bytes: parsing one copies it where it fails.
const longestDate = 64

// dateOf reads a date as events write it, and seconds or milliseconds since 1970,
// which are UTC.
func dateOf(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if len(text) > longestDate {
		return time.Time{}, false
	}
	if len(text) >= len("2006-01-02") && (text[4] == '-' || text[4] == '/') {
		for _, layout := range [...]string{
			time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05Z0700",
			"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05",
		} {
			if at, err := time.Parse(layout, text); err == nil {
				return at, true
			}
		}
		return time.Time{}, false
	}
	n, ok := numberOf(text)
	switch {
	case !ok || n < 1e8 || n > 1e14: // 1973 in seconds; the year 5138 in milliseconds
		return time.Time{}, false
	case n >= 1e11:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// numberOf reads a number as lt, lte, gt and gte do: decimal, with or without a
// fraction or an exponent.
func numberOf(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if text == "" || !mayBegin(text[0]) || strings.ContainsAny(text, "xXpPiInN_") {
		return 0, false // strconv would take hexadecimal floats, infinities and "nan"
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// mayBegin tells the bytes that a number begins with. Numbers have any length:
// events hold 1e300 as 301 digits.
func mayBegin(c byte) bool { return '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.' }
