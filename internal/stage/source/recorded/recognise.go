package recorded

import (
	"bytes"
	"errors"

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
		case startsMessage(string(line)):
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
