package normalise

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/leodido/go-syslog/v4"
	"github.com/leodido/go-syslog/v4/rfc5424"

	"warder/internal/flow"
)

var errSyslogPriority = errors.New("read syslog: want a priority in angle brackets, 0 to 191")

// newMachine makes a parser, which one goroutine may use at a time.
func newMachine() any { return rfc5424.NewParser(rfc5424.WithBestEffort()) }

const byteOrderMark = "\ufeff"

// parseSyslog reads RFC 5424 when the version says so, RFC 3164 otherwise.
func (n *Normaliser) parseSyslog(d *draft) error {
	data := bytes.TrimRight(d.raw.Data, "\r\n\x00")
	pri, rest, ok := readPriority(data)
	if !ok {
		return errSyslogPriority
	}
	d.set(flow.AttrFacility, facility(pri))
	d.set(flow.AttrSyslogSeverity, severity(pri))
	if len(rest) > 1 && rest[0] >= '1' && rest[0] <= '9' && (rest[1] == ' ' || len(rest) > 2 && rest[2] == ' ' && rest[1] <= '9') {
		return n.parse5424(d, data)
	}
	return n.parse3164(d, rest)
}

// readPriority reads <PRI> (RFC 5424 section 6.2.1).
func readPriority(data []byte) (pri int, rest []byte, ok bool) {
	end := bytes.IndexByte(data[:min(len(data), 5)], '>')
	if end < 2 || data[0] != '<' {
		return 0, nil, false
	}
	for _, c := range data[1:end] {
		if c < '0' || c > '9' {
			return 0, nil, false
		}
		pri = pri*10 + int(c-'0')
	}
	return pri, data[end+1:], pri <= 191
}

// parse5424 reads RFC 5424. A message that breaks the grammar half way keeps what
// came before the break, as an unreadable record.
func (n *Normaliser) parse5424(d *draft, data []byte) error {
	m := n.syslog.Get().(syslog.Machine)
	msg, err := m.Parse(data)
	n.syslog.Put(m)
	sm, _ := msg.(*rfc5424.SyslogMessage)
	if sm == nil {
		return fmt.Errorf("read syslog (RFC 5424): %w", err)
	}
	if sm.Version != 1 {
		return fmt.Errorf("read syslog (RFC 5424): version %d is not known", sm.Version)
	}
	if sm.Timestamp != nil {
		d.said(sm.Timestamp.UTC())
	}
	message := ""
	if sm.Message != nil {
		message = strings.TrimPrefix(*sm.Message, byteOrderMark)
	}
	d.header(val(sm.Hostname), val(sm.Appname), val(sm.ProcID), message)
	d.set(flow.AttrMessageID, val(sm.MsgID))
	if sm.StructuredData != nil {
		n.structured(d, *sm.StructuredData)
	}
	if err != nil {
		return fmt.Errorf("read syslog (RFC 5424): %w", err)
	}
	switch {
	case d.ev.Category != flow.CategoryOther:
	case isAudit(message):
		readAudit(d, message)
	default:
		n.readProgram(d, val(sm.Appname), message)
	}
	return nil
}

func val(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// header notes what both forms of syslog have.
func (d *draft) header(host, program, pid, message string) {
	d.set(flow.AttrHost, host)
	d.set(flow.AttrProgram, program)
	d.set(flow.AttrProcessID, pid)
	d.set(flow.AttrMessage, strings.TrimSpace(message))
}

// facility is a priority's facility as RFC 5424 table 1 lists it.
func facility(pri int) string {
	return [...]string{
		"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
		"ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
	}[pri/8]
}

// severity is a priority's severity as RFC 5424 table 2 lists it.
func severity(pri int) string {
	return [...]string{
		"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug",
	}[pri%8]
}
