package count

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The state of a partition is
//
//	version (1) | newest | arrived (varint) | forgotten | stale (uvarint) |
//	names: number, texts | correlations: number, each
//	  id | meaning | groups: number, each
//	    key (16) | newest | fired | seen (varint) | repeated (uvarint) | entries: number, each
//	      time since the one before (varint) | value (8, little-endian) | text
//
// Groups come quiet longest first. The exchange seals it with a checksum.
const stateVersion = 1

// save gives the state's bytes.
func (p *partition) save() []byte {
	buf := make([]byte, 0, 4096+p.stats.Bytes*3/4)
	buf = append(buf, stateVersion)
	buf = binary.AppendVarint(buf, p.newest)
	buf = binary.AppendVarint(buf, p.arrived)
	buf = binary.AppendUvarint(buf, p.stats.Forgotten)
	buf = binary.AppendUvarint(buf, p.stats.Stale)
	buf = binary.AppendUvarint(buf, uint64(len(p.names.list)))
	for _, name := range p.names.list {
		buf = appendText(buf, name)
	}
	buf = binary.AppendUvarint(buf, uint64(len(p.plan.list)))
	for i, c := range p.plan.list {
		buf = appendText(buf, c.Rule.ID)
		buf = appendText(buf, c.meaning)
		n := uint64(0)
		for g := p.queues[i].first; g != nil; g = g.next {
			n++
		}
		buf = binary.AppendUvarint(buf, n)
		for g := p.queues[i].first; g != nil; g = g.next {
			buf = appendGroup(buf, g)
		}
	}
	return buf
}

func appendGroup(buf []byte, g *group) []byte {
	buf = append(buf, g.key[:]...)
	buf = binary.AppendVarint(buf, g.newest)
	buf = binary.AppendVarint(buf, g.fired)
	buf = binary.AppendVarint(buf, g.seen)
	buf = binary.AppendUvarint(buf, uint64(g.repeated))
	buf = binary.AppendUvarint(buf, uint64(len(g.entries)))
	before := int64(0)
	for i := range g.entries {
		e := &g.entries[i]
		buf = binary.AppendVarint(buf, e.at-before)
		buf = binary.LittleEndian.AppendUint64(buf, e.value)
		buf = appendText(buf, e.text)
		before = e.at
	}
	return buf
}

var errState = errors.New("the bytes are no state of counting")

// load takes the state that save gave, into a partition that is new. Groups of
// correlations that are not there any more, or mean something else, are left out.
func (p *partition) load(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if b[0] != stateVersion {
		return fmt.Errorf("%w: version %d", errState, b[0])
	}
	u := unpacking{rest: string(b[1:])}
	p.newest, p.arrived = u.moment(), u.moment()
	p.stats.Forgotten, p.stats.Stale = u.uvarint(), u.uvarint()
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		name := u.text()
		p.names.list = append(p.names.list, name)
		p.names.number[name] = uint64(len(p.names.list))
	}
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		if err := p.loadCorrelation(&u); err != nil {
			return err
		}
	}
	if u.bad || u.rest != "" {
		return fmt.Errorf("%w: they end too early or too late", errState)
	}
	return nil
}

func (p *partition) loadCorrelation(u *unpacking) error {
	c := p.plan.byID[u.text()]
	if meaning := u.text(); c != nil && c.meaning != meaning {
		c = nil
	}
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		g, err := loadGroup(u, c)
		if err != nil {
			return err
		}
		if c == nil || u.bad {
			continue
		}
		if p.groups[g.key] != nil {
			return fmt.Errorf("%w: a group comes twice", errState)
		}
		p.enter(g)
	}
	return nil
}

// moment reads a time in microseconds, or never.
func (u *unpacking) moment() int64 {
	at := u.varint()
	if at != never && at != bounded(at) {
		u.bad = true
	}
	return at
}

// loadGroup reads a group; without a correlation it is only passed over.
func loadGroup(u *unpacking, c *correlation) (*group, error) {
	g := &group{corr: c, bytes: groupBytes}
	copy(g.key[:], u.take(uint64(len(g.key))))
	g.newest, g.fired, g.seen = u.moment(), u.moment(), u.moment()
	g.repeated = int(u.uvarint() & 0xffffff)
	before := int64(0)
	n := u.uvarint()
	if n > uint64(len(u.rest)) {
		return nil, fmt.Errorf("%w: a group has too many entries", errState)
	}
	if c != nil && n > 0 {
		g.entries = make([]entry, 0, n)
	}
	for ; n > 0 && !u.bad; n-- {
		e := entry{at: before + u.varint()}
		if value := u.take(8); len(value) == 8 {
			e.value = binary.LittleEndian.Uint64([]byte(value))
		}
		text := u.text()
		if c == nil || u.bad {
			continue
		}
		e.text = string([]byte(text)) // a copy, so that the whole state is not held
		if !e.valid(len(c.Of)) || e.at != bounded(e.at) || e.at < before && len(g.entries) > 0 {
			return nil, fmt.Errorf("%w: an entry cannot be read", errState)
		}
		g.entries, before = append(g.entries, e), e.at
		g.bytes += entryBytes + int64(len(e.text))
		if len(e.text) > e.headLength() {
			g.bodies++
		}
	}
	return g, nil
}
