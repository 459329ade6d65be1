package correlate

import (
	"net/netip"
	"strings"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// actorKey turns an alert's actor ("user:m.rossi", "badge:B1042",
// "ip:198.51.100.7") into what it is joined by; none for actors that everybody
// shares. An account and a person of one name are one actor: that is how a badge
// and a logon meet.
func actorKey(s *hospital.Snapshot, actor string) (string, bool) {
	kind, value, ok := strings.Cut(actor, ":")
	value = strings.ToLower(strings.TrimSpace(value))
	if !ok || value == "" || value == "-" {
		return "", false
	}
	switch kind {
	case "user", "person":
		value = bare(value)
		return "who:" + value, !service(value)
	case "ip":
		return "ip:" + value, speaks(s, value)
	}
	return kind + ":" + value, true
}

// bare removes a Windows domain or a mail domain from an account's name.
func bare(user string) string {
	if i := strings.LastIndexByte(user, '\\'); i >= 0 {
		user = user[i+1:]
	}
	name, _, _ := strings.Cut(user, "@")
	return name
}

// service tells accounts that stand for programs or for nobody in particular.
func service(user string) bool {
	switch user {
	case "", "root", "system", "administrator", "admin", "guest", "anonymous", "anonymous logon", "local service",
		"network service", "nobody", "daemon", "www-data", "unknown":
		return true
	}
	for _, prefix := range []string{"svc-", "svc_", "svc.", "service-", "service_", "nt authority"} {
		if strings.HasPrefix(user, prefix) {
			return true
		}
	}
	return strings.HasSuffix(user, "$")
}

// speaks tells whether an address stands for one party: not for a hub such as a
// proxy, nor for nobody in particular.
func speaks(s *hospital.Snapshot, value string) bool {
	ip, err := netip.ParseAddr(value)
	if err != nil || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLoopback() || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return false
	}
	a, known := s.Resolve(flow.Identifier{Kind: flow.ByIP, Value: value})
	return !known || joins(a)
}
