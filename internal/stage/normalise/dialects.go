package normalise

import (
	"strings"

	"warder/internal/flow"
)

// dialect says how the parameters of one structured-data element become an event.
type dialect struct {
	category flow.Category
	read     func(*draft, map[string]string)
}

// dialects are named by the part of the SD-ID before the "@" of the enterprise
// number (RFC 5424 section 7): each site may use its own number.
func dialects() map[string]dialect {
	return map[string]dialect{
		"access":    {flow.CategoryAccess, readAccess},
		"fire":      {flow.CategoryFire, readPanel},
		"intrusion": {flow.CategoryIntrusion, readPanel},
		"building":  {flow.CategoryBuilding, readDevice},
		"video":     {flow.CategoryCamera, readVideo},
		"medical":   {flow.CategoryMedical, readDevice},
		"network":   {flow.CategoryNetwork, readSwitch},
	}
}

// structured keeps all structured data as the sender named it and reads the
// first element that it knows.
func (n *Normaliser) structured(d *draft, data map[string]map[string]string) {
	d.ev.Original = make(map[string]any, len(data))
	for sd, params := range data {
		kept := make(map[string]any, len(params))
		for k, v := range params {
			kept[clean(k)] = clean(v)
		}
		d.ev.Original[clean(sd)] = kept
	}
	for sd, params := range data {
		name, _, numbered := strings.Cut(sd, "@")
		spoken, known := n.dialects[name]
		if known && numbered && params["event"] != "" {
			d.ev.Category = spoken.category
			d.ev.Action = clean(params["event"])
			spoken.read(d, params)
			return
		}
	}
}

func readAccess(d *draft, p map[string]string) {
	d.set(flow.AttrDoor, p["door"])
	d.set(flow.AttrReader, p["reader"])
	d.set(flow.AttrBadge, p["badge"])
	d.set(flow.AttrPerson, p["person"])
	d.set(flow.AttrDevice, p["controller"])
	switch {
	case p["door"] != "":
		d.claim(flow.RoleTarget, flow.ByDoor, p["door"])
		d.claim(flow.RoleObserver, flow.ByReader, p["reader"])
	case p["reader"] != "": // something happened to the reader itself
		d.claim(flow.RoleTarget, flow.ByReader, p["reader"])
	default:
		d.claimHost(flow.RoleTarget, p["controller"])
	}
	readOperator(d, p)
	switch d.ev.Action {
	case "badge.granted":
		d.set(flow.AttrOutcome, "success")
	case "badge.denied":
		d.set(flow.AttrOutcome, "failure")
	}
}

// readPanel reads fire and intrusion panels. The point names what is at stake:
// the room that it watches, or the detector in it.
func readPanel(d *draft, p map[string]string) {
	d.set(flow.AttrPanel, p["panel"])
	d.set(flow.AttrPoint, p["point"])
	if p["panel"] != "" && p["point"] != "" {
		d.claim(flow.RoleTarget, flow.ByPoint, p["panel"]+"/"+p["point"])
	}
	d.claim(flow.RoleObserver, flow.ByPanel, p["panel"])
	d.set(flow.AttrPerson, p["person"])
	readOperator(d, p)
}

// readOperator reads who did it, from which station, and why: systems that
// people command say so of each command.
func readOperator(d *draft, p map[string]string) {
	d.set(flow.AttrUser, p["user"])
	d.set(flow.AttrReason, p["reason"])
	d.set(flow.AttrSourceIP, p["ip"])
	if p["station"] != "" {
		d.claimHost(flow.RoleOrigin, clean(p["station"]))
	} else {
		d.claimAddress(flow.RoleOrigin, p["ip"])
	}
}

func readVideo(d *draft, p map[string]string) {
	d.set(flow.AttrCamera, p["camera"])
	d.claim(flow.RoleTarget, flow.ByCamera, p["camera"])
	readOperator(d, p)
}

// readSwitch reads what a switch or an admission control says of a port: what
// hangs on it, or the room that its outlet is in.
func readSwitch(d *draft, p map[string]string) {
	d.set(flow.AttrDevice, p["device"])
	d.set(flow.AttrSourceMAC, p["mac"])
	d.set(flow.AttrVLAN, p["vlan"])
	if p["device"] != "" {
		d.claimAny(flow.RoleTarget, namesOf(clean(p["device"]))...)
	} else {
		d.claim(flow.RoleTarget, flow.ByID, p["room"])
	}
	d.claim(flow.RoleOrigin, flow.ByMAC, p["mac"])
}

// readDevice reads what a device's own system says of it.
func readDevice(d *draft, p map[string]string) {
	d.set(flow.AttrDevice, p["device"])
	d.set(flow.AttrValue, p["value"])
	d.set(flow.AttrUnit, p["unit"])
	readOperator(d, p)
	if device := clean(p["device"]); device != "" {
		d.claimAny(flow.RoleTarget, namesOf(device)...)
	}
}

// namesOf lists the ways in which a system may name a device.
func namesOf(device string) []flow.Identifier {
	kinds := [...]flow.IdentifierKind{
		flow.ByHostname, flow.ByService, flow.BySensor, flow.ByPanel, flow.ByBACnet, flow.BySerial, flow.ByAETitle, flow.ByID,
	}
	ids := make([]flow.Identifier, len(kinds))
	for i, k := range kinds {
		ids[i] = flow.Identifier{Kind: k, Value: device}
	}
	return ids
}
