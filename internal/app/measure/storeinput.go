package measure

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// How many different values a slot of a template takes, over the whole week.
const (
	seededHosts = 400
	seededUsers = 900
	seededSites = 32 // networks of 10.n.0.0/16
)

// needle is a word that a few of the seeded events hold, and how few.
const (
	needle      = "Ripcord-Lantern"
	needleEvery = 333_000
)

// seeds makes events of templates: real records, in which hosts, users, GUIDs,
// addresses, process ids and times are fresh in each event. The nth event is
// always the same.
type seeds struct {
	templates []template
	start     time.Time
	span      time.Duration
	count     int // over the whole span
	have      int // how many of them are stored
}

// template is a record cut at the values that are fresh in each event.
type template []piece

// piece is text as it stands, or a slot. Slots of one number have one value.
type piece struct {
	text []byte
	kind slotKind
	slot int
}

type slotKind int

const (
	still slotKind = iota
	slotHost
	slotUser
	slotGUID
	slotAddress
	slotStamp   // 2026-11-22T07:00:00.000Z
	slotInstant // 2026-11-22 07:00:00.000
	slotSecond  // 2026-11-22 07:00:00
	slotNumber
)

// fresh finds what may be replaced. The groups, in order, are GUIDs, times of
// three forms, addresses, numbers of processes and records, and words, which are
// replaced if they name a host or a user.
func fresh() *regexp.Regexp {
	return regexp.MustCompile(`(\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\})` +
		`|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,7}Z)|(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})|(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)` +
		`|(\b(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b)` +
		`|((?:"RecordNumber":|"EventRecordID":|ProcessId"?:"? ?|"ExecutionProcessID":|"ThreadID":)\d+)` +
		`|([A-Za-z][0-9A-Za-z_.$-]{3,})`)
}

// nameIn notes the values of fields that name hosts or users.
func nameIn(lines [][]byte, fields string, kind slotKind, into map[string]slotKind) {
	find := regexp.MustCompile(`"(?:` + fields + `)":"([^"\\]{4,60})"`)
	for _, line := range lines {
		for _, m := range find.FindAllSubmatch(line, -1) {
			if name := string(m[1]); !wellKnown(name) {
				into[strings.ToLower(name)] = kind
			}
		}
	}
}

// wellKnown are accounts that every Windows has.
func wellKnown(name string) bool {
	switch name {
	case "SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE", "Administrator", "ANONYMOUS LOGON", "localhost":
		return true
	}
	return false
}

// newSeeds cuts records into templates for count events over seven days.
func newSeeds(lines [][]byte, count int) *seeds {
	slots, names := fresh(), map[string]slotKind{}
	nameIn(lines, "SubjectUserName|TargetUserName|AccountName", slotUser, names)
	nameIn(lines, "Hostname|Computer|host", slotHost, names)
	s := &seeds{start: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC), span: 7 * 24 * time.Hour, count: count, have: count}
	for _, line := range lines {
		s.templates = append(s.templates, cut(line, slots, names))
	}
	return s
}

func cut(line []byte, slots *regexp.Regexp, names map[string]slotKind) template {
	var t template
	numbers := map[string]int{}
	at := 0
	for _, m := range slots.FindAllSubmatchIndex(line, -1) {
		kind := slotKind(0)
		begin, end := m[0], m[1]
		for group := 1; group < len(m)/2; group++ {
			if m[2*group] >= 0 {
				kind = [...]slotKind{still, slotGUID, slotStamp, slotInstant, slotSecond, slotAddress, slotNumber, still}[group]
			}
		}
		what := string(bytes.ToLower(line[begin:end]))
		if kind == still {
			if kind = names[what]; kind == still {
				continue
			}
		}
		if kind == slotNumber { // the name before it stays
			for line[begin] < '0' || line[begin] > '9' {
				begin++
			}
			what = string(line[begin:end])
		}
		t = append(t, piece{text: line[at:begin]})
		if _, ok := numbers[what]; !ok {
			numbers[what] = len(numbers)
		}
		t = append(t, piece{kind: kind, slot: numbers[what]})
		at = end
	}
	return append(t, piece{text: line[at:]})
}

// at is when the nth event happens.
func (s *seeds) at(n int) time.Time {
	return s.start.Add(time.Duration(float64(s.span) * float64(n) / float64(s.count)))
}

// event writes the nth event.
func (s *seeds) event(n int) []byte {
	rnd := rand.New(rand.NewPCG(20261122, uint64(n))) //nolint:gosec // it has to be the same every time
	t := s.templates[rnd.IntN(len(s.templates))]
	at, key := s.at(n), rnd.Uint64()
	out := make([]byte, 0, 2048)
	for _, p := range t {
		if p.kind == still {
			out = append(out, p.text...)
			continue
		}
		out = p.fill(out, rand.New(rand.NewPCG(key, uint64(p.slot))), at) //nolint:gosec // likewise
	}
	if n%needleEvery == needleEvery/2 {
		out = append(bytes.TrimSuffix(out, []byte("}")), `,"Note":"seen: `+needle+`"}`...)
	}
	return out
}

// fill writes the value of a slot.
func (p piece) fill(out []byte, rnd *rand.Rand, at time.Time) []byte {
	switch p.kind {
	case slotHost:
		return fmt.Appendf(out, "ward-%03d.hospital.example", rnd.IntN(seededHosts))
	case slotUser:
		return fmt.Appendf(out, "nurse%03d", rnd.IntN(seededUsers))
	case slotAddress:
		return fmt.Appendf(out, "10.%d.%d.%d", rnd.IntN(seededSites), rnd.IntN(16), 1+rnd.IntN(254))
	case slotStamp:
		return at.AppendFormat(out, "2006-01-02T15:04:05.000Z")
	case slotInstant:
		return at.AppendFormat(out, "2006-01-02 15:04:05.000")
	case slotSecond:
		return at.AppendFormat(out, "2006-01-02 15:04:05")
	case slotNumber:
		return strconv.AppendInt(out, int64(rnd.IntN(90_000)), 10)
	case slotGUID:
		var b [16]byte
		binary.LittleEndian.PutUint64(b[:], rnd.Uint64())
		binary.LittleEndian.PutUint64(b[8:], rnd.Uint64())
		return fmt.Appendf(out, "{%x-%x-%x-%x-%x}", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	}
	return out
}
