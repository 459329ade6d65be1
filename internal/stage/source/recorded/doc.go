// Package recorded reads logs that lie in files: JSON lines, arrays and objects
// over many lines, event logs of Windows, Suricata's EVE, Zeek's JSON and
// tab-separated logs, and syslog. It recognises each by its content, unpacks gzip
// and Zstandard, and makes of every record what a source of that kind would have
// taken in (flow.Raw).
//
// Guarantees:
//   - A record that cannot be read is given like the others, with the reason in
//     Raw.Refused and its bytes; so is a file of which nothing can be read. Only
//     the caller's own error and an ended context end the reading.
//   - An object in which a cloud service wraps many records becomes one record for
//     each (package envelope), also where it is larger than a record may be.
//   - Records come in the order of the files and of their lines. JSON and syslog
//     are handed on as they stand, except that a record of Zeek is told its log
//     in "_path" and a line without a syslog header gets one: <13>, as RFC 3164
//     section 4.3.3 asks of relays, and where auditd or a web server wrote it
//     their name and time.
//   - Memory is bounded by one record (Options.Limit) or one chunk of an event
//     log, whatever the size of the file.
package recorded
