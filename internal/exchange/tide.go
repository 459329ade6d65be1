package exchange

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// tide keeps the newest acknowledged offset of each topic in a small file beside
// the database. The database takes a damaged end of its write-ahead log for one
// that a crash tore, and drops what lies behind the damage in silence; the tide
// marks show that more had been there, so that the loss is reported and no
// offset is given twice.
//
// Marks are written after the fsync of what they mark and are not synced
// themselves: a mark may be older than the log, never newer.
type tide struct {
	file  vfs.File
	slots map[string]int64 // where each topic's mark lies
	end   int64
}

// A slot is text (length, name), offset (8), zeroes, sealed like a message. It
// never crosses a disk's sector of 512 bytes, so that no power cut leaves half of one.
const slotBytes = 128

func openTide(fs vfs.FS, dir string) (*tide, map[string]uint64, error) {
	file, err := fs.OpenReadWrite(fs.PathJoin(dir, "TIDE"), vfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, nil, fmt.Errorf("open the tide marks: %w", err)
	}
	t := &tide{file: file, slots: map[string]int64{}}
	marks, err := t.load()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read the tide marks: %w", err), file.Close())
	}
	return t, marks, nil
}

// load reads the marks; a slot that does not match its checksum is left out.
func (t *tide) load() (map[string]uint64, error) {
	marks := map[string]uint64{}
	var slot [slotBytes]byte
	for ; ; t.end += slotBytes {
		if n, err := t.file.ReadAt(slot[:], t.end); n < slotBytes {
			if err == io.EOF || err == nil {
				return marks, nil
			}
			return nil, err
		}
		rest, err := unseal(nil, slot[:])
		if err != nil {
			continue
		}
		name, rest, err := cutText(rest)
		if err == nil && len(rest) >= 8 {
			t.slots[name], marks[name] = t.end, binary.BigEndian.Uint64(rest)
		}
	}
}

// mark notes a topic's newest acknowledged offset.
func (t *tide) mark(topic string, offset uint64) error {
	at, known := t.slots[topic]
	if !known {
		at, t.end = t.end, t.end+slotBytes
		t.slots[topic] = at
	}
	slot := appendText(make([]byte, sealed, slotBytes), topic)
	slot = binary.BigEndian.AppendUint64(slot, offset)
	slot = append(slot, bytes.Repeat([]byte{0}, slotBytes-len(slot))...)
	seal(nil, slot)
	_, err := t.file.WriteAt(slot, at)
	return err
}

func (t *tide) close() error { return errors.Join(t.file.Sync(), t.file.Close()) }
