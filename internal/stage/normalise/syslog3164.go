package normalise

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"warder/internal/flow"
)

var errSyslogTime = errors.New("read syslog (RFC 3164): want a time such as \"Oct 11 22:14:15\"")

// parse3164 reads what RFC 3164 describes and what senders made of it: a day
// padded or not, an RFC 3339 time instead, a year after the time, fractions of a
// second, no host, a tag with or without a process id. The library's parser is
// stricter than the senders and takes the year from the machine's clock.
func (n *Normaliser) parse3164(d *draft, rest []byte) error {
	s := clean(string(rest))
	if isFortigate(s) {
		readFortigate(d, s)
		return nil
	}
	t, s, ok := read3164Time(s, d.raw.Received, d.zone)
	if !ok {
		d.set(flow.AttrMessage, strings.TrimSpace(s))
		return errSyslogTime
	}
	d.said(t)
	host, s := read3164Host(s)
	program, pid, message := readTag(s)
	d.header(host, program, pid, message)
	n.readProgram(d, program, message)
	return nil
}

func read3164Time(s string, received time.Time, zone *time.Location) (time.Time, string, bool) {
	s = strings.TrimLeft(s, " ")
	head, rest, _ := strings.Cut(s, " ")
	if len(head) >= len("2006-01-02T15:04:05") {
		if t, ok := readTimeText(head, zone); ok {
			return t, rest, true
		}
	}
	if len(s) < len("Jan 2 15:04:05") {
		return time.Time{}, s, false
	}
	for _, layout := range [...]string{"Jan _2 15:04:05", "Jan 02 15:04:05", "Jan 2 15:04:05"} {
		if len(s) < len(layout) {
			continue
		}
		t, err := time.Parse(layout, s[:len(layout)])
		if err != nil {
			continue
		}
		return with3164Year(t, skipFraction(s[len(layout):]), received, zone)
	}
	return time.Time{}, s, false
}

func skipFraction(s string) string {
	if !strings.HasPrefix(s, ".") {
		return s
	}
	return strings.TrimLeft(s[1:], "0123456789")
}

// with3164Year takes the year that some senders write after the time, or infers it.
func with3164Year(t time.Time, rest string, received time.Time, zone *time.Location) (time.Time, string, bool) {
	rest = strings.TrimLeft(rest, " :")
	head, after, more := strings.Cut(rest, " ")
	if year, err := strconv.Atoi(head); err == nil && more && year >= 1990 && year < 2200 {
		t = time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
		return t.UTC(), after, true
	}
	return inferYear(t, received, zone), rest, true
}

// read3164Host takes the host name, unless what stands in its place is a tag.
func read3164Host(s string) (host, rest string) {
	head, rest, more := strings.Cut(strings.TrimLeft(s, " "), " ")
	if !more || strings.HasSuffix(head, ":") || strings.HasSuffix(head, "]") {
		return "", s
	}
	return head, rest
}

// readTag splits "sshd[4711]: text" into its parts. What has no tag is all text.
func readTag(s string) (program, pid, message string) {
	s = strings.TrimLeft(s, " ")
	end := strings.IndexFunc(s, func(r rune) bool {
		return r == '[' || r == ':' || unicode.IsSpace(r)
	})
	if end <= 0 || end > 48 {
		return "", "", s
	}
	program, rest := s[:end], s[end:]
	if strings.HasPrefix(rest, "[") {
		close := strings.IndexByte(rest, ']')
		if close < 0 {
			return "", "", s
		}
		pid, rest = rest[1:close], rest[close+1:]
	}
	if !strings.HasPrefix(rest, ":") {
		return "", "", s
	}
	return program, pid, strings.TrimLeft(rest[1:], " ")
}
