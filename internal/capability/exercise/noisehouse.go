package exercise

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// house is what looks like an attack from far away and is the house at work: a
// maintenance of the building, nurses who badge in and sit down, remote access
// from home, old backups and videos that go when their time has come.
func (q *quiet) house() []actor {
	return slices.Concat(q.engineers(), q.nurses(), q.fromHome(), q.retention(), q.outlets())
}

// tagged lists the assets of a kind that have a tag and a host name.
func (q *quiet) tagged(kind hospital.Kind, tag string) []*hospital.Asset {
	return slices.DeleteFunc(q.each(kind, flow.ByHostname), func(a *hospital.Asset) bool { return !slices.Contains(a.Tags, tag) })
}

// stationFor is the workstation that has a tag; nil when the hospital has none.
func (q *quiet) stationFor(tag string) *hospital.Asset {
	for _, a := range q.tagged(hospital.Host, tag) {
		if slices.Contains(a.Tags, "workstation") {
			return a
		}
	}
	return nil
}

// gateOf finds a door with a reader that leads to a room.
func (q *quiet) gateOf(room string) (gate, bool) {
	for _, reader := range q.each(hospital.BadgeReader, flow.ByReader) {
		if reader.Place != room {
			continue
		}
		for _, id := range q.snap.Within(room) {
			if door, ok := q.snap.Asset(id); ok && door.Kind == hospital.Door && named(door, flow.ByDoor) != "" {
				return gate{door: named(door, flow.ByDoor), reader: named(reader, flow.ByReader)}, true
			}
		}
	}
	return gate{}, false
}

// engineers enter their room, take a unit into maintenance and set it by hand;
// their server writes to controllers all day.
func (q *quiet) engineers() []actor {
	var actors []actor
	controllers := slices.DeleteFunc(q.each(hospital.Controller, flow.ByBACnet), func(a *hospital.Asset) bool { return named(a, flow.ByIP) == "" })
	if bms := q.servers("srv-bms"); len(bms) > 0 {
		for _, c := range controllers {
			actors = append(actors, bacnet(q.rng("bacnet "+c.ID), bms[0].ip, named(c, flow.ByIP)))
		}
	}
	station, units := q.stationFor("bms"), q.each(hospital.HVAC, flow.ByHostname)
	if station == nil || len(units) == 0 {
		return actors
	}
	g, guarded := q.gateOf(station.Place)
	if !guarded {
		return actors
	}
	w, rng := q.hire(), q.rng("engineers")
	return append(actors, func(hour int, add func(Record)) {
		if h := hour % 24; h != 9 && h != 14 {
			return
		}
		at := time.Duration(hour)*time.Hour + between(rng, 0, 20*time.Minute)
		add(access(at, "badge.granted", g, "B"+w.badge, w.person, "Accès accordé"))
		unit := named(units[rng.IntN(len(units))], flow.ByHostname)
		for _, step := range []string{`event="alarm.inhibited"`, `event="hvac.setpoint" value="21.5" unit="Cel"`, `event="alarm.restored"`} {
			at += between(rng, 2*time.Minute, 9*time.Minute)
			add(syslogRecord(at, 134, "srv-bms", "gtb", "-", "EVT", fmt.Sprintf("[building@32473 %s device=%q user=%q station=%q]",
				step, unit, w.person, named(station, flow.ByHostname)), "Maintenance"))
		}
	})
}

// bacnet is a server that reads a controller and now and then writes to it, as
// Zeek's parser sees it.
func bacnet(rng *rand.Rand, from, to string) actor {
	return func(hour int, add func(Record)) {
		for _, at := range moments(rng, hour, 1.5, time.Minute) {
			service := "read_property"
			if rng.IntN(4) == 0 {
				service = "write_property"
			}
			add(Record{At: at, Transport: HTTP, Channel: "ndjson", Payload: fmt.Sprintf(
				`{"_path":"bacnet","ts":"{{now}}","id.orig_h":%q,"id.orig_p":47808,"id.resp_h":%q,"id.resp_p":47808,"bvlc_function":"Original_Unicast_NPDU","pdu_type":"CONFIRMED_REQUEST","pdu_service":%q}`,
				from, to, service)})
		}
	}
}

// nurses badge in at a door and unlock a workstation of the same building soon after.
func (q *quiet) nurses() []actor {
	buildings, gates := q.gates()
	var actors []actor
	for _, pc := range q.tagged(hospital.Host, "workstation") {
		building := q.snap.BuildingOf(pc.ID)
		if !slices.Contains(buildings, building) {
			continue
		}
		list := gates[building]
		rng := q.rng("nurse " + pc.ID)
		g, w := list[rng.IntN(len(list))], q.hire()
		d := desk{pc: server{named(pc, flow.ByHostname), named(pc, flow.ByIP)}, user: w}
		actors = append(actors, func(hour int, add func(Record)) {
			if !w.onDuty(hour) {
				return
			}
			for _, at := range moments(rng, hour, 0.4, 10*time.Minute) {
				add(access(at, "badge.granted", g, "B"+w.badge, w.person, "Accès accordé"))
				add(d.windows(at+between(rng, 20*time.Second, 3*time.Minute), 4624, 7, d.pc.name, "127.0.0.1"))
			}
		})
	}
	return actors
}

// fromHome are people who log on from outside, in the evening, without a badge
// in the house that day.
func (q *quiet) fromHome() []actor {
	var actors []actor
	for i := range 8 {
		w := q.hire()
		rng := q.rng("home " + w.badge)
		actors = append(actors, func(hour int, add func(Record)) {
			if h := hour % 24; h < 18 || h > 22 {
				return
			}
			for _, at := range moments(rng, hour, 0.3, 20*time.Minute) {
				add(ndjson(at, fmt.Sprintf(`"application":"vpn","action":"logon.success","user":%q,"src_ip":"198.51.100.%d"`, w.person, 10+i)))
			}
		})
	}
	return actors
}

// retention lets old backups and videos go, every night.
func (q *quiet) retention() []actor {
	rng := q.rng("retention")
	return []actor{func(hour int, add func(Record)) {
		if hour%24 != 3 {
			return
		}
		at := time.Duration(hour)*time.Hour + between(rng, 0, 30*time.Minute)
		add(ndjson(at, fmt.Sprintf(`"application":"backup","action":"backup.deleted","user":"svc-backup","reason":"retention","host":"srv-backup","count":%d`, 20+rng.IntN(20))))
		add(ndjson(at+time.Minute, fmt.Sprintf(`"application":"vms","action":"footage.deleted","user":"svc-vms","reason":"retention","host":"srv-vms","count":%d`, 500+rng.IntN(500))))
	}}
}

// outlets are computers that are switched on in the morning.
func (q *quiet) outlets() []actor {
	var actors []actor
	for i, pc := range q.tagged(hospital.Host, "workstation") {
		rng := q.rng("outlet " + pc.ID)
		actors = append(actors, func(hour int, add func(Record)) {
			if hour%24 != 7 {
				return
			}
			add(syslogRecord(time.Duration(hour)*time.Hour+between(rng, 0, time.Hour), 134, "sw-access", "network", "-", "LINK", fmt.Sprintf(
				`[network@32473 event="port.up" device=%q mac="00:16:3e:00:%02x:%02x"]`, named(pc, flow.ByHostname), i>>8&0xff, i&0xff), "Lien établi"))
		})
	}
	return actors
}
