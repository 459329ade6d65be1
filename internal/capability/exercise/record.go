package exercise

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Transport is the way that a record takes into the hospital's listeners.
type Transport string

// The transports.
const (
	SyslogUDP Transport = "syslog-udp"
	SyslogTCP Transport = "syslog-tcp"
	MQTT      Transport = "mqtt"
	HTTP      Transport = "http"
)

// Record is one message of a scenario.
type Record struct {
	At        time.Duration // from the scenario's start
	Transport Transport
	Channel   string // MQTT topic, or the ingest format with its mapping; empty for syslog
	Payload   string // with placeholders for the record's time
	Line      int    // where it stands in its file; 0 for noise
}

// Render puts a time into a payload's placeholders. zone is that of RFC 3164
// times, which name none.
func Render(payload string, t time.Time, zone *time.Location) (string, error) {
	if !strings.Contains(payload, "{{") {
		return payload, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(payload, "{{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return "", fmt.Errorf("%q is not closed by }}", "{{"+rest[:min(len(rest), 20)])
		}
		text, err := placeholder(name, t, zone)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		payload = after
	}
}

// placeholder gives the text of "now", "now3164" or "epoch", which may be
// followed by a duration with its sign.
func placeholder(name string, t time.Time, zone *time.Location) (string, error) {
	word, shift := name, ""
	if i := strings.IndexAny(name, "+-"); i >= 0 {
		word, shift = name[:i], name[i:]
	}
	if shift != "" {
		d, err := time.ParseDuration(shift)
		if err != nil {
			return "", fmt.Errorf("{{%s}}: %q is no duration like -90s", name, shift)
		}
		t = t.Add(d)
	}
	switch word {
	case "now":
		return stamp(t), nil
	case "now3164":
		return t.In(zone).Format(time.Stamp), nil
	case "epoch":
		return strconv.FormatFloat(float64(t.UnixMicro())/1e6, 'f', 6, 64), nil
	}
	return "", fmt.Errorf("{{%s}} is not known; there are {{now}}, {{now3164}} and {{epoch}}", name)
}

// stamp gives a time as RFC 3339 with milliseconds, in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
