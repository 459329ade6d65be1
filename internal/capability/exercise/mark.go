package exercise

import (
	"fmt"
	"strings"
	"time"
)

// Where the mark of an exercise travels: sources read it there and honour it
// while the exercise runs.
const (
	markHeader  = "X-Warder-Exercise" // HTTP
	markTopic   = "exercise/"         // MQTT: exercise/<id>/<the topic itself>
	markElement = "exercise@32473"    // syslog: structured data [exercise@32473 id="<id>"]
)

// message is a record made ready to leave.
type message struct {
	transport Transport
	channel   string
	payload   string
	mark      string // id of the exercise; empty for none
}

// prepare renders a record for its time and marks it.
func prepare(r Record, t time.Time, zone *time.Location, mark string) (message, error) {
	payload, err := Render(r.Payload, t, zone)
	if err != nil {
		return message{}, err
	}
	if r.Transport == MQTT && strings.HasPrefix(r.Channel, "sensors/") {
		payload = timed(payload, t)
	}
	m := message{transport: r.Transport, channel: r.Channel, payload: payload, mark: mark}
	if mark == "" {
		return m, nil
	}
	switch r.Transport {
	case MQTT:
		m.channel = markTopic + mark + "/" + m.channel
	case SyslogUDP, SyslogTCP:
		m.payload, err = markSyslog(payload, t, mark)
	}
	return m, err
}

// timed adds the time to a sensor's payload that names none, as the BEIA boxes'
// do: played fast, it would otherwise be given the time of its acceptance, hours
// away from the rest of its story.
func timed(payload string, t time.Time) string {
	if !strings.HasPrefix(payload, `{"`) || strings.Contains(payload, `"time"`) {
		return payload
	}
	return `{"time":"` + stamp(t) + `",` + payload[1:]
}

// markSyslog puts the mark into a message's structured data (RFC 5424 section
// 6.3). RFC 3164 has no place for it: such a message is written anew as RFC 5424.
func markSyslog(msg string, t time.Time, id string) (string, error) {
	element := fmt.Sprintf("[%s id=%q]", markElement, id)
	priority, rest, ok := cutPriority(msg)
	if !ok {
		return "", fmt.Errorf("the syslog message %.40q has no priority, so it cannot be marked as an exercise", msg)
	}
	if !strings.HasPrefix(rest, "1 ") {
		return mark3164(priority, rest, t, element)
	}
	fields := strings.SplitN(rest, " ", 7) // version time host app process message-id structured-data...
	if len(fields) < 7 {
		return "", fmt.Errorf("the syslog message %.40q is no RFC 5424, so it cannot be marked as an exercise", msg)
	}
	switch data := fields[6]; {
	case strings.HasPrefix(data, "["):
		fields[6] = element + data
	case data == "-" || strings.HasPrefix(data, "- "):
		fields[6] = element + data[1:]
	default:
		return "", fmt.Errorf("the syslog message %.40q has no structured data, so it cannot be marked as an exercise", msg)
	}
	return priority + strings.Join(fields, " "), nil
}

// mark3164 reads "Mmm dd hh:mm:ss host tag[process]: text" (RFC 3164 section 4.1).
func mark3164(priority, rest string, t time.Time, element string) (string, error) {
	fail := fmt.Errorf("the syslog message %.40q is neither RFC 5424 nor RFC 3164, so it cannot be marked as an exercise", rest)
	if len(rest) <= len(time.Stamp) {
		return "", fail
	}
	if _, err := time.Parse(time.Stamp, rest[:len(time.Stamp)]); err != nil {
		return "", fail
	}
	host, text, ok := strings.Cut(strings.TrimLeft(rest[len(time.Stamp):], " "), " ")
	if !ok || host == "" {
		return "", fail
	}
	tag, process := "-", "-"
	if head, after, found := strings.Cut(text, ":"); found && head != "" && !strings.Contains(head, " ") {
		tag, text = head, strings.TrimPrefix(after, " ")
		if name, number, in := strings.Cut(strings.TrimSuffix(tag, "]"), "["); in && name != "" && number != "" {
			tag, process = name, number
		}
	}
	return fmt.Sprintf("%s1 %s %s %s %s - %s %s", priority, stamp(t), host, tag, process, element, text), nil
}
