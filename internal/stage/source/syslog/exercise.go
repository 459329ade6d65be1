package syslog

import "bytes"

// exerciseID returns the id parameter of the structured data element
// [exercise@32473 id="..."] of an RFC 5424 message, or "". Only the place where
// structured data stands counts (section 6.3): the same text in MSG is what
// somebody logged, perhaps to pass a real attack off as an exercise.
func exerciseID(msg []byte) string {
	sd := structuredData(msg)
	for len(sd) > 0 && sd[0] == '[' {
		element, rest := cutElement(sd)
		if id, ok := bytes.CutPrefix(element, []byte("exercise@32473 ")); ok {
			return parameter(id, "id")
		}
		sd = rest
	}
	return ""
}

// structuredData returns the message from its STRUCTURED-DATA on; nil if it is
// not RFC 5424.
func structuredData(msg []byte) []byte {
	_, rest, ok := bytes.Cut(msg[:min(len(msg), len("<191>1 "))], []byte(">1 "))
	if !ok || msg[0] != '<' {
		return nil
	}
	rest = msg[min(len(msg), len("<191>1 "))-len(rest):]
	for range 5 { // TIMESTAMP HOSTNAME APP-NAME PROCID MSGID
		if _, rest, ok = bytes.Cut(rest, []byte(" ")); !ok {
			return nil
		}
	}
	return rest
}

// cutElement splits "[...]..." behind the element's closing bracket, which may
// be escaped in a value (section 6.3.3).
func cutElement(sd []byte) (element, rest []byte) {
	quoted := false
	for i := 1; i < len(sd); i++ {
		switch c := sd[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return sd[1:i], sd[i+1:]
		}
	}
	return nil, nil
}

// parameter returns the value of name="value" in the parameters of an element.
// Ids of exercises need no escapes, so a value with one is none.
func parameter(params []byte, name string) string {
	for len(params) > 0 {
		key, rest, ok := bytes.Cut(params, []byte(`="`))
		if !ok {
			return ""
		}
		end := bytes.IndexByte(rest, '"')
		if end < 0 || bytes.IndexByte(rest[:end], '\\') >= 0 {
			return ""
		}
		if string(bytes.TrimLeft(key, " ")) == name {
			return string(rest[:end])
		}
		params = rest[end+1:]
	}
	return ""
}
