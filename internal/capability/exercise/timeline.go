package exercise

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// longestScenario bounds offsets, so that a slip of the pen does not make a
// scenario of years.
const longestScenario = 31 * 24 * time.Hour

// parseTimeline reads the records of a section, one on each line.
func parseTimeline(s section) []Record {
	var records []Record
	var before time.Duration
	for i, line := range strings.Split(string(s.data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, err := parseRecord(line)
		if err != nil {
			s.fault(i+1, "%v", err)
			continue
		}
		if r.At < before {
			s.fault(i+1, "offset %s comes before that of the line above, %s: a time line goes forward", r.At, before)
		}
		r.Line, before = s.first+i, r.At
		records = append(records, r)
	}
	return records
}

// parseRecord reads "<offset> <transport> <channel> <payload>".
func parseRecord(line string) (r Record, err error) {
	fields := strings.SplitN(line, " ", 4)
	if len(fields) < 4 || strings.TrimSpace(fields[3]) == "" {
		return r, fmt.Errorf("want <offset> <transport> <channel> <payload>, with one space between")
	}
	if r.At, err = time.ParseDuration(fields[0]); err != nil || r.At < 0 || r.At > longestScenario {
		return r, fmt.Errorf("offset %q is no duration from 0s to %s, like 1m30s", fields[0], longestScenario)
	}
	r.Transport, r.Channel, r.Payload = Transport(fields[1]), fields[2], fields[3]
	return r, r.check()
}

// check finds what is wrong with a record's channel and payload.
func (r *Record) check() error {
	sample, err := Render(r.Payload, time.Unix(1<<30, 0), time.UTC)
	if err != nil {
		return err
	}
	switch r.Transport {
	case SyslogUDP, SyslogTCP:
		return r.checkSyslog(sample)
	case MQTT:
		if strings.ContainsAny(r.Channel, "#+") || strings.HasPrefix(r.Channel, "$") || r.Channel == "-" {
			return fmt.Errorf("channel %q is no topic to publish to", r.Channel)
		}
	case HTTP:
		if err := checkIngest(r.Channel); err != nil {
			return err
		}
	default:
		return fmt.Errorf("transport %q is not known; there are %s, %s, %s and %s", r.Transport, SyslogUDP, SyslogTCP, MQTT, HTTP)
	}
	if !json.Valid([]byte(sample)) {
		return fmt.Errorf("the payload is no JSON")
	}
	return nil
}

func (r *Record) checkSyslog(sample string) error {
	if r.Channel != "-" {
		return fmt.Errorf("the channel of %s is -, not %q", r.Transport, r.Channel)
	}
	r.Channel = ""
	if _, _, ok := cutPriority(sample); !ok {
		return fmt.Errorf("a syslog message begins with its priority, <0> to <191>")
	}
	return nil
}

// cutPriority splits "<134>rest" (RFC 5424 section 6.2.1).
func cutPriority(msg string) (priority, rest string, ok bool) {
	head, rest, found := strings.Cut(msg, ">")
	number, opened := strings.CutPrefix(head, "<")
	if !found || !opened || len(number) == 0 || len(number) > 3 {
		return "", "", false
	}
	value := 0
	for _, c := range number {
		if c < '0' || c > '9' {
			return "", "", false
		}
		value = value*10 + int(c-'0')
	}
	return head + ">", rest, value <= 191
}

func checkIngest(channel string) error {
	format, mapping, mapped := strings.Cut(channel, "/")
	switch {
	case format == "webhook" && mapping != "":
		return nil
	case (format == "ndjson" || format == "suricata") && !mapped:
		return nil
	}
	return fmt.Errorf("channel %q is not known; for http there are ndjson, suricata and webhook/<mapping>", channel)
}
