package normalise

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadTime(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in   any
		want string // RFC 3339; empty for none
	}{
		{"2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"},
		{"2026-11-22T10:00:00.123456789+01:00", "2026-11-22T09:00:00.123456789Z"},
		{"2017-03-06T06:54:06.047429+0000", "2017-03-06T06:54:06.047429Z"},
		{"2026-11-22 10:00:00.5Z", "2026-11-22T10:00:00.5Z"},
		{"22/Nov/2026:10:00:00 +0100", "2026-11-22T09:00:00Z"},
		{"2026-11-22T10:00:00", "2026-11-22T09:00:00Z"}, // the site's winter
		{"2026-07-22 10:00:00", "2026-07-22T08:00:00Z"}, // and summer
		{"22/11/2026 10:00:00", "2026-11-22T09:00:00Z"},
		{float64(1795341540), "2026-11-22T09:59:00Z"},
		{1795341540.25, "2026-11-22T09:59:00.25Z"},
		{float64(1795341540250), "2026-11-22T09:59:00.25Z"},
		{float64(1795341540250000), "2026-11-22T09:59:00.25Z"},
		{"1795341540", "2026-11-22T09:59:00Z"},
		{"yesterday", ""}, {"", ""}, {float64(0), ""}, {float64(-5), ""}, {true, ""}, {nil, ""},
	} {
		got, ok := readTime(c.in, paris)
		if !ok {
			got = time.Time{}
		}
		if have := got.Format(time.RFC3339Nano); have != c.want && (ok || c.want != "") {
			t.Errorf("%v: %s, want %s", c.in, have, c.want)
		}
	}
}

func TestInferYear(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse("2006-01-02", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ said, received, want string }{
		{"0000-11-22", "2026-11-22", "2026-11-22"},
		{"0000-12-31", "2027-01-01", "2026-12-31"}, // over the turn of the year
		{"0000-01-01", "2026-12-31", "2027-01-01"}, // a clock that runs ahead
		{"0000-11-28", "2026-11-22", "2026-11-28"}, // ahead by less than a week
		{"0000-11-30", "2026-11-22", "2025-11-30"},
		{"0000-02-29", "2026-11-22", "2024-02-29"},
	} {
		if got := inferYear(day(c.said), day(c.received), time.UTC); !got.Equal(day(c.want)) {
			t.Errorf("%s received %s: %s, want %s", c.said, c.received, got, c.want)
		}
	}
}

// TestInferYearIsNear: a time of the last 51 weeks written without its year is
// read back as it was.
func TestInferYearIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := time.Unix(rapid.Int64Range(1.0e9, 2.5e9).Draw(t, "received"), 0).UTC()
		at := received.Add(-time.Duration(rapid.Int64Range(0, 51*7*24*3600).Draw(t, "ago")) * time.Second)
		said := time.Date(0, at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		if got := inferYear(said, received, time.UTC); !got.Equal(at) {
			t.Fatalf("%s, want %s", got, at)
		}
	})
}
