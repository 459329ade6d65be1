package evtx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"
)

// chunk is one block with its records. Names and templates are written once in a
// chunk and referred to by their offsets in it.
type chunk struct {
	data      []byte
	at        int // of the next record
	free      int // where the records end, as the chunk's head says
	last      uint64
	names     map[uint32]string
	templates map[uint32][]node
	kept      int // nodes of templates
}

func newChunk(data []byte) *chunk {
	c := &chunk{data: data, at: chunkHeaderSize, names: map[uint32]string{}, templates: map[uint32][]node{}}
	c.free = int(binary.LittleEndian.Uint32(data[48:]))
	if c.free < chunkHeaderSize || c.free > len(data) {
		c.free = len(data)
	}
	return c
}

// next gives the record at c.at, or finds the one after damage.
func (c *chunk) next(damage *Damage) (Record, bool) {
	whole := c.whole(c.at)
	if !whole && c.at < c.free && !empty(c.data[c.at:c.free]) {
		damage.Records++
		whole = c.seek()
	}
	if !whole || c.at >= c.free && !c.goesOn() {
		c.at = len(c.data)
		return Record{}, false
	}
	size := int(binary.LittleEndian.Uint32(c.data[c.at+4:]))
	rec := Record{
		ID:      binary.LittleEndian.Uint64(c.data[c.at+8:]),
		Written: fileTime(binary.LittleEndian.Uint64(c.data[c.at+16:])),
	}
	from, to := c.at+recordHeadSize, c.at+size-4
	c.at += size
	c.last = rec.ID
	rec.Event, rec.Err = c.read(from, to)
	if rec.Err != nil {
		rec.Err = fmt.Errorf("read event record %d: %w", rec.ID, rec.Err)
	}
	return rec, true
}

// whole tells whether a record stands at an offset: it ends with its own size
// again.
func (c *chunk) whole(at int) bool {
	if at+leastRecord > len(c.data) || string(c.data[at:at+4]) != recordMagic {
		return false
	}
	size := int(binary.LittleEndian.Uint32(c.data[at+4:]))
	if size < leastRecord || size > len(c.data)-at {
		return false
	}
	return int(binary.LittleEndian.Uint32(c.data[at+size-4:])) == size
}

// seek moves on to the next whole record before the end.
func (c *chunk) seek() bool {
	for at := c.at + 1; at < c.free; at++ {
		next := bytes.Index(c.data[at:c.free], []byte(recordMagic))
		if next < 0 {
			return false
		}
		if at += next; c.whole(at) {
			c.at = at
			return true
		}
	}
	return false
}

// goesOn tells whether what stands behind the stated end belongs to the log: the
// head of a chunk is written later than its records, but what was there before
// the log was cleared stays too.
func (c *chunk) goesOn() bool {
	return c.last > 0 && binary.LittleEndian.Uint64(c.data[c.at+8:]) == c.last+1
}

// fileTime reads a FILETIME: 100 ns since 1601. Exported logs say 0 for no time.
func fileTime(v uint64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	const secondsTo1970 = 11_644_473_600
	return time.Unix(int64(v/1e7)-secondsTo1970, int64(v%1e7)*100).UTC()
}
