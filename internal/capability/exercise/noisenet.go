package exercise

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// server is a host that others talk to.
type server struct{ name, ip string }

// servers lists the hosts whose names begin so.
func (q *quiet) servers(prefixes ...string) []server {
	var list []server
	for _, h := range q.each(hospital.Host, flow.ByHostname) {
		name, ip := named(h, flow.ByHostname), named(h, flow.ByIP)
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) && ip != "" {
				list = append(list, server{name, ip})
			}
		}
	}
	return list
}

// computers are workstations with somebody at each, and administrators on servers.
func (q *quiet) computers() []actor {
	clinical := q.servers("srv-ehr", "srv-adt", "srv-files", "srv-mail", "srv-ris", "srv-lis")
	names := q.servers("srv-dc")
	var actors []actor
	for _, pc := range q.servers("pc-") {
		// Whoever sits there has no badge in this play: a person with both would
		// have to be in the right building, and many clerks have none.
		d := desk{pc: pc, user: q.hire(), rng: q.rng("pc " + pc.name), talksTo: clinical, names: names}
		actors = append(actors, d.logons, d.traffic)
	}
	if jump := q.servers("srv-jump"); len(jump) > 0 {
		for _, s := range q.servers("srv-ehr", "srv-lis", "srv-pacs") {
			actors = append(actors, administrator(q.rng("ssh "+s.name), jump[0], s))
		}
	}
	return actors
}

// desk is a workstation and its user.
type desk struct {
	pc      server
	user    worker
	rng     *rand.Rand
	talksTo []server
	names   []server
}

func (d desk) windows(at time.Duration, event, logonType int, host, ip string) Record {
	return Record{At: at, Transport: HTTP, Channel: "ndjson", Payload: fmt.Sprintf(
		`{"Channel":"Security","EventID":%d,"Computer":%q,"TimeCreated":"{{now}}","TargetUserName":%q,"TargetDomainName":"HOSPITAL","LogonType":%d,"IpAddress":%q,"WorkstationName":%q}`,
		event, host, d.user.person, logonType, ip, strings.ToUpper(d.pc.name))}
}

// logons: sign in at the beginning of the shift, unlock now and then, mistype rarely.
func (d desk) logons(hour int, add func(Record)) {
	if !d.user.onDuty(hour) {
		return
	}
	for _, at := range moments(d.rng, hour, 0.7, 10*time.Minute) {
		if d.rng.IntN(40) == 0 {
			add(d.windows(at, 4625, 7, d.pc.name, "127.0.0.1"))
			at += between(d.rng, 8*time.Second, 25*time.Second)
		}
		add(d.windows(at, 4624, 7, d.pc.name, "127.0.0.1"))
	}
}

// traffic: each desk asks for a name, opens a page, works on a server.
func (d desk) traffic(hour int, add func(Record)) {
	if !d.user.onDuty(hour) || len(d.talksTo) == 0 {
		return
	}
	for _, at := range moments(d.rng, hour, 8, 2*time.Minute) {
		to := d.talksTo[d.rng.IntN(len(d.talksTo))]
		if len(d.names) > 0 {
			add(dns(at, d.rng, d.pc.ip, d.names[0].ip, to.name+".hospital.example"))
			at += between(d.rng, 5*time.Millisecond, 80*time.Millisecond)
		}
		if d.rng.IntN(3) == 0 {
			add(web(at, d.rng, d.pc.ip, to))
		}
		add(netflow(at+between(d.rng, time.Second, 40*time.Second), d.rng, d.pc.ip, to.ip, 443))
	}
}

// devices are medical devices that send what they measured to a server.
func (q *quiet) devices() []actor {
	to := append(q.servers("srv-pacs", "srv-icu", "srv-engine"), q.servers("srv-ehr")...)
	if len(to) == 0 {
		return nil
	}
	var actors []actor
	for _, device := range q.each(hospital.MedicalDevice, flow.ByIP) {
		ip, rng := named(device, flow.ByIP), q.rng("device "+device.ID)
		s := to[rng.IntN(len(to))]
		actors = append(actors, func(hour int, add func(Record)) {
			for _, at := range moments(rng, hour, 0.3+busy(hour), time.Minute) {
				add(netflow(at, rng, ip, s.ip, 2575)) // HL7 over MLLP
			}
		})
	}
	return actors
}

func port(rng *rand.Rand) int { return 49152 + rng.IntN(16000) }

func suricata(at time.Duration, kind, from string, fromPort int, to string, toPort int, proto, rest string) Record {
	return Record{At: at, Transport: HTTP, Channel: "suricata", Payload: fmt.Sprintf(
		`{"timestamp":"{{now}}","event_type":%q,"src_ip":%q,"src_port":%d,"dest_ip":%q,"dest_port":%d,"proto":%q,%s}`,
		kind, from, fromPort, to, toPort, proto, rest)}
}

func netflow(at time.Duration, rng *rand.Rand, from, to string, toPort int) Record {
	packets := 8 + rng.IntN(60)
	return suricata(at, "flow", from, port(rng), to, toPort, "TCP", fmt.Sprintf(
		`"app_proto":"tls","flow":{"pkts_toserver":%d,"pkts_toclient":%d,"bytes_toserver":%d,"bytes_toclient":%d,"age":%d,"state":"closed","reason":"timeout"}`,
		packets, packets+rng.IntN(40), 120*packets, 700*packets, rng.IntN(40)))
}

func dns(at time.Duration, rng *rand.Rand, from, to, name string) Record {
	return suricata(at, "dns", from, port(rng), to, 53, "UDP", fmt.Sprintf(
		`"dns":{"type":"query","id":%d,"rrname":%q,"rrtype":"A","tx_id":0}`, rng.IntN(65536), name))
}

func web(at time.Duration, rng *rand.Rand, from string, to server) Record {
	pages := []string{"/", "/index.html", "/planning", "/patients/liste", "/static/app.js"}
	return suricata(at, "http", from, port(rng), to.ip, 80, "TCP", fmt.Sprintf(
		`"http":{"hostname":%q,"url":%q,"http_user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/140.0","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":%d}`,
		to.name+".hospital.example", pages[rng.IntN(len(pages))], 400+rng.IntN(60_000)))
}

// administrator logs on to a server by key, from the jump host, in office hours.
func administrator(rng *rand.Rand, jump, s server) actor {
	return func(hour int, add func(Record)) {
		if h := hour % 24; h < 8 || h > 18 {
			return
		}
		for _, at := range moments(rng, hour, 0.2, 10*time.Minute) {
			add(syslogRecord(at, 86, s.name, "sshd", fmt.Sprint(2000+rng.IntN(60000)), "-", "-", fmt.Sprintf(
				"Accepted publickey for adm-exploit from %s port %d ssh2: ED25519 SHA256:2zJ6XkPpYxgS3bZs1dPq8mFf0Q0m9nB4c7uK5aVwXyE", jump.ip, port(rng))))
		}
	}
}
