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
		"building":  {flow.CategoryBuilding, readBuilding},
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
	d.claim(flow.RoleTarget, flow.ByDoor, p["door"])
	d.claim(flow.RoleObserver, flow.ByReader, p["reader"])
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
}

func readBuilding(d *draft, p map[string]string) {
	d.set(flow.AttrDevice, p["device"])
	d.set(flow.AttrValue, p["value"])
	d.set(flow.AttrUnit, p["unit"])
	if device := clean(p["device"]); device != "" {
		d.claimAny(flow.RoleTarget, namesOf(device)...)
	}
}

// namesOf lists the ways in which a building system may name a device.
func namesOf(device string) []flow.Identifier {
	kinds := [...]flow.IdentifierKind{
		flow.ByHostname, flow.ByService, flow.BySensor, flow.ByPanel, flow.ByBACnet, flow.BySerial, flow.ByID,
	}
	ids := make([]flow.Identifier, len(kinds))
	for i, k := range kinds {
		ids[i] = flow.Identifier{Kind: k, Value: device}
	}
	return ids
}
