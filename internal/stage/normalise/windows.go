package normalise

import (
	"strings"

	"warder/internal/flow"
)

// readWindows reads an event of the Windows event log under the field names that
// Sigma uses, flat or as converters of EVTX nest them.
func readWindows(d *draft, at fields) {
	channel, id := at.str("Channel", "channel", "log_name"), at.str("EventID", "event_id")
	d.ev.Category, d.ev.Action = windowsKind(channel, id)
	d.set(flow.AttrOutcome, outcomeOf(d.ev.Action))
	d.set(flow.AttrEventID, id)
	for _, f := range [...]struct {
		attr  string
		names []string
	}{
		{flow.AttrHost, []string{"Computer", "computer_name", "Hostname", "ComputerName"}},
		{flow.AttrMessage, []string{"Message", "message"}},
		{flow.AttrProcess, []string{"Image", "NewProcessName", "ProcessName"}},
		{flow.AttrCommandLine, []string{"CommandLine", "ProcessCommandLine"}},
		{flow.AttrParentProcess, []string{"ParentImage", "ParentProcessName"}},
		{flow.AttrFilePath, []string{"TargetFilename"}},
		{flow.AttrFileHash, []string{"Hashes"}},
		{flow.AttrDNSQuery, []string{"QueryName"}},
		{flow.AttrSourceIP, []string{"IpAddress", "SourceIp", "SourceAddress"}},
		{flow.AttrSourcePort, []string{"IpPort", "SourcePort"}},
		{flow.AttrDestIP, []string{"DestinationIp", "DestAddress"}},
		{flow.AttrDestPort, []string{"DestinationPort", "DestPort"}},
	} {
		d.set(f.attr, at.str(f.names...))
	}
	d.set(flow.AttrUser, accountName(windowsUser(d.ev.Category, at)))
	d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
}

// windowsUser is the account that the event is about: who logs on, or who acts.
func windowsUser(c flow.Category, at fields) string {
	if c == flow.CategoryAuthentication {
		return at.str("TargetUserName", "SubjectUserName")
	}
	return at.str("User", "SubjectUserName", "TargetUserName")
}

// accountName drops the domain: badge systems and applications know none.
func accountName(user string) string {
	if i := strings.LastIndexByte(user, '\\'); i >= 0 {
		user = user[i+1:]
	}
	name, _, _ := strings.Cut(user, "@")
	return name
}

// windowsKind says what the events that rules name most are about.
func windowsKind(channel, id string) (flow.Category, string) {
	switch channel {
	case "Security":
		return securityKind(id)
	case "Microsoft-Windows-Sysmon/Operational", "Linux-Sysmon/Operational":
		return sysmonKind(id)
	case "Microsoft-Windows-DriverFrameworks-UserMode/Operational":
		if id == "2003" {
			return flow.CategoryApplication, "usb.connected"
		}
	}
	return flow.CategoryApplication, ""
}

// securityKind follows Microsoft's audit event ids.
func securityKind(id string) (flow.Category, string) {
	switch id {
	case "4624":
		return flow.CategoryAuthentication, "logon.success"
	case "4625", "4771":
		return flow.CategoryAuthentication, "logon.failure"
	case "4634", "4647", "4648", "4672", "4768", "4769", "4770", "4776", "4778", "4779":
		return flow.CategoryAuthentication, ""
	case "4688", "4689":
		return flow.CategoryProcess, ""
	case "4656", "4658", "4660", "4663", "4670", "5140", "5145":
		return flow.CategoryFile, ""
	case "6416": // a new external device was recognised
		return flow.CategoryApplication, "usb.connected"
	case "1102":
		return flow.CategoryApplication, "log.cleared"
	case "5152", "5154", "5156", "5157", "5158":
		return flow.CategoryNetwork, ""
	}
	return flow.CategoryApplication, ""
}

// sysmonKind follows Sysmon's event ids.
func sysmonKind(id string) (flow.Category, string) {
	switch id {
	case "1":
		return flow.CategoryProcess, "process.started"
	case "3", "22":
		return flow.CategoryNetwork, ""
	case "2", "11", "15", "23", "26", "27", "28", "29":
		return flow.CategoryFile, ""
	case "5", "6", "7", "8", "9", "10", "25":
		return flow.CategoryProcess, ""
	}
	return flow.CategoryApplication, ""
}
