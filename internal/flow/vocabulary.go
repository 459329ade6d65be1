package flow

// Attribute is one word of the event vocabulary.
type Attribute struct {
	Name    string // dotted, lower case
	Meaning string
	Unit    string // empty for text
	Example string
}

// Attribute names, as constants for code; Vocabulary documents each.
const (
	AttrMessage        = "message"
	AttrOutcome        = "outcome"
	AttrUser           = "actor.user"
	AttrPerson         = "actor.person"
	AttrBadge          = "actor.badge"
	AttrSourceIP       = "source.ip"
	AttrSourcePort     = "source.port"
	AttrSourceMAC      = "source.mac"
	AttrDestIP         = "destination.ip"
	AttrDestPort       = "destination.port"
	AttrProtocol       = "network.protocol"
	AttrVLAN           = "network.vlan"
	AttrHost           = "host.name"
	AttrHostIP         = "host.ip"
	AttrProcess        = "process.image"
	AttrCommandLine    = "process.command_line"
	AttrParentProcess  = "process.parent"
	AttrFilePath       = "file.path"
	AttrFileHash       = "file.hash"
	AttrDNSQuery       = "dns.query"
	AttrURL            = "http.url"
	AttrHTTPMethod     = "http.method"
	AttrHTTPStatus     = "http.status"
	AttrUserAgent      = "http.user_agent"
	AttrDoor           = "door.id"
	AttrReader         = "reader.id"
	AttrCamera         = "camera.id"
	AttrCameraZone     = "camera.zone"
	AttrObjectLabel    = "object.label"
	AttrObjectID       = "object.id"
	AttrDwell          = "object.dwell"
	AttrStationary     = "object.stationary"
	AttrSensor         = "sensor.id"
	AttrQuantity       = "sensor.quantity"
	AttrValue          = "sensor.value"
	AttrUnit           = "sensor.unit"
	AttrSensorState    = "sensor.state"
	AttrPanel          = "panel.id"
	AttrPoint          = "panel.point"
	AttrApplication    = "application.name"
	AttrSignature      = "foreign.signature"
	AttrSignatureID    = "foreign.signature_id"
	AttrForeignLevel   = "foreign.severity"
	AttrForeignClass   = "foreign.category"
	AttrFacility       = "syslog.facility"
	AttrSyslogSeverity = "syslog.severity"
	AttrProgram        = "syslog.program"
	AttrProcessID      = "syslog.procid"
	AttrMessageID      = "syslog.msgid"
	AttrBuilding       = "place.building"
	AttrFloor          = "place.floor"
	AttrRoom           = "place.room"
	AttrPlaceTags      = "place.tags"
	AttrAssetKind      = "asset.kind"
	AttrAssetTags      = "asset.tags"
	AttrTargetUser     = "target.user"
	AttrHTTPHost       = "http.host"
	AttrTLSName        = "tls.server_name"
	AttrDevice         = "device.id"
	AttrReviewID       = "review.id"
	AttrReviewState    = "review.state"
	AttrSender         = "mail.sender"
	AttrRecipient      = "mail.recipient"
	AttrVerdict        = "mail.verdict"
	AttrProduct        = "log.product"
	AttrService        = "log.service"
	AttrReferer        = "http.referer"
	AttrReason         = "outcome.reason"
	AttrOriginKind     = "origin.kind"
	AttrOriginTags     = "origin.tags"
	AttrOriginBuilding = "origin.building"
	AttrOriginRoom     = "origin.room"
	AttrCalling        = "dicom.calling"
	AttrCallingKind    = "dicom.calling_kind"
	AttrCalled         = "dicom.called"
	AttrMoveTo         = "dicom.destination"
	AttrMoveToKind     = "dicom.destination_kind"
	AttrHL7Sender      = "hl7.sender"
	AttrHL7Type        = "hl7.type"
	AttrPatient        = "patient.id"
	AttrEventID        = "log.event_id"
)

// AttrMeasured begins the attributes that give each quantity of a sensor's record
// by its name: "sensor.temperature", "sensor.flood". Their values are the number
// as measured, or normal or alarm for what is only told so.
const AttrMeasured = "sensor."

