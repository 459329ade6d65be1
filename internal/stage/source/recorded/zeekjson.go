package recorded

import (
	"bytes"
	"path/filepath"
	"strings"
)

// zeekLogs are the logs of Zeek 4 to 7 and of its most used packages for
// industrial protocols, after its own list of log files.
const zeekLogs = " analyzer bacnet bacnet_discovery bacnet_property bacnet_device_control barnyard2 bsap broker capture_loss " +
	"cip cluster config conn conn_long dce_rpc dhcp dnp3 dnp3_control dnp3_objects dns dpd ecat_registers enip files ftp genisys " +
	"http intel irc kerberos known_certs known_hosts known_modbus known_services ldap ldap_search loaded_scripts " +
	"modbus modbus_detailed modbus_register_change mqtt_connect mqtt_publish mqtt_subscribe mysql netcontrol netflow " +
	"notice notice_alarm ntlm ntp ocsp opcua_binary openflow packet_filter pe postgresql print profinet quic radius rdp redis " +
	"reporter rfb s7comm sip signatures smb_cmd smb_files smb_mapping smtp snmp socks software ssh ssl stats stderr stdout " +
	"syslog telemetry traceroute tunnel unknown_protocols weird websocket x509 "

// zeekPath is the log that a file's name tells: conn of conn.log,
// conn.10:00:00-11:00:00.log.gz or conn_20260101.json. It is empty for names that
// Zeek does not give.
func zeekPath(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	for _, n := range [...]string{name, strings.TrimRight(name, "0123456789-_")} { // x509 ends with digits itself
		if n != "" && strings.Contains(zeekLogs, " "+n+" ") {
			return n
		}
	}
	return ""
}

// isZeek tells records of Zeek that do not name their log: they have its time, and
// a connection, or the name of their file is one of Zeek's.
func isZeek(data []byte, path string) bool {
	if !bytes.Contains(data, []byte(`"ts":`)) || bytes.Contains(data, []byte(`"_path"`)) {
		return false
	}
	return path != "" || streamOf(data) != ""
}

// streamOf is the log that some shippers name in a field of their own.
func streamOf(data []byte) string {
	_, rest, ok := bytes.Cut(data, []byte(`"@stream":"`))
	if !ok {
		return ""
	}
	name, _, _ := bytes.Cut(rest, []byte(`"`))
	if !bytes.Contains([]byte(zeekLogs), []byte(" "+string(name)+" ")) {
		return ""
	}
	return string(name)
}

// withPath adds the log's name to a record that lacks it.
func withPath(data []byte, path string) []byte {
	if stream := streamOf(data); stream != "" {
		path = stream
	}
	if path == "" || bytes.Contains(data, []byte(`"_path"`)) {
		return data
	}
	rest := bytes.TrimLeft(data[1:], " \t\r\n")
	out := make([]byte, 0, len(data)+len(path)+12)
	out = append(append(append(out, `{"_path":"`...), path...), '"')
	if len(rest) > 0 && rest[0] != '}' {
		out = append(out, ',')
	}
	return append(out, rest...)
}
