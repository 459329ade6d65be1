package normalise

import (
	"net/netip"
	"slices"
	"strings"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// resolve ties the event to assets: every claim that an asset carries becomes a
// reference with its reason, every other one an unknown asset. Then it says
// where that is.
func resolve(d *draft, snap *hospital.Snapshot) {
	for _, c := range d.claims {
		d.settle(c, snap)
	}
	d.peer(snap)
	where(d, snap)
	whence(d, snap)
}

func (d *draft) settle(c claim, snap *hospital.Snapshot) {
	for _, id := range c.by {
		if asset, ok := snap.Resolve(id); ok {
			d.refer(asset, c.role, id)
			return
		}
	}
	if !c.quiet && adoptable(c.by[0]) && !slices.Contains(d.ev.Unknown, c.by[0]) {
		d.ev.Unknown = append(d.ev.Unknown, c.by[0])
	}
}

// refer adds a reference. The room or cabinet that a panel's point names is what
// it happened to; a detector that it names only saw it.
func (d *draft) refer(asset *hospital.Asset, role flow.Role, by flow.Identifier) {
	if by.Kind == flow.ByPoint && watches(asset.Kind) {
		role = flow.RoleObserver
	}
	for _, have := range d.ev.Assets {
		if have.ID == asset.ID && have.Role == role {
			return
		}
	}
	d.ev.Assets = append(d.ev.Assets, flow.AssetRef{ID: asset.ID, Role: role, By: by.Kind, Value: by.Value})
}

func watches(k hospital.Kind) bool {
	switch k {
	case hospital.Sensor, hospital.Camera, hospital.Panel, hospital.Controller, hospital.BadgeReader:
		return true
	}
	return false
}

func isPlace(k hospital.Kind) bool {
	switch k {
	case hospital.Site, hospital.Building, hospital.Floor, hospital.Room, hospital.Zone:
		return true
	}
	return false
}

// peer falls back to the sender's address when a syslog record's own host name
// is no asset's: many devices put something else there.
func (d *draft) peer(snap *hospital.Snapshot) {
	if d.raw.Format != flow.FormatSyslog || len(d.ev.Assets) > 0 {
		return
	}
	addr, err := netip.ParseAddrPort(d.raw.Peer)
	ip := addr.Addr()
	if err != nil {
		if ip, err = netip.ParseAddr(d.raw.Peer); err != nil {
			return
		}
	}
	id := flow.Identifier{Kind: flow.ByIP, Value: ip.Unmap().WithZone("").String()}
	if asset, ok := snap.Resolve(id); ok {
		d.refer(asset, flow.RoleObserver, id)
		d.relayed = true
	}
}

// where says what kind of thing the event is about and which place is around
// it: around the target or, when the model puts the target nowhere (an
// application) or does not know it, around what saw it.
func where(d *draft, snap *hospital.Snapshot) {
	refs := byRole(d.ev.Assets)
	if len(refs) == 0 {
		return
	}
	asset, _ := snap.Asset(refs[0].ID)
	d.set(flow.AttrAssetKind, string(asset.Kind))
	d.set(flow.AttrAssetTags, strings.Join(asset.Tags, " "))
	for _, ref := range refs {
		site := snap.SiteOf(ref.ID)
		if d.ev.Site == "" {
			d.ev.Site = site
		}
		if site != "" && d.near(ref, snap) {
			d.around(ref, snap)
			return
		}
	}
}

// whence says where it came from, and which of the DICOM titles that the record
// names the model knows: a rule asks for what is missing there.
func whence(d *draft, snap *hospital.Snapshot) {
	i := slices.IndexFunc(d.ev.Assets, func(r flow.AssetRef) bool { return r.Role == flow.RoleOrigin })
	if i >= 0 {
		asset, _ := snap.Asset(d.ev.Assets[i].ID)
		d.set(flow.AttrOriginKind, string(asset.Kind))
		d.set(flow.AttrOriginTags, strings.Join(asset.Tags, " "))
		d.set(flow.AttrOriginBuilding, snap.BuildingOf(asset.ID))
		d.set(flow.AttrOriginRoom, snap.RoomOf(asset.ID))
	}
	for _, title := range [...][2]string{{flow.AttrCalling, flow.AttrCallingKind}, {flow.AttrMoveTo, flow.AttrMoveToKind}} {
		if v := d.get(title[0]); v != "" {
			if asset, ok := snap.Resolve(flow.Identifier{Kind: flow.ByAETitle, Value: v}); ok {
				d.set(title[1], string(asset.Kind))
			}
		}
	}
}

// near tells whether the thing happened where the asset is. A panel, a
// controller or a server reports what happened elsewhere: its own room must not
// burn because a point is missing in the model.
func (d *draft) near(ref flow.AssetRef, snap *hospital.Snapshot) bool {
	if ref.Role != flow.RoleObserver {
		return true
	}
	asset, _ := snap.Asset(ref.ID)
	switch asset.Kind {
	case hospital.Panel, hospital.Controller, hospital.Host, hospital.Application:
		return false
	}
	return !d.relayed
}

func (d *draft) around(ref flow.AssetRef, snap *hospital.Snapshot) {
	d.set(flow.AttrBuilding, snap.BuildingOf(ref.ID))
	d.set(flow.AttrFloor, snap.FloorOf(ref.ID))
	d.set(flow.AttrRoom, snap.RoomOf(ref.ID))
	asset, _ := snap.Asset(ref.ID)
	place := asset.Place
	if isPlace(asset.Kind) {
		place = asset.ID
	} else if p, ok := snap.Asset(place); ok {
		d.refer(p, flow.RolePlace, flow.Identifier{Kind: ref.By, Value: ref.Value})
	}
	d.set(flow.AttrPlaceTags, strings.Join(tagsAround(place, snap), " "))
}

// byRole orders references: what it happened to, what saw it, where it came from.
func byRole(refs []flow.AssetRef) []flow.AssetRef {
	var list []flow.AssetRef
	for _, role := range [...]flow.Role{flow.RoleTarget, flow.RoleObserver, flow.RoleOrigin} {
		for _, r := range refs {
			if r.Role == role {
				list = append(list, r)
			}
		}
	}
	return list
}

// mostPlaces bounds the climb from a room to its site.
const mostPlaces = 8

// tagsAround gathers the tags of a place and of the places around it, up to the
// floor: what a building is tagged with says nothing about one of its rooms.
func tagsAround(place string, snap *hospital.Snapshot) []string {
	var tags []string
	for range mostPlaces {
		asset, ok := snap.Asset(place)
		if !ok || asset.Kind == hospital.Building || asset.Kind == hospital.Site {
			break
		}
		for _, t := range asset.Tags {
			if !slices.Contains(tags, t) {
				tags = append(tags, t)
			}
		}
		place = asset.Place
	}
	return tags
}

// adoptable tells whether an identifier can be that of an asset of the hospital.
// Public addresses are not: they are actors.
func adoptable(id flow.Identifier) bool {
	if id.Kind != flow.ByIP {
		return id.Value != ""
	}
	addr, err := netip.ParseAddr(id.Value)
	return err == nil && (addr.IsPrivate() || addr.IsLinkLocalUnicast() || sharedSpace(addr))
}

// sharedSpace is 100.64.0.0/10 (RFC 6598), which carriers and some hospital
// groups use between their sites.
func sharedSpace(a netip.Addr) bool {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10).Contains(a)
}
