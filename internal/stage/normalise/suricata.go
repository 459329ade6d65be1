package normalise

import (
	"errors"
	"fmt"
	"strings"

	"warder/internal/flow"
)

var errNoEventType = errors.New("read EVE: want a field event_type")

// parseSuricata reads one EVE record (Suricata user guide, section "EVE JSON
// Format"). An alert of Suricata is an event here; package foreign makes it an
// alert of ours.
func (n *Normaliser) parseSuricata(d *draft) error {
	m, err := n.readObject(d.raw.Data)
	if err != nil {
		return err
	}
	d.ev.Original = m
	kind, _ := m["event_type"].(string)
	if kind == "" {
		return errNoEventType
	}
	d.at(m["timestamp"])
	d.ev.Category = flow.CategoryNetwork
	d.ev.Action = "network." + clean(kind)
	d.ends(m)
	readEVE(d, kind, m)
	d.ownObject(kind, m)
	return nil
}

// ownObject checks the object that bears the name of the event type. A record of
// type alert says nothing without it; others may leave it out.
func (d *draft) ownObject(kind string, m map[string]any) {
	own, there := m[kind]
	if _, object := own.(map[string]any); object || !there && kind != "alert" {
		return
	}
	if !there {
		d.fault(fmt.Errorf("read EVE: a record of event_type %s wants an object %s", quoted(kind), kind))
		return
	}
	d.fault(fmt.Errorf("read EVE: the field %s is no object", quoted(kind)))
}

// ends notes the two ends of a connection.
func (d *draft) ends(m map[string]any) {
	for _, field := range [...][2]string{
		{"src_ip", flow.AttrSourceIP}, {"src_port", flow.AttrSourcePort}, {"dest_ip", flow.AttrDestIP},
		{"dest_port", flow.AttrDestPort}, {"host", flow.AttrHost},
	} {
		d.set(field[1], str(m[field[0]]))
	}
	d.set(flow.AttrProtocol, strings.ToLower(first(m, "app_proto", "proto")))
	d.set(flow.AttrVLAN, vlan(m["vlan"]))
	d.set(flow.AttrSourceMAC, str(obj(m, "ether")["src_mac"]))
	d.claimAddress(flow.RoleOrigin, str(m["src_ip"]))
	if answered(m) {
		d.claimAddress(flow.RoleTarget, str(m["dest_ip"]))
	} else {
		d.claimTried(str(m["dest_ip"]))
	}
}

// answered tells whether a record shows that there is somebody at its target: a
// protocol was spoken, or packets came back.
func answered(m map[string]any) bool {
	switch m["event_type"] {
	case "flow", "netflow", "alert", "drop", "anomaly":
		back, _ := obj(m, "flow")["pkts_toclient"].(float64)
		return back > 0
	}
	return true
}

// vlan takes the outermost tag: EVE writes a number, or a list when tags are stacked.
func vlan(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	return str(v)
}

// readEVE reads what is particular to an event type. Records of type alert carry
// the protocol's object too, so every object that is there is read.
func readEVE(d *draft, kind string, m map[string]any) {
	if http := obj(m, "http"); len(http) > 0 {
		d.set(flow.AttrURL, first(http, "url"))
		d.set(flow.AttrHTTPMethod, first(http, "http_method"))
		d.set(flow.AttrHTTPStatus, first(http, "status"))
		d.set(flow.AttrUserAgent, first(http, "http_user_agent"))
		d.set(flow.AttrHTTPHost, first(http, "hostname"))
		d.set(flow.AttrReferer, first(http, "http_refer"))
	}
	if file := obj(m, "fileinfo"); len(file) > 0 {
		d.set(flow.AttrFilePath, first(file, "filename"))
		for _, algorithm := range [...]string{"sha256", "sha1", "md5"} {
			if sum := str(file[algorithm]); sum != "" {
				d.set(flow.AttrFileHash, algorithm+"="+sum)
				break
			}
		}
	}
	if dns := obj(m, "dns"); len(dns) > 0 {
		d.set(flow.AttrDNSQuery, dnsName(dns))
	}
	if tls := obj(m, "tls"); len(tls) > 0 {
		d.set(flow.AttrTLSName, first(tls, "sni"))
	}
	if alert := obj(m, "alert"); kind == "alert" && len(alert) > 0 {
		d.set(flow.AttrSignature, first(alert, "signature"))
		d.set(flow.AttrSignatureID, first(alert, "signature_id"))
		d.set(flow.AttrForeignClass, first(alert, "category"))
		d.set(flow.AttrForeignLevel, first(alert, "severity"))
		d.set(flow.AttrMessage, first(alert, "signature"))
	}
}

// dnsName finds the name looked up in both forms of EVE's dns object: version 1
// and 2 write rrname, version 3 a list of queries.
func dnsName(dns map[string]any) string {
	if name := str(dns["rrname"]); name != "" {
		return name
	}
	for _, path := range [...]string{"queries.0.rrname", "query.0.rrname"} {
		if v, ok := walk(dns, path); ok {
			return str(v)
		}
	}
	return ""
}
