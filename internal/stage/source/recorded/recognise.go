package recorded

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"warder/internal/stage/source/evtx"
)

var errUnknown = errors.New("it is not recognised as a log of any known kind (JSON, EVTX, EVE, Zeek, syslog); if it is one, say so with --format")

// recognise tells the format by the beginning of a file. Whether an object is one
// of Zeek's or Suricata's is told for each.
func recognise(head []byte) (Format, error) {
	if bytes.HasPrefix(head, []byte(evtx.Magic)) {
		return EVTX, nil
	}
	if startsObject(head) {
		return JSON, nil
	}
	if bytes.HasPrefix(head, []byte("#")) && (bytes.Contains(head, []byte("#separator")) || bytes.Contains(head, []byte("#fields"))) {
		return Zeek, nil
	}
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0 || line[0] == '#': // a remark
			continue
		case startsObject(line):
			return JSON, nil
		case startsSyslog(string(line)):
			return Syslog, nil
		}
		return Auto, errUnknown
	}
	return Auto, errUnknown
}

// startsObject tells whether objects follow, alone or in an array. A bracket may
// also begin a line of text.
func startsObject(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) > 0 && head[0] == '[' {
		head = bytes.TrimLeft(head[1:], " \t\r\n")
		return len(head) > 0 && (head[0] == '{' || head[0] == ']')
	}
	return len(head) > 0 && head[0] == '{'
}

// startsSyslog tells a priority or a time, with which every message in a file begins.
func startsSyslog(line string) bool {
	if rest, ok := strings.CutPrefix(line, "<"); ok {
		digits, _, closed := strings.Cut(rest, ">")
		return closed && len(digits) > 0 && len(digits) <= 3 && strings.Trim(digits, "0123456789") == ""
	}
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
