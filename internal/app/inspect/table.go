package inspect

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"
)

// WriteTable writes what each rule found, for people.
func (s *Summary) WriteTable(w io.Writer) error {
	tallies := s.Tallies()
	if len(tallies) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "LEVEL\tHITS\tFIRST\tLAST\tRULE\tID\tEXAMPLE")
	for _, r := range tallies {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", r.Level, r.Hits, s.clock(r.First), s.clock(r.Last), shown(r.Title), r.ID, r.Example)
	}
	return t.Flush()
}

func (s *Summary) clock(at time.Time) string { return at.In(s.zone).Format(time.DateTime) }

const longestShown = 72

// shown cuts a title so that a table stays one.
func shown(s string) string {
	runes := []rune(s)
	if len(runes) <= longestShown {
		return s
	}
	return string(runes[:longestShown-1]) + "…"
}

// Sentence is the closing line.
func (s *Summary) Sentence(files int, took time.Duration) string {
	text := fmt.Sprintf("%s of %s in %s: %s of %s", plural(s.Records, "record"), plural(files, "file"),
		took.Round(10*time.Millisecond), plural(s.Findings, "finding"), plural(len(s.byRule), "rule"))
	if s.Unreadable > 0 {
		text += fmt.Sprintf("; %s could not be read", plural(s.Unreadable, "record"))
	}
	if s.InPart > 0 {
		text += fmt.Sprintf("; %s could be read only in part", plural(s.InPart, "record"))
	}
	if len(s.NoLogs) > 0 {
		text += "; passed over as no log: " + s.NoLogs[0].File
	}
	if more := len(s.NoLogs) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(s.Unread) > 0 {
		text += "; " + s.UnreadSentence()
	}
	return text
}

// UnreadSentence says of which files nothing could be read; empty when there is
// none.
func (s *Summary) UnreadSentence() string {
	switch n := len(s.Unread); n {
	case 0:
		return ""
	case 1:
		return "nothing could be read of " + s.Unread[0].File
	default:
		return fmt.Sprintf("nothing could be read of %s, the first %s", plural(n, "file"), s.Unread[0].File)
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return thousands(n) + " " + word + "s"
}

// thousands writes 20446 as 20,446.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// WritePerDay writes hits per day and rule, for people: a row for each rule and
// day.
func (s *Summary) WritePerDay(w io.Writer) error { return WritePerDay(w, s.Tallies()) }

// WritePerDay writes hits per day and rule, for people.
func WritePerDay(w io.Writer, tallies []Tally) error {
	if len(tallies) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "LEVEL\tHITS\tDAY\tRULE\tID")
	for _, r := range tallies {
		for _, day := range slices.Sorted(maps.Keys(r.PerDay)) {
			fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\n", cmp.Or(r.Level, "-"), r.PerDay[day], day, shown(r.Title), r.ID)
		}
	}
	return t.Flush()
}