// Vocabulary lists every attribute that an event may carry, in the order of the
// reference page. Attributes whose unit is "words" hold several values separated
// by blanks; a rule looks at each.
func Vocabulary() []Attribute {
	return []Attribute{
		{AttrMessage, "the record's text for people", "", "Door held open"},
		{AttrOutcome, "success, failure or unknown", "", "failure"},
		{AttrUser, "account name", "", "m.rossi"},
		{AttrPerson, "a person as access control names them", "", "m.rossi"},
		{AttrBadge, "badge number", "", "B1042"},
		{AttrSourceIP, "address that it came from", "", "10.20.4.7"},
		{AttrSourcePort, "port that it came from", "", "51323"},
		{AttrSourceMAC, "hardware address that it came from", "", "00:1b:21:3a:4f:10"},
		{AttrDestIP, "address that it went to", "", "10.20.1.10"},
		{AttrDestPort, "port that it went to", "", "445"},
		{AttrProtocol, "transport or application protocol", "", "tcp"},
		{AttrVLAN, "VLAN number", "", "30"},
		{AttrHost, "name of the host that it happened on", "", "srv-schedule"},
		{AttrHostIP, "address of the host that it happened on", "", "10.20.1.10"},
		{AttrProcess, "program that ran", "", `C:\Windows\System32\cmd.exe`},
		{AttrCommandLine, "command line of the program", "", "net view /all"},
		{AttrParentProcess, "program that started it", "", "winword.exe"},
		{AttrFilePath, "file concerned", "", "/var/lib/schedule/plan.db"},
		{AttrFileHash, "hash of the file, as the sender gives it", "", "md5=8d81d793b28b"},
		{AttrDNSQuery, "name that was looked up", "", "update.example"},
		{AttrURL, "URL or path requested", "", "/scripts/wpnbr.dll"},
		{AttrHTTPMethod, "HTTP method", "", "POST"},
		{AttrHTTPStatus, "HTTP status", "", "200"},
		{AttrUserAgent, "client's name for itself", "", "Ruby"},
		{AttrDoor, "door as access control names it", "", "D-A2-014"},
		{AttrReader, "badge reader", "", "R-A2-014"},
		{AttrCamera, "camera", "", "cam-a2-pharmacy"},
		{AttrCameraZone, "zones of the camera's picture that the object is in", "words", "pharmacy_door"},
		{AttrObjectLabel, "what the camera saw", "", "person"},
		{AttrObjectID, "the camera system's id of the tracked object", "", "1607123955.475377-mxklsc"},
		{AttrDwell, "how long the object has been seen", "s", "94.5"},
		{AttrStationary, "whether the object stands still", "", "true"},
		{AttrSensor, "sensor", "", "sens-freezer-1"},
		{AttrQuantity, "what is measured: temperature, humidity, flood, glass, fire, light, sound, fan, power ...", "words", "temperature"},
		{AttrValue, "the measured value", "as unit says", "8.4"},
		{AttrUnit, "unit of the value", "", "Cel"},
		{AttrSensorState, "normal or alarm", "", "alarm"},
		{AttrPanel, "fire, intrusion or building panel", "", "FP-A"},
		{AttrPoint, "the panel's point or zone", "", "2-017"},
		{AttrApplication, "application or service", "", "schedule"},
		{AttrSignature, "name of the foreign detection", "", "ET SCAN Nmap"},
		{AttrSignatureID, "number of the foreign detection", "", "2000537"},
		{AttrForeignLevel, "the foreign system's severity, as it gives it", "", "2"},
		{AttrForeignClass, "the foreign system's class of detection", "", "Attempted Information Leak"},
		{AttrFacility, "syslog facility (RFC 5424 table 1)", "", "auth"},
		{AttrSyslogSeverity, "syslog severity (RFC 5424 table 2)", "", "notice"},
		{AttrProgram, "syslog APP-NAME or tag", "", "sshd"},
		{AttrProcessID, "syslog PROCID", "", "49340"},
		{AttrMessageID, "syslog MSGID", "", "ID47"},
		{AttrBuilding, "building of the target, from the hospital model", "", "a-bldg-1"},
		{AttrFloor, "floor of the target, from the hospital model", "", "a-bldg-1-f2"},
		{AttrRoom, "room of the target, from the hospital model", "", "a-r-2014"},
		{AttrPlaceTags, "tags of the room, zones and floor around the target, from the hospital model", "words", "pharmacy restricted"},
		{AttrAssetKind, "kind of the target or, without one, of the device that saw it", "", "door"},
		{AttrAssetTags, "tags of the target or, without one, of the device that saw it", "words", "freezer"},
		{AttrTargetUser, "account that was acted on or taken on", "", "root"},
		{AttrHTTPHost, "host that the HTTP request named", "", "intranet.example"},
		{AttrTLSName, "server name in the TLS greeting", "", "update.example"},
		{AttrDevice, "building device as its system names it", "", "AHU-OT-1"},
		{AttrReviewID, "the camera system's id of a review item", "", "1718987129.308396-fqk5ka"},
		{AttrReviewState, "new, update or end", "", "new"},
		{AttrSender, "sender of a mail", "", "billing@shop.example"},
		{AttrRecipient, "recipient of a mail", "", "m.rossi@hospital.example"},
		{AttrVerdict, "what the mail gateway thought of a mail", "", "suspicious-link"},
		{AttrProduct, "product that wrote the record, as Sigma names it", "", "zeek"},
		{AttrService, "service that wrote the record, as Sigma names it", "", "conn"},
		{AttrReferer, "page that the HTTP request came from", "", "https://intranet.example/"},
		{AttrReason, "why it came out so, as the system says", "", "expired"},
		{AttrOriginKind, "kind of the asset that it came from; missing where the hospital model knows none", "", "host"},
		{AttrOriginTags, "tags of the asset that it came from", "words", "workstation bms"},
		{AttrOriginBuilding, "building that it came from, from the hospital model", "", "a-bldg-1"},
		{AttrOriginRoom, "room that it came from, from the hospital model", "", "a-r-2014"},
		{AttrCalling, "title of the DICOM application entity that asks", "", "CT_1"},
		{AttrCallingKind, "kind of the asset of that title; missing where the hospital model knows none", "", "medical-device"},
		{AttrCalled, "title of the DICOM application entity that is asked", "", "PACS"},
		{AttrMoveTo, "title of the application entity that images are to be sent to", "", "VIEWER_3"},
		{AttrMoveToKind, "kind of the asset of that title; missing where the hospital model knows none", "", "host"},
		{AttrHL7Sender, "sending application of an HL7 message (MSH-3)", "", "LIS"},
		{AttrHL7Type, "message type and event of an HL7 message (MSH-9)", "", "ADT^A01"},
		{AttrPatient, "the patient's number, as the sender gives it", "", "8004512"},
		{AttrEventID, "number of the kind of event in its log", "", "4624"},
		{AttrMeasured + "*", "each quantity of a sensor's record by its name: the number, or normal or alarm", "as unit says", "sensor.temperature = 8.4"},
	}
}
