package detect

import (
	"net/netip"
	"slices"
	"strings"

	"warder/internal/flow"
	"warder/internal/kit/id"
)

// Bounds of one alert: a burst of thousands is told by its first and last events.
const (
	mostEvents = 200
	mostAssets = 50
	mostActors = 20
)

// NewAlert makes the alert that a rule raises over events, which are in order of
// time and at least one. The same rule and events give the same id.
func NewAlert(r *Rule, events ...*flow.Event) flow.Alert {
	ids := make([]string, len(events))
	for i, ev := range events {
		ids[i] = ev.ID
	}
	return NewAlertOver(r, ids, events...)
}

// NewAlertOver is NewAlert where what was counted stands for other events: ids
// are theirs, in order.
func NewAlertOver(r *Rule, ids []string, events ...*flow.Event) flow.Alert {
	last := events[len(events)-1]
	a := flow.Alert{
		Rule: r.ID, Detector: r.Detector, Threat: r.Threat, Severity: r.Severity,
		Time: last.Time, Received: last.Received, Source: last.Source, Site: last.Site,
		Techniques: r.Techniques, Exercise: last.Exercise,
	}
	a.Events = spread(ids)
	// The newest event names the assets and actors first.
	for _, ev := range slices.Backward(events) {
		a.Assets = addAssets(a.Assets, concerned(r.Asset, ev.Assets))
		a.Actors = addActors(a.Actors, ev)
	}
	a.ID = id.Derive("al", append([]string{r.ID}, a.Events...)...)
	a.Text = flow.Text{Code: "alert.rule", Params: params(r, last, a.Assets)}
	return a
}

// spread keeps the first and the last of too many.
func spread(ids []string) []string {
	if len(ids) <= mostEvents {
		return ids
	}
	half := mostEvents / 2
	return slices.Concat(ids[:half], ids[len(ids)-half:])
}

// concerned gives the asset that the threat is on the role of target, and every
// other one a lesser role. What the rule asks for may be missing in the event;
// an observer never stands in for the place that it reports about.
func concerned(want flow.Role, refs []flow.AssetRef) []flow.AssetRef {
	order := []flow.Role{flow.RoleTarget, flow.RoleOrigin, flow.RolePlace}
	switch want {
	case flow.RolePlace:
		order = []flow.Role{flow.RolePlace, flow.RoleTarget}
	case flow.RoleObserver:
		order = []flow.Role{flow.RoleObserver, flow.RoleTarget, flow.RolePlace}
	case flow.RoleOrigin:
		order = []flow.Role{flow.RoleOrigin, flow.RoleTarget}
	}
	on := -1
	for _, role := range order {
		if on = slices.IndexFunc(refs, func(r flow.AssetRef) bool { return r.Role == role }); on >= 0 {
			break
		}
	}
	out := make([]flow.AssetRef, 0, len(refs))
	if on >= 0 {
		chosen := refs[on]
		chosen.Role = flow.RoleTarget
		out = append(out, chosen)
	}
	for i, ref := range refs {
		if i == on {
			continue
		}
		if ref.Role == flow.RoleTarget && on >= 0 {
			ref.Role = flow.RoleObserver
		}
		out = append(out, ref)
	}
	return out
}

// addAssets adds references, each asset once; being the target outweighs.
func addAssets(have, more []flow.AssetRef) []flow.AssetRef {
	for _, ref := range more {
		i := slices.IndexFunc(have, func(h flow.AssetRef) bool { return h.ID == ref.ID })
		switch {
		case i >= 0 && ref.Role == flow.RoleTarget:
			have[i] = ref
		case i < 0 && len(have) < mostAssets:
			have = append(have, ref)
		}
	}
	return have
}

// addActors adds who acts in an event. A person whom access control names and an
// account are one actor when their names are equal; a mail's recipient is the
// account of the same name. Accounts that many share are nobody.
func addActors(have []string, ev *flow.Event) []string {
	add := func(prefix, value string) {
		if a := prefix + strings.ToLower(value); value != "" && len(have) < mostActors && !slices.Contains(have, a) {
			have = append(have, a)
		}
	}
	recipient, _, _ := strings.Cut(ev.Attributes[flow.AttrRecipient], "@")
	for _, name := range [...]string{ev.Attributes[flow.AttrUser], ev.Attributes[flow.AttrPerson], recipient} {
		if !shared(name) {
			add("user:", name)
		}
	}
	add("badge:", ev.Attributes[flow.AttrBadge])
	add("object:", ev.Attributes[flow.AttrObjectID])
	if ip := ev.Attributes[flow.AttrSourceIP]; foreignAddress(ip, ev.Assets) {
		add("ip:", ip)
	}
	return have
}

// shared tells accounts that stand for no one person.
func shared(user string) bool {
	switch strings.ToLower(user) {
	case "root", "admin", "administrator", "system", "local service", "network service",
		"anonymous logon", "nobody", "guest", "daemon", "www-data":
		return true
	}
	return strings.HasSuffix(user, "$")
}

// foreignAddress tells whether an address is an actor: one that is no asset's.
func foreignAddress(ip string, refs []flow.AssetRef) bool {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.IsLoopback() || addr.IsUnspecified() {
		return false
	}
	return !slices.ContainsFunc(refs, func(r flow.AssetRef) bool {
		return r.By == flow.ByIP && r.Value == addr.Unmap().WithZone("").String()
	})
}

// params are what the alert's text may name.
func params(r *Rule, ev *flow.Event, assets []flow.AssetRef) map[string]string {
	p := map[string]string{"rule": r.ID, "title": r.Title, "title_fr": r.TitleFR}
	if r.TitleFR == "" {
		p["title_fr"] = r.Title
	}
	for _, a := range assets {
		if a.Role == flow.RoleTarget {
			p["asset"] = a.ID
			break
		}
	}
	for name, attr := range map[string]string{
		"person": flow.AttrPerson, "user": flow.AttrUser, "badge": flow.AttrBadge, "door": flow.AttrDoor,
		"camera": flow.AttrCamera, "sensor": flow.AttrSensor, "quantity": flow.AttrQuantity,
		"value": flow.AttrValue, "unit": flow.AttrUnit, "panel": flow.AttrPanel, "point": flow.AttrPoint,
		"host": flow.AttrHost, "source_ip": flow.AttrSourceIP, "application": flow.AttrApplication,
		"recipient": flow.AttrRecipient, "dwell": flow.AttrDwell, "device": flow.AttrDevice,
	} {
		if v := ev.Attributes[attr]; v != "" && len(v) <= 200 {
			p[name] = v
		}
	}
	return p
}
