package normalise

import (
	"testing"

	"warder/internal/flow"
)

func BenchmarkEvent(b *testing.B) {
	n := normaliser(b)
	for name, raw := range map[string]flow.Raw{
		"syslog5424": {Format: flow.FormatSyslog, Data: []byte(`<134>1 2026-11-22T09:59:58.120Z acs-1 access 811 - [access@32473 event="badge.denied" door="D-A2-014" reader="R-A2-014" badge="B1042" person="m.rossi"] Badge denied`)},
		"syslog3164": {Format: flow.FormatSyslog, Data: []byte(`<38>Nov 22 10:59:01 srv-schedule sshd[811]: Failed password for m.rossi from 203.0.113.9 port 40022 ssh2`)},
		"eve":        {Format: flow.FormatSuricata, Data: []byte(`{"timestamp":"2026-11-22T09:54:06.047429+0000","flow_id":4711,"event_type":"alert","src_ip":"10.20.4.77","src_port":40000,"dest_ip":"10.20.1.10","dest_port":445,"proto":"TCP","alert":{"signature_id":2000537,"signature":"ET SCAN NMAP","category":"Attempted Information Leak","severity":2}}`)},
		"windows":    {Format: flow.FormatJSON, Data: []byte(`{"Channel":"Security","EventID":4625,"Computer":"SRV-SCHEDULE.hospital.example","TargetUserName":"m.rossi","LogonType":3,"IpAddress":"10.20.4.77","TimeCreated":"2026-11-22T09:59:00.123Z"}`)},
		"beia":       {Format: flow.FormatSensor, Mapping: "beia", Channel: "sensors/sens-freezer-1", Data: []byte(`{"Temperature_in_degrees":4.5,"Humidity_level":41,"Flood_detection":1,"Glass_glass_break":1,"Fire_detection":1,"Light_level":300,"Sound_level":2,"Fan_Power":1}`)},
	} {
		raw.Received = accepted
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n.Event(flow.RecordID{Writer: "w", Seq: 1}, raw)
			}
		})
	}
}
