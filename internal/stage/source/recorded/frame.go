package recorded

import (
	"strconv"
	"strings"
	"time"
)

// framed makes of a line of a log file the syslog message that a daemon would have
// sent: what relays wrote to a file has no priority any more (13 stands in, RFC
// 3164 section 4.3.3), and logs of their own form have no header at all.
func framed(line string) string {
	switch {
	case hasPriority(line):
		return line
	case strings.HasPrefix(line, "<Event"):
		return header(time.Unix(0, 0), "eventlog") + line // its own time stands in it
	}
	if at, ok := auditTime(line); ok {
		return header(at, "audit") + line
	}
	if at, ok := accessTime(line); ok {
		return header(at, "httpd") + line
	}
	return "<13>" + line
}

// header names no host: the files do not.
func header(at time.Time, program string) string {
	return "<13>" + at.UTC().Format("2006-01-02T15:04:05.000Z") + " - " + program + ": "
}

func hasPriority(line string) bool {
	rest, ok := strings.CutPrefix(line, "<")
	digits, _, closed := strings.Cut(rest, ">")
	return ok && closed && len(digits) > 0 && len(digits) <= 3 && strings.Trim(digits, "0123456789") == ""
}

// auditTime reads the time of a record of Linux auditd, which begins with
// type=EXECVE msg=audit(1364481363.243:24287), or before that with its node.
func auditTime(line string) (time.Time, bool) {
	head := line[:min(len(line), 500)]
	if node, rest, ok := strings.Cut(head, " "); ok && strings.HasPrefix(node, "node=") {
		head = rest
	}
	if !strings.HasPrefix(head, "type=") {
		return time.Time{}, false
	}
	_, rest, ok := strings.Cut(head, " msg=audit(")
	stamp, _, told := strings.Cut(rest, ":")
	seconds, err := strconv.ParseFloat(stamp, 64)
	if !ok || !told || err != nil || seconds < 0 || seconds > 1<<33 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

// accessTime reads the time of the common log format of web servers:
// 192.0.2.1 - - [22/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5.
func accessTime(line string) (time.Time, bool) {
	const layout = "02/Jan/2006:15:04:05 -0700"
	head := line[:min(len(line), 512)]
	_, rest, ok := strings.Cut(head, " [")
	if !ok || len(rest) <= len(layout) || !strings.HasPrefix(rest[len(layout):], `] "`) {
		return time.Time{}, false
	}
	at, err := time.Parse(layout, rest[:len(layout)])
	return at, err == nil
}

// startsMessage tells the beginnings that messages in a file have.
func startsMessage(line string) bool {
	if hasPriority(line) || strings.HasPrefix(line, "<Event>") || strings.HasPrefix(line, "<Event ") {
		return true
	}
	if _, ok := auditTime(line); ok {
		return true
	}
	if _, ok := accessTime(line); ok {
		return true
	}
	if strings.HasPrefix(line, "date=") && strings.Contains(line, " devname=") { // FortiGate
		return true
	}
	return startsWithTime(line)
}

func startsWithTime(line string) bool {
	if len(line) >= len(time.Stamp) {
		if _, err := time.Parse(time.Stamp, line[:len(time.Stamp)]); err == nil {
			return true
		}
	}
	first, _, more := strings.Cut(line, " ")
	if !more {
		return false
	}
	_, err := time.Parse(time.RFC3339, first)
	return err == nil
}
