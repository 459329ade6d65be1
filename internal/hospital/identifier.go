package hospital

import (
	"net/netip"
	"strings"

	"warder/internal/flow"
)

// Canonical is the form in which identifiers are compared: white space around
// the value removed, IP addresses as RFC 5952 writes them (an IPv4 address that
// is mapped into IPv6 counts as IPv4, zones dropped), hardware addresses as
// hexadecimal digits only, everything else folded to lower case. A value that
// its kind cannot read is folded like text, so that it still equals itself.
func Canonical(id flow.Identifier) flow.Identifier {
	v := strings.TrimSpace(id.Value)
	switch id.Kind {
	case flow.ByIP:
		if ip, ok := canonicalIP(v); ok {
			return flow.Identifier{Kind: id.Kind, Value: ip}
		}
	case flow.ByMAC:
		if mac, ok := canonicalMAC(v); ok {
			return flow.Identifier{Kind: id.Kind, Value: mac}
		}
	}
	return flow.Identifier{Kind: id.Kind, Value: strings.ToLower(v)}
}

// canonicalIP reads an address, or a prefix as networks carry it.
func canonicalIP(v string) (string, bool) {
	if strings.Contains(v, "/") {
		p, err := netip.ParsePrefix(v)
		if err != nil {
			return "", false
		}
		return p.Masked().String(), true
	}
	a, err := netip.ParseAddr(v)
	if err != nil {
		return "", false
	}
	return a.Unmap().WithZone("").String(), true
}

// canonicalMAC reads 6 or 8 bytes in any of the usual writings: 00:1b:21:3a:4f:10,
// 00-1B-21-3A-4F-10, 001b.213a.4f10, 001B213A4F10.
func canonicalMAC(v string) (string, bool) {
	digits := make([]byte, 0, 16)
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == ':' || c == '-' || c == '.':
			continue
		case c >= 'A' && c <= 'F':
			c += 'a' - 'A'
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
		default:
			return "", false
		}
		if len(digits) == 16 {
			return "", false
		}
		digits = append(digits, c)
	}
	return string(digits), len(digits) == 12 || len(digits) == 16
}
