package normalise

import (
	"strings"

	"warder/internal/flow"
)

// parseJSON reads a JSON object of no declared kind: an event of Windows, an
// application's audit, a mail gateway's record, a record of Zeek, or whatever
// else names its fields in one of the usual ways.
func (n *Normaliser) parseJSON(d *draft) error {
	m, err := n.readObject(d.raw.Data)
	if err != nil {
		return err
	}
	d.ev.Original = m
	if event, ok := m["Event"].(map[string]any); ok {
		unwrapXML(event, deepestXML)
	}
	at := fields{d.ev.Scopes()}
	d.sendersTime(at)
	switch {
	case at.str("Channel", "channel", "log_name") != "" && at.str("EventID", "event_id") != "":
		readWindows(d, at)
	case str(m["_path"]) != "", str(m["@stream"]) != "" && str(m["@proc"]) == "zeek":
		readZeek(d, m)
	case isEventXML(str(m["SyslogMessage"])): // a collector's wrapping of a syslog record
		readEventXML(d, str(m["SyslogMessage"]))
	case isAuditd(str(m["SyslogMessage"])):
		readAuditd(d, str(m["SyslogMessage"]))
	default:
		readPlain(d, at)
	}
	return nil
}

// fields looks names up in the places where senders put them.
type fields struct{ scopes []map[string]any }

func (f fields) str(names ...string) string {
	for _, scope := range f.scopes {
		if s := first(scope, names...); s != "" && s != "-" {
			return s
		}
	}
	return ""
}

// sendersTime takes the first of the usual fields that holds a time. When none
// does, what stands in such a field of the record itself is a time that cannot be
// read; further inside, and in "date", it may be anything.
func (d *draft) sendersTime(at fields) {
	var said any
	for _, name := range [...]string{
		"time", "timestamp", "@timestamp", "ts", "TimeCreated", "SystemTime", "UtcTime", "EventTime", "eventTime", "date", "datetime",
	} {
		for i, scope := range at.scopes {
			v := systemTime(scope[name])
			t, ok := readTime(v, d.zone)
			if ok && d.took(t) {
				return
			}
			// A number may be no time at all, a text in a time's form is one.
			if _, text := v.(string); (!ok || text) && said == nil && i == 0 && name != "date" && stated(v) {
				said = v
			}
		}
	}
	d.at(said)
}

// systemTime digs the time out of the attribute object in which XML converters put it.
func systemTime(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if inner, ok := m["#attributes"].(map[string]any); ok {
		m = inner
	}
	if inner, ok := m["SystemTime"]; ok {
		return inner
	}
	return v
}

// readPlain reads the audit dialect ("application", "action", "user", "host") and
// any other object whose fields have usual names.
func readPlain(d *draft, at fields) {
	application := at.str("application", "app", "service")
	d.ev.Action = clean(at.str("action", "event.action"))
	d.ev.Category = categoryOf(at.str("category", "event.category"), application, d.ev.Action)
	for _, f := range [...]struct {
		attr  string
		names []string
	}{
		{flow.AttrApplication, []string{"application", "app", "service"}},
		{flow.AttrUser, []string{"user", "username", "user_name", "account"}},
		{flow.AttrPerson, []string{"person"}},
		{flow.AttrBadge, []string{"badge"}},
		{flow.AttrHost, []string{"host", "hostname", "host_name", "Computer", "Hostname"}},
		{flow.AttrMessage, []string{"message", "msg", "Message"}},
		{flow.AttrOutcome, []string{"outcome", "result"}},
		{flow.AttrSourceIP, []string{"src_ip", "source_ip", "client_ip", "remote_addr", "source.ip"}},
		{flow.AttrDestIP, []string{"dest_ip", "dst_ip", "destination_ip", "destination.ip"}},
		{flow.AttrSender, []string{"sender"}},
		{flow.AttrRecipient, []string{"recipient"}},
		{flow.AttrVerdict, []string{"verdict"}},
		{flow.AttrURL, []string{"url"}},
		{flow.AttrReason, []string{"reason"}},
		{flow.AttrProduct, []string{"log.product"}},
		{flow.AttrService, []string{"log.service"}},
	} {
		d.set(f.attr, at.str(f.names...))
	}
	if d.get(flow.AttrOutcome) == "" {
		d.set(flow.AttrOutcome, outcomeOf(d.ev.Action))
	}
	switch d.ev.Category {
	case flow.CategoryMedical:
		readMedical(d, at)
		return
	case flow.CategoryMail:
		d.set(flow.AttrTargetUser, accountName(d.get(flow.AttrRecipient)))
	}
	d.claimApplication(application, d.get(flow.AttrHost))
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
}

// claimApplication names the application as what it happened to, and its host as
// what reported it; without an application the host itself is the target.
func (d *draft) claimApplication(application, host string) {
	if application == "" {
		d.claimHost(flow.RoleTarget, host)
		return
	}
	d.claim(flow.RoleTarget, flow.ByService, application)
	d.claimHost(flow.RoleObserver, host)
}

func categoryOf(stated, application, action string) flow.Category {
	known := flow.Category(strings.ToLower(stated))
	for _, c := range flow.Categories() {
		if c == known {
			return c
		}
	}
	switch {
	case strings.HasPrefix(action, "logon."):
		return flow.CategoryAuthentication
	case strings.HasPrefix(action, "mail."):
		return flow.CategoryMail
	case strings.HasPrefix(action, "dicom."), strings.HasPrefix(action, "hl7."), strings.HasPrefix(action, "device."):
		return flow.CategoryMedical
	case application != "":
		return flow.CategoryApplication
	}
	return flow.CategoryOther
}

func outcomeOf(action string) string {
	switch {
	case strings.HasSuffix(action, ".success"):
		return "success"
	case strings.HasSuffix(action, ".failure"):
		return "failure"
	}
	return ""
}

// readZeek reads a JSON record of Zeek, which names its log in _path, or in
// @stream when a package streams it; such packages also write id_orig_h.
func readZeek(d *draft, m map[string]any) {
	d.ev.Category = flow.CategoryNetwork
	d.ev.Action = "network." + clean(first(m, "_path", "@stream"))
	d.set(flow.AttrProduct, "zeek")
	d.set(flow.AttrService, first(m, "_path", "@stream"))
	for _, f := range [...][2]string{
		{"id.orig_h", flow.AttrSourceIP}, {"id.orig_p", flow.AttrSourcePort}, {"id.resp_h", flow.AttrDestIP},
		{"id.resp_p", flow.AttrDestPort}, {"id_orig_h", flow.AttrSourceIP}, {"id_orig_p", flow.AttrSourcePort},
		{"id_resp_h", flow.AttrDestIP}, {"id_resp_p", flow.AttrDestPort}, {"query", flow.AttrDNSQuery}, {"uri", flow.AttrURL},
		{"method", flow.AttrHTTPMethod}, {"user_agent", flow.AttrUserAgent}, {"status_code", flow.AttrHTTPStatus},
		{"host", flow.AttrHTTPHost}, {"referrer", flow.AttrReferer}, {"server_name", flow.AttrTLSName},
	} {
		if v, ok := walk(m, f[0]); ok {
			d.set(f[1], str(v))
		}
	}
	d.set(flow.AttrProtocol, first(m, "service", "proto"))
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
	d.claimTried(d.get(flow.AttrDestIP))
}
