package normalise

import (
	"encoding/xml"
	"fmt"
	"strings"

	"warder/internal/flow"
)

// readMedical reads what archives, interface engines and device gateways write
// about associations ("dicom.find"), messages ("hl7.message") and devices.
func readMedical(d *draft, at fields) {
	for _, f := range [...]struct {
		attr  string
		names []string
	}{
		{flow.AttrCalling, []string{"calling_aet", "callingAET", "calling"}},
		{flow.AttrCalled, []string{"called_aet", "calledAET", "called"}},
		{flow.AttrMoveTo, []string{"destination_aet", "move_destination", "moveDestination"}},
		{flow.AttrHL7Sender, []string{"sending_application", "MSH-3"}},
		{flow.AttrHL7Type, []string{"message_type", "MSH-9"}},
		{flow.AttrPatient, []string{"patient", "patient_id"}},
		{flow.AttrDevice, []string{"device", "device_id"}},
	} {
		d.set(f.attr, at.str(f.names...))
	}
	if device := d.get(flow.AttrDevice); device != "" {
		d.claimAny(flow.RoleTarget, namesOf(device)...)
	} else {
		d.claimApplication(at.str("application", "app", "service"), d.get(flow.AttrHost))
	}
	d.claimSpeaker(d.get(flow.AttrCalling), d.get(flow.AttrHL7Sender), d.get(flow.AttrSourceIP))
}

// claimSpeaker names where a message came from: by the title or name that it
// gives itself or, when the model knows neither, by its address.
func (d *draft) claimSpeaker(title, application, address string) {
	before := len(d.claims)
	d.claimAddress(flow.RoleOrigin, address)
	var ids []flow.Identifier
	if title != "" {
		ids = append(ids, flow.Identifier{Kind: flow.ByAETitle, Value: title})
	}
	if application != "" {
		ids = append(ids, flow.Identifier{Kind: flow.ByService, Value: application})
	}
	for _, c := range d.claims[before:] {
		ids = append(ids, c.by...)
	}
	d.claims = d.claims[:before]
	if len(ids) > 0 {
		d.claimAny(flow.RoleOrigin, ids...)
	}
}

// auditMessage is what is read of a DICOM audit message (DICOM PS3.15 section
// A.5); IHE ATNA sends them over syslog.
type auditMessage struct {
	Event struct {
		Outcome string      `xml:"EventOutcomeIndicator,attr"`
		At      string      `xml:"EventDateTime,attr"`
		ID      auditCode   `xml:"EventID"`
		Types   []auditCode `xml:"EventTypeCode"`
	} `xml:"EventIdentification"`
	Participants []auditParticipant `xml:"ActiveParticipant"`
	Source       struct {
		ID string `xml:"AuditSourceID,attr"`
	} `xml:"AuditSourceIdentification"`
	Objects []struct {
		ID   string `xml:"ParticipantObjectID,attr"`
		Type string `xml:"ParticipantObjectTypeCode,attr"`
		Role string `xml:"ParticipantObjectTypeCodeRole,attr"`
	} `xml:"ParticipantObjectIdentification"`
}

type auditParticipant struct {
	User      string      `xml:"UserID,attr"`
	Requestor string      `xml:"UserIsRequestor,attr"`
	Address   string      `xml:"NetworkAccessPointID,attr"`
	Roles     []auditCode `xml:"RoleIDCode"`
}

// auditCode is a coded value: DICOM writes csd-code, RFC 3881 code.
type auditCode struct {
	DICOM   string `xml:"csd-code,attr"`
	RFC3881 string `xml:"code,attr"`
}

func (c auditCode) value() string {
	if c.DICOM != "" {
		return c.DICOM
	}
	return c.RFC3881
}

// Roles of participants (DICOM PS3.16, CID 402).
const (
	auditSource      = "110153"
	auditDestination = "110152"
)

// isAudit tells audit messages by their root element.
func isAudit(message string) bool {
	return strings.Contains(message[:min(len(message), 200)], "<AuditMessage")
}

