package evtx

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// The value types ([MS-EVEN6] 2.2.12, BinXmlVariant); array is set for lists of one.
const (
	kindNull       = 0x00
	kindString     = 0x01
	kindANSI       = 0x02
	kindInt8       = 0x03
	kindUint8      = 0x04
	kindInt16      = 0x05
	kindUint16     = 0x06
	kindInt32      = 0x07
	kindUint32     = 0x08
	kindInt64      = 0x09
	kindUint64     = 0x0a
	kindReal32     = 0x0b
	kindReal64     = 0x0c
	kindBool       = 0x0d
	kindBinary     = 0x0e
	kindGUID       = 0x0f
	kindSize       = 0x10
	kindFileTime   = 0x11
	kindSystemTime = 0x12
	kindSID        = 0x13
	kindHex32      = 0x14
	kindHex64      = 0x15
	kindXML        = 0x21
	array          = 0x80
)

// timeLayout is how the converters write a time: microseconds, always.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// scalar reads one value as JSON has it: numbers as such, hexadecimal ones as
// "0x..", GUIDs in capitals without braces. Of a value that is too short for its
// type it gives the bytes in hexadecimal, which is what there is to know.
func scalar(kind byte, b []byte) any {
	switch kind {
	case kindNull:
		return nil
	case kindString:
		return utf16Text(b)
	case kindANSI:
		text, _ := charmap.Windows1252.NewDecoder().Bytes(b)
		return strings.TrimRight(string(text), "\x00")
	case kindBinary:
		return strings.ToUpper(hex.EncodeToString(b))
	case kindSID:
		return sid(b)
	}
	if width := widthOf(kind); width == 0 || len(b) < width {
		if len(b) == 0 {
			return nil
		}
		return strings.ToUpper(hex.EncodeToString(b))
	}
	switch kind {
	case kindReal32:
		return real(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case kindReal64:
		return real(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case kindBool:
		return binary.LittleEndian.Uint32(b) != 0
	case kindGUID:
		return fmt.Sprintf("%08X-%04X-%04X-%X-%X", binary.LittleEndian.Uint32(b),
			binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:16])
	case kindFileTime:
		if at := fileTime(binary.LittleEndian.Uint64(b)); !at.IsZero() {
			return at.Format(timeLayout)
		}
		return nil
	case kindSystemTime:
		return systemTime(b).Format(timeLayout)
	}
	return integer(kind, b)
}

func integer(kind byte, b []byte) any {
	switch kind {
	case kindInt8:
		return int64(int8(b[0]))
	case kindUint8:
		return int64(b[0])
	case kindInt16:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case kindUint16:
		return int64(binary.LittleEndian.Uint16(b))
	case kindInt32:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case kindUint32:
		return int64(binary.LittleEndian.Uint32(b))
	case kindInt64:
		return int64(binary.LittleEndian.Uint64(b))
	case kindUint64:
		return binary.LittleEndian.Uint64(b)
	case kindHex32:
		return "0x" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b)), 16)
	case kindSize:
		if len(b) < 8 {
			return "0x" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b)), 16)
		}
	}
	return "0x" + strconv.FormatUint(binary.LittleEndian.Uint64(b), 16)
}

// widthOf is the size of a type in bytes, 0 when it differs. A size has four or
// eight.
func widthOf(kind byte) int {
	switch kind {
	case kindInt8, kindUint8:
		return 1
	case kindInt16, kindUint16:
		return 2
	case kindInt32, kindUint32, kindReal32, kindBool, kindHex32, kindSize:
		return 4
	case kindInt64, kindUint64, kindReal64, kindFileTime, kindHex64:
		return 8
	case kindGUID, kindSystemTime:
		return 16
	}
	return 0
}

// real keeps what JSON has no number for as text.
func real(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return f
}

func systemTime(b []byte) time.Time {
	at := func(i int) int { return int(binary.LittleEndian.Uint16(b[2*i:])) }
	return time.Date(at(0), time.Month(at(1)), at(3), at(4), at(5), at(6), at(7)*1e6, time.UTC)
}

// sid writes a security identifier ([MS-DTYP] 2.4.2).
func sid(b []byte) any {
	if len(b) < 8 || len(b) < 8+4*int(b[1]) {
		return strings.ToUpper(hex.EncodeToString(b))
	}
	var s strings.Builder
	authority := uint64(binary.BigEndian.Uint16(b[2:]))<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	fmt.Fprintf(&s, "S-%d-%d", b[0], authority)
	for i := range int(b[1]) {
		fmt.Fprintf(&s, "-%d", binary.LittleEndian.Uint32(b[8+4*i:]))
	}
	return s.String()
}

// list reads an array: strings end with a zero each, other types have their width.
func list(kind byte, b []byte) any {
	if kind == kindString {
		return texts(b)
	}
	width := widthOf(kind)
	if kind == kindSize && len(b)%8 == 0 {
		width = 8
	}
	if width == 0 {
		return scalar(kind, b)
	}
	items := make([]any, 0, len(b)/width)
	for ; len(b) >= width; b = b[width:] {
		items = append(items, scalar(kind, b[:width]))
	}
	return items
}

func texts(b []byte) []any {
	items := []any{}
	for from, at := 0, 0; at+1 < len(b); at += 2 {
		last := at+3 >= len(b)
		switch {
		case b[at] == 0 && b[at+1] == 0:
			items = append(items, utf16Text(b[from:at]))
			from = at + 2
		case last:
			items = append(items, utf16Text(b[from:at+2]))
		}
	}
	return items
}
