package normalise

import (
	"net/netip"
	"regexp"
	"strings"

	"warder/internal/flow"
)

// saying is one form of message that a common program writes. Its named groups
// are those of attributeOf.
type saying struct {
	programs string // separated by blanks
	has      string // a literal that must occur: the cheap test before the expensive one
	form     *regexp.Regexp
	category flow.Category
	action   string
	outcome  string
	groups   []string // attributes that the form's groups give, by group; filled in by sayings
}

func sayings() []saying {
	list := []saying{
		{"sshd sshd-session", "Accepted ", regexp.MustCompile(`^Accepted \S+ for (?P<user>\S+) from (?P<ip>\S+) port (?P<port>\d+)`), flow.CategoryAuthentication, "logon.success", "success", nil},
		{"sshd sshd-session", "Failed ", regexp.MustCompile(`^Failed \S+ for (?:invalid user )?(?P<user>\S*) from (?P<ip>\S+) port (?P<port>\d+)`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"sshd sshd-session", "Invalid user", regexp.MustCompile(`^Invalid user (?P<user>\S*) from (?P<ip>\S+)(?: port (?P<port>\d+))?`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"sshd sshd-session", "authentication failures", regexp.MustCompile(`too many authentication failures for (?P<user>\S+)|maximum authentication attempts exceeded for (?:invalid user )?(?P<user2>\S+)`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"sshd sudo su login gdm gdm-password", "authentication failure", regexp.MustCompile(`^pam_\w+\([^)]*\): authentication failure;.*?(?:rhost=(?P<ip>\S*))?\s+user=(?P<user>\S+)`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"sudo", "COMMAND=", regexp.MustCompile(`^\s*(?P<user>\S+) : (?:.*; )?USER=(?P<target>\S+) ; (?:ENV=.* ; )?COMMAND=(?P<command>.*)$`), flow.CategoryAuthentication, "privilege.used", "success", nil},
		{"sudo", "incorrect password", regexp.MustCompile(`^\s*(?P<user>\S+) : \d+ incorrect password attempts?`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"sudo", "NOT in sudoers", regexp.MustCompile(`^\s*(?P<user>\S+) : user NOT in sudoers`), flow.CategoryAuthentication, "privilege.denied", "failure", nil},
		{"su", "FAILED", regexp.MustCompile(`^FAILED (?:SU|su) (?:\(to (?P<target>\S+)\)|for (?P<target2>\S+)(?: by)?) (?P<user>\S+)`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"su", " failed for ", regexp.MustCompile(`^'su (?P<target>\S+)' failed for (?P<user>\S+)`), flow.CategoryAuthentication, "logon.failure", "failure", nil},
		{"nginx httpd apache2 apache", "HTTP/", regexp.MustCompile(`^(?P<ip>\S+) \S+ (?P<user>\S+) \[[^\]]*\] "(?P<method>[A-Z]+) (?P<url>\S+) HTTP/[^"]*" (?P<status>\d{3}) \S+(?: "(?P<referer>[^"]*)" "(?P<agent>[^"]*)")?`), flow.CategoryNetwork, "web.request", "", nil},
		{"squid (squid-1)", "/", regexp.MustCompile(`^[\d.]+\s+\d+ (?P<ip>\S+) [A-Z_]+/(?P<status>\d{3}) \d+ (?P<method>[A-Z_]+) (?P<url>\S+) (?P<user>\S+) `), flow.CategoryNetwork, "proxy.request", "", nil},
		{"kernel", "SRC=", regexp.MustCompile(`\bSRC=(?P<ip>\S+) DST=(?P<dst>\S+) .*?PROTO=(?P<proto>\S+)(?: SPT=(?P<port>\d+) DPT=(?P<dport>\d+))?`), flow.CategoryNetwork, "packet.logged", "", nil},
		{"kernel", "New USB device found", regexp.MustCompile(`New USB device found, idVendor=\S+, idProduct=\S+`), flow.CategoryOther, "usb.connected", "", nil},
	}
	for i := range list {
		for _, group := range list[i].form.SubexpNames() {
			list[i].groups = append(list[i].groups, attributeOf(group))
		}
	}
	return list
}

// attributeOf is the attribute that a form's named group gives.
func attributeOf(group string) string {
	return map[string]string{
		"user": flow.AttrUser, "user2": flow.AttrUser, "ip": flow.AttrSourceIP, "port": flow.AttrSourcePort,
		"target": flow.AttrTargetUser, "target2": flow.AttrTargetUser, "command": flow.AttrCommandLine,
		"method": flow.AttrHTTPMethod, "url": flow.AttrURL, "status": flow.AttrHTTPStatus, "referer": flow.AttrReferer, "agent": flow.AttrUserAgent,
		"dst": flow.AttrDestIP, "dport": flow.AttrDestPort, "proto": flow.AttrProtocol,
	}[group]
}

// readProgram reads what common programs of Linux servers write, and ties the
// event to the host that wrote it.
func (n *Normaliser) readProgram(d *draft, program, message string) {
	switch {
	case isAuditd(message):
		readAuditd(d, message)
		return
	case isEventXML(message):
		readEventXML(d, message)
		return
	}
	if product, service := router(program + ":" + message); product != "" {
		d.set(flow.AttrProduct, product)
		d.set(flow.AttrService, service)
	}
	if strings.HasPrefix(message, "pam_") { // which writes to that log whatever program it works for
		d.set(flow.AttrProduct, "linux")
		d.set(flow.AttrService, "auth")
	}
	d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
	for i := range n.sayings {
		s := &n.sayings[i]
		if strings.Contains(message, s.has) && wordIn(s.programs, program) && s.apply(d, message) {
			break
		}
	}
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
	d.claimTried(d.get(flow.AttrDestIP))
}

func (s *saying) apply(d *draft, message string) bool {
	groups := s.form.FindStringSubmatch(message)
	if groups == nil {
		return false
	}
	d.ev.Category, d.ev.Action = s.category, s.action
	d.set(flow.AttrOutcome, s.outcome)
	for i, attr := range s.groups {
		if attr != "" {
			d.set(attr, groups[i])
		}
	}
	return true
}

func wordIn(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

// claimHost notes a host by its name or, where a sender writes an address in the
// name's place, by that. A fully qualified name is also tried by its first label.
func (d *draft) claimHost(role flow.Role, host string) {
	if host == "" || host == "-" || strings.EqualFold(host, "localhost") {
		return
	}
	if _, err := netip.ParseAddr(host); err == nil {
		d.claimAddress(role, host)
		return
	}
	ids := []flow.Identifier{{Kind: flow.ByHostname, Value: host}}
	if short, _, qualified := strings.Cut(host, "."); qualified && short != "" {
		ids = append(ids, flow.Identifier{Kind: flow.ByHostname, Value: short})
	}
	d.claimAny(role, ids...)
}

// claimTried notes the target of a connection that may not exist: a scan must not
// fill the list of unknown assets with addresses at which there is nothing.
func (d *draft) claimTried(value string) {
	before := len(d.claims)
	d.claimAddress(flow.RoleTarget, value)
	for i := range d.claims[before:] {
		d.claims[before+i].quiet = true
	}
}

// claimAddress notes an asset by its address, unless the address cannot be one
// asset's: unset, loopback, multicast or broadcast.
func (d *draft) claimAddress(role flow.Role, value string) {
	addr, err := netip.ParseAddr(value)
	if err != nil {
		return
	}
	addr = addr.Unmap().WithZone("")
	if addr.IsUnspecified() || addr.IsLoopback() || addr.IsMulticast() || value == "255.255.255.255" {
		return
	}
	d.claimAny(role, flow.Identifier{Kind: flow.ByIP, Value: addr.String()})
}