// readAudit reads an audit message. The record stays readable when it is broken:
// that a system wrote an audit record is known all the same.
func readAudit(d *draft, message string) {
	d.ev.Category = flow.CategoryMedical
	var m auditMessage
	if err := xml.Unmarshal([]byte(message), &m); err != nil {
		d.fault(fmt.Errorf("read audit message: %w", err))
		d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
		return
	}
	d.at(m.Event.At)
	d.set(flow.AttrOutcome, auditOutcome(m.Event.Outcome))
	d.ev.Category, d.ev.Action = m.kind()
	d.claimApplication(clean(m.Source.ID), d.get(flow.AttrHost))
	for _, p := range m.Participants {
		d.participant(p, d.ev.Action)
	}
	for _, o := range m.Objects {
		if o.Type == "1" && o.Role == "1" { // a person, the patient
			number, _, _ := strings.Cut(o.ID, "^")
			d.set(flow.AttrPatient, number)
			break
		}
	}
	d.claimSpeaker(d.get(flow.AttrCalling), "", d.get(flow.AttrSourceIP))
}

// participant notes who asked, and the two ends of a transfer.
func (d *draft) participant(p auditParticipant, action string) {
	role := ""
	for _, r := range p.Roles {
		if v := r.value(); v == auditSource || v == auditDestination {
			role = v
		}
	}
	switch {
	case role == auditSource:
		d.set(flow.AttrCalling, p.User)
	case role == auditDestination:
		d.set(flow.AttrCalled, p.User)
		if action == "audit.instances-transferred" || action == "audit.transfer-begun" {
			d.set(flow.AttrMoveTo, p.User)
		}
	case p.Requestor == "true" || d.get(flow.AttrUser) == "":
		d.set(flow.AttrUser, accountName(p.User))
	}
	if role == auditSource || role == "" && p.Requestor == "true" {
		d.set(flow.AttrSourceIP, p.Address)
	}
}

func auditOutcome(indicator string) string {
	switch indicator {
	case "0":
		return "success"
	case "4", "8", "12":
		return "failure"
	}
	return ""
}

// kind is what an audit message is about. Logons are told as everybody's are.
func (m *auditMessage) kind() (flow.Category, string) {
	event := m.Event.ID.value()
	for _, t := range m.Event.Types {
		switch t.value() {
		case "110122":
			if m.Event.Outcome == "0" {
				return flow.CategoryAuthentication, "logon.success"
			}
			return flow.CategoryAuthentication, "logon.failure"
		case "110123":
			return flow.CategoryAuthentication, "logoff"
		}
		if name := auditTypes(t.value()); name != "" {
			return flow.CategoryMedical, "audit." + name
		}
	}
	if name := auditEvents(event); name != "" {
		return flow.CategoryMedical, "audit." + name
	}
	return flow.CategoryMedical, "audit.other"
}

// auditEvents names events (DICOM PS3.16, CID 400).
func auditEvents(code string) string {
	return map[string]string{
		"110100": "application", "110101": "log-used", "110102": "transfer-begun", "110103": "instances-accessed",
		"110104": "instances-transferred", "110105": "study-deleted", "110106": "exported", "110107": "imported",
		"110108": "network-entry", "110109": "order-record", "110110": "patient-record", "110111": "procedure-record",
		"110112": "query", "110113": "security-alert", "110114": "user-authentication",
	}[code]
}

// auditTypes names types of events (DICOM PS3.16, CID 401) that say more than
// the event itself.
func auditTypes(code string) string {
	return map[string]string{
		"110120": "application-started", "110121": "application-stopped", "110124": "attached", "110125": "detached",
		"110126": "node-authentication", "110127": "emergency-override", "110128": "network-configured",
		"110129": "security-configured", "110130": "hardware-configured", "110131": "software-configured",
		"110132": "restricted-function", "110133": "recording-stopped", "110134": "recording-started",
		"110135": "object-security-changed", "110136": "roles-changed", "110137": "user-security-changed",
	}[code]
}
