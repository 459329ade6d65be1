package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/klauspost/compress/s2"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// A stored batch is a mark, and packed (S2) the number of its records and each of
// them: a byte that says which fields follow, the time since the record before,
// those fields, and the data. A field that is as in the record before is left
// out. Numbers are varints, texts and data have their length in front.
//
// The mark begins no item of CBOR (RFC 8949 section 3 reserves it), in which
// batches of before were written: those are still read.
const batchMark = 0xfd

// Which fields of a record follow.
const (
	hasSource = 1 << iota
	hasFormat // and mapping
	hasPeer
	hasChannel
	hasExercise
	hasKey // the last three are of one record only
	hasTruncated
	hasRefused
)

// mostUnpacked bounds what a batch may unpack to: what one append may hold.
const mostUnpacked = 64 << 20

var errBatch = errors.New("read a batch of records: it is damaged")

// Codec writes and reads batches of raw records. Received is kept to the
// microsecond; texts may hold bytes that are no UTF-8.
func Codec() exchange.Codec[flow.RawBatch] {
	old := exchange.CBOR[flow.RawBatch]()
	return exchange.Codec[flow.RawBatch]{
		Encode: func(b flow.RawBatch) ([]byte, error) { return packBatch(b), nil },
		Decode: func(data []byte, b *flow.RawBatch) error {
			if len(data) == 0 || data[0] != batchMark {
				return old.Decode(data, b)
			}
			return unpackBatch(data[1:], b)
		},
	}
}

func packBatch(b flow.RawBatch) []byte {
	size := binary.MaxVarintLen64
	for i := range b.Records {
		size += int(rawSize(b.Records[i]))
	}
	plain := binary.AppendUvarint(make([]byte, 0, size), uint64(len(b.Records)))
	var last flow.Raw
	for i := range b.Records {
		plain = appendRecord(plain, &b.Records[i], &last)
		last = b.Records[i]
	}
	packed := make([]byte, 1+s2.MaxEncodedLen(len(plain)))
	packed[0] = batchMark
	return packed[:1+len(s2.Encode(packed[1:], plain))]
}

func appendRecord(buf []byte, r, last *flow.Raw) []byte {
	has := fieldsOf(r, last)
	buf = append(buf, has)
	buf = binary.AppendVarint(buf, r.Received.UnixMicro()-last.Received.UnixMicro())
	for _, f := range [...]struct {
		bit  byte
		text string
	}{
		{hasSource, r.Source}, {hasFormat, string(r.Format)}, {hasFormat, r.Mapping}, {hasPeer, r.Peer},
		{hasChannel, r.Channel}, {hasExercise, r.Exercise}, {hasKey, r.Key}, {hasRefused, r.Refused},
	} {
		if has&f.bit != 0 {
			buf = append(binary.AppendUvarint(buf, uint64(len(f.text))), f.text...)
		}
	}
	if has&hasTruncated != 0 {
		buf = binary.AppendUvarint(buf, uint64(r.Truncated))
	}
	return append(binary.AppendUvarint(buf, uint64(len(r.Data))), r.Data...)
}

func fieldsOf(r, last *flow.Raw) (has byte) {
	for _, f := range [...]struct {
		bit byte
		is  bool
	}{
		{hasSource, r.Source != last.Source}, {hasFormat, r.Format != last.Format || r.Mapping != last.Mapping},
		{hasPeer, r.Peer != last.Peer}, {hasChannel, r.Channel != last.Channel}, {hasExercise, r.Exercise != last.Exercise},
		{hasKey, r.Key != ""}, {hasTruncated, r.Truncated > 0}, {hasRefused, r.Refused != ""},
	} {
		if f.is {
			has |= f.bit
		}
	}
	return has
}

func unpackBatch(packed []byte, b *flow.RawBatch) error {
	n, err := s2.DecodedLen(packed)
	if err != nil || n > mostUnpacked {
		return fmt.Errorf("%w: it is packed wrongly or too large", errBatch)
	}
	plain, err := s2.Decode(make([]byte, n), packed)
	if err != nil {
		return fmt.Errorf("%w: %w", errBatch, err)
	}
	r := unpacker{rest: plain}
	count := r.number()
	if count > uint64(len(plain)) { // a record takes more than a byte
		return fmt.Errorf("%w: it says that it holds %d records", errBatch, count)
	}
	records := make([]flow.Raw, count)
	var last flow.Raw
	for i := range records {
		r.record(&records[i], &last)
		last = records[i]
	}
	if r.short || len(r.rest) > 0 {
		return fmt.Errorf("%w: its records do not fill it", errBatch)
	}
	b.Records = records
	return nil
}

// unpacker takes fields off; short says that there were fewer than were wanted.
type unpacker struct {
	rest  []byte
	short bool
}

// record reads one. Its data is a part of the batch's memory; texts that are as
// before share theirs.
func (u *unpacker) record(r, last *flow.Raw) {
	*r = flow.Raw{Source: last.Source, Format: last.Format, Mapping: last.Mapping, Peer: last.Peer, Channel: last.Channel, Exercise: last.Exercise}
	has := u.byte()
	r.Received = time.UnixMicro(last.Received.UnixMicro() + u.signed()).UTC()
	for _, f := range [...]struct {
		bit  byte
		into *string
	}{
		{hasSource, &r.Source}, {hasFormat, (*string)(&r.Format)}, {hasFormat, &r.Mapping}, {hasPeer, &r.Peer},
		{hasChannel, &r.Channel}, {hasExercise, &r.Exercise}, {hasKey, &r.Key}, {hasRefused, &r.Refused},
	} {
		if has&f.bit != 0 {
			*f.into = string(u.bytes())
		}
	}
	if has&hasTruncated != 0 {
		r.Truncated = int(min(u.number(), math.MaxInt))
	}
	r.Data = u.bytes()
}

func (u *unpacker) byte() byte {
	if len(u.rest) == 0 {
		u.short = true
		return 0
	}
	b := u.rest[0]
	u.rest = u.rest[1:]
	return b
}

func (u *unpacker) number() uint64 {
	n, width := binary.Uvarint(u.rest)
	u.took(width)
	return n
}

func (u *unpacker) signed() int64 {
	n, width := binary.Varint(u.rest)
	u.took(width)
	return n
}

// took passes over a number; width is not above 0 when there is none.
func (u *unpacker) took(width int) {
	if width <= 0 {
		u.short, u.rest = true, nil
		return
	}
	u.rest = u.rest[width:]
}

func (u *unpacker) bytes() []byte {
	n := u.number()
	if n > uint64(len(u.rest)) {
		u.short, u.rest = true, nil
		return nil
	}
	b := u.rest[:n:n]
	u.rest = u.rest[n:]
	return b
}
