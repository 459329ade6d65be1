package normalise

import (
	"encoding/hex"
	"strconv"
	"strings"

	"warder/internal/flow"
)

// isAuditd tells records of the Linux audit daemon, which its syslog plugin
// hands on as they stand in audit.log. Where it is told to name the host
// (name_format), that stands first.
func isAuditd(message string) bool {
	if node, rest, ok := strings.Cut(message[:min(len(message), 300)], " "); ok && strings.HasPrefix(node, "node=") {
		message = rest
	}
	head := message[:min(len(message), 120)]
	return strings.HasPrefix(head, "type=") && strings.Contains(head, "audit(")
}

// readAuditd reads one audit record under auditd's own names, which is how rules
// name them. What belongs to one act are several records: a rule that asks for
// the arguments (EXECVE) and the program's path (SYSCALL) at once meets neither.
func readAuditd(d *draft, message string) {
	m := pairs(message)
	kind := str(m["type"])
	delete(m, "msg")
	d.ev.Original = m
	d.set(flow.AttrProduct, "linux")
	d.set(flow.AttrService, "auditd")
	d.set(flow.AttrHost, first(m, "node"))
	d.ev.Category = flow.CategoryProcess
	switch kind {
	case "EXECVE":
		d.ev.Action = "process.started"
		arguments := execArguments(m)
		d.set(flow.AttrCommandLine, strings.Join(arguments, " "))
		if len(arguments) > 0 && strings.HasPrefix(arguments[0], "/") {
			d.set(flow.AttrProcess, arguments[0])
		}
	case "PROCTITLE":
		m["proctitle"] = strings.ReplaceAll(unhex(str(m["proctitle"])), "\x00", " ")
		d.set(flow.AttrCommandLine, str(m["proctitle"]))
	case "PATH":
		d.ev.Category = flow.CategoryFile
		m["name"] = unhex(str(m["name"]))
		d.set(flow.AttrFilePath, str(m["name"]))
	case "USER_AUTH", "USER_LOGIN", "USER_CMD", "USER_ACCT", "CRED_ACQ", "USER_START", "USER_END":
		d.ev.Category = flow.CategoryAuthentication
		d.set(flow.AttrUser, first(m, "acct"))
		d.set(flow.AttrSourceIP, first(m, "addr"))
	}
	d.set(flow.AttrProcess, first(m, "exe"))
	d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
	d.claimAddress(flow.RoleOrigin, d.get(flow.AttrSourceIP))
}

// execArguments decodes a0, a1 and so on, in place.
func execArguments(m map[string]any) (list []string) {
	for i := range mostPairs {
		name := "a" + strconv.Itoa(i)
		v, ok := m[name].(string)
		if !ok {
			return list
		}
		m[name] = unhex(v)
		list = append(list, str(m[name]))
	}
	return list
}

// unhex decodes what auditd writes in hexadecimal because it holds blanks or
// quotes. Text of two digits is left alone: "10" is more often ten than a line feed.
func unhex(s string) string {
	if len(s) < 4 || strings.ToUpper(s) != s {
		return s
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		return s
	}
	for _, c := range b {
		if c < ' ' && c != 0 && c != '\t' && c != '\n' {
			return s
		}
	}
	return clean(string(b))
}
