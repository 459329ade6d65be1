package exchange

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"time"
)

// A stored message is
//
//	version (1) | CRC-32C (4, big-endian) | sequence (8) | time (8, microseconds since 1970) |
//	writer's length (uvarint) | writer | key's length (uvarint) | key | body
//
// The checksum (Castagnoli, RFC 3720 appendix B.4) covers the topic, the offset
// and everything after itself, so that a message found in another's place is
// damage too. Checkpoints and topic records are sealed in the same way, with
// their key as the place.
const messageVersion = 1

const sealed = 1 + crc32.Size // bytes of version and checksum

var (
	errShort    = errors.New("the bytes end too early")
	errVersion  = errors.New("the version is not known")
	errChecksum = errors.New("the checksum does not match")
	errSequence = errors.New("the writer's sequence does not match the offset")
)

// castagnoli returns the table; the standard library keeps one and returns it each time.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// seal writes version and checksum in front of what follows the first sealed bytes of value.
func seal(place, value []byte) {
	value[0] = messageVersion
	binary.BigEndian.PutUint32(value[1:], checksum(place, value[sealed:]))
}

// unseal verifies what seal wrote and returns the rest.
func unseal(place, value []byte) ([]byte, error) {
	switch {
	case len(value) < sealed:
		return nil, errShort
	case value[0] != messageVersion:
		return nil, errVersion
	case binary.BigEndian.Uint32(value[1:]) != checksum(place, value[sealed:]):
		return nil, errChecksum
	}
	return value[sealed:], nil
}

func checksum(place, rest []byte) uint32 {
	return crc32.Update(crc32.Checksum(place, castagnoli()), castagnoli(), rest)
}

// encodeMessage appends the stored form of m, whose key in the log is place, to buf.
func encodeMessage(buf, place []byte, m Message) []byte {
	start := len(buf)
	buf = append(buf, make([]byte, sealed)...)
	buf = binary.BigEndian.AppendUint64(buf, m.Seq)
	buf = binary.BigEndian.AppendUint64(buf, uint64(m.Time.UnixMicro()))
	buf = appendText(buf, m.Writer)
	buf = appendText(buf, m.Key)
	buf = append(buf, m.Body...)
	seal(place, buf[start:])
	return buf
}

// decodeMessage reads what encodeMessage wrote. Body is a slice of value.
func decodeMessage(place, value []byte, offset uint64) (Message, error) {
	rest, err := unseal(place, value)
	if err != nil {
		return Message{}, err
	}
	if len(rest) < 16 {
		return Message{}, errShort
	}
	m := Message{Offset: offset, Seq: binary.BigEndian.Uint64(rest)}
	m.Time = time.UnixMicro(int64(binary.BigEndian.Uint64(rest[8:]))).UTC()
	if m.Writer, rest, err = cutText(rest[16:]); err != nil {
		return Message{}, err
	}
	if m.Key, rest, err = cutText(rest); err != nil {
		return Message{}, err
	}
	if m.Seq != offset {
		return Message{}, errSequence
	}
	m.Body = rest
	return m, nil
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}

func cutText(b []byte) (text string, rest []byte, err error) {
	n, width := binary.Uvarint(b)
	if width <= 0 || n > math.MaxInt32 || uint64(len(b)-width) < n {
		return "", nil, errShort
	}
	end := width + int(n)
	return string(b[width:end]), b[end:], nil
}

// encodeCheckpoint returns the stored form of a checkpoint.
func encodeCheckpoint(place []byte, cp Checkpoint) []byte {
	value := binary.BigEndian.AppendUint64(make([]byte, sealed, sealed+8+len(cp.State)), cp.Offset)
	value = append(value, cp.State...)
	seal(place, value)
	return value
}

func decodeCheckpoint(place, value []byte) (Checkpoint, error) {
	rest, err := unseal(place, value)
	if err != nil {
		return Checkpoint{}, err
	}
	if len(rest) < 8 {
		return Checkpoint{}, errShort
	}
	cp := Checkpoint{Offset: binary.BigEndian.Uint64(rest)}
	if len(rest) > 8 {
		cp.State = append([]byte(nil), rest[8:]...)
	}
	return cp, nil
}

// encodeTrimmed returns a topic's record: the offset up to which it was trimmed.
func encodeTrimmed(place []byte, through uint64) []byte {
	value := binary.BigEndian.AppendUint64(make([]byte, sealed, sealed+8), through)
	seal(place, value)
	return value
}

func decodeTrimmed(place, value []byte) (uint64, error) {
	rest, err := unseal(place, value)
	if err != nil {
		return 0, err
	}
	if len(rest) != 8 {
		return 0, errShort
	}
	return binary.BigEndian.Uint64(rest), nil
}
