package normalise

import "strings"

// mostPairs bounds how many pairs of one record are read.
const mostPairs = 200

// pairs reads `name=value` pairs, as auditd and several firewalls write them.
// Values may stand in double or single quotes; what stands in single quotes is
// pairs itself (audit records of user space) and is read as well.
func pairs(s string) map[string]any {
	m := map[string]any{}
	addPairs(m, s)
	return m
}

func addPairs(m map[string]any, s string) {
	for len(m) < mostPairs {
		s = strings.TrimLeft(s, " \t\x1d") // auditd puts a group separator before what it interpreted
		eq := strings.IndexByte(s, '=')
		if eq < 0 {
			return
		}
		name := s[:eq]
		if i := strings.LastIndexAny(name, " \t\x1d"); i >= 0 {
			name = name[i+1:] // words without a value
		}
		value, rest, quote := cutValue(s[eq+1:])
		switch {
		case name == "":
		case quote == '\'' && strings.Contains(value, "="):
			addPairs(m, value)
		default:
			if _, have := m[name]; !have {
				m[clean(name)] = clean(value)
			}
		}
		s = rest
	}
}

// cutValue takes a value off the front and says how it was quoted.
func cutValue(s string) (value, rest string, quote byte) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : 1+end], s[end+2:], s[0]
		}
	}
	end := strings.IndexAny(s, " \t\x1d")
	if end < 0 {
		return s, "", 0
	}
	return s[:end], s[end:], 0
}
