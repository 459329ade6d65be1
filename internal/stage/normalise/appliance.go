package normalise

import (
	"strings"

	"warder/internal/flow"
)

// isFortigate tells a FortiGate's own form: pairs without a syslog header.
func isFortigate(message string) bool {
	head := message[:min(len(message), 300)]
	return strings.HasPrefix(head, "date=") && strings.Contains(head, "devname=") && strings.Contains(head, "logid=")
}

// readFortigate reads a record of a FortiGate (FortiOS Log Message Reference).
func readFortigate(d *draft, message string) {
	m := pairs(message)
	d.ev.Original = m
	d.at(str(m["date"]) + "T" + str(m["time"]) + zoneOf(str(m["tz"])))
	d.ev.Category, d.ev.Action = flow.CategoryNetwork, "firewall."+str(m["type"])
	d.set(flow.AttrProduct, "fortigate")
	d.set(flow.AttrService, str(m["type"]))
	for _, f := range [...][2]string{
		{flow.AttrHost, "devname"}, {flow.AttrMessage, "msg"}, {flow.AttrUser, "user"}, {flow.AttrSourceIP, "srcip"},
		{flow.AttrSourcePort, "srcport"}, {flow.AttrDestIP, "dstip"}, {flow.AttrDestPort, "dstport"},
	} {
		d.set(f[0], str(m[f[1]]))
	}
	if str(m["type"]) != "traffic" {
		d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
	}
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
	d.claimTried(d.get(flow.AttrDestIP))
}

// zoneOf makes "+0100" an RFC 3339 offset.
func zoneOf(tz string) string {
	if len(tz) == 5 {
		return tz[:3] + ":" + tz[3:]
	}
	return ""
}

// router names the product and service of a message in the form of Cisco's
// ("%BGP-3-NOTIFICATION: ...") or Huawei's routers ("%%01BGP/3/...").
func router(message string) (product, service string) {
	_, rest, found := strings.Cut(message[:min(len(message), 200)], "%")
	if !found {
		return "", ""
	}
	if code, huawei := strings.CutPrefix(rest, "%01"); huawei {
		facility, _, _ := strings.Cut(code, "/")
		return "huawei", strings.ToLower(facility)
	}
	mnemonic, _, told := strings.Cut(rest, ":")
	parts := strings.Split(mnemonic, "-")
	if !told || len(parts) < 3 || len(parts[len(parts)-2]) != 1 || strings.ToUpper(mnemonic) != mnemonic {
		return "", ""
	}
	switch facility := strings.ToLower(parts[0]); facility {
	case "bgp", "ldp":
		return "cisco", facility
	case "aaa", "tac", "parser", "ha_em", "sec_login": // who typed what
		return "cisco", "aaa"
	}
	return "cisco", "syslog"
}
