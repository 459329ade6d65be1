package evtx

import (
	"encoding/binary"
	"math"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// made writes an event log: one chunk whose records are given by their binary XML.
type made struct{ chunk []byte }

func newMade() *made {
	m := &made{chunk: make([]byte, chunkHeaderSize, chunkSize)}
	copy(m.chunk, chunkMagic)
	return m
}

func (m *made) u8(v ...byte)  { m.chunk = append(m.chunk, v...) }
func (m *made) u16(v int)     { m.chunk = binary.LittleEndian.AppendUint16(m.chunk, uint16(v)) }
func (m *made) u32(v int)     { m.chunk = binary.LittleEndian.AppendUint32(m.chunk, uint32(v)) }
func (m *made) text(s string) { m.u16(len(utf16.Encode([]rune(s)))); m.u8(wide(s)...) }

func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// name writes a name where it is used.
func (m *made) name(s string) {
	m.u32(len(m.chunk) + 4)
	m.u32(0)
	m.u16(0)
	m.text(s)
	m.u16(0)
}

func (m *made) open(name string, attributes ...string) {
	token := byte(tokenOpen)
	if len(attributes) > 0 {
		token |= more
	}
	m.u8(token)
	m.u16(0xffff)
	m.u32(0)
	m.name(name)
	if len(attributes) > 0 {
		m.u32(0)
	}
	for i := 0; i+1 < len(attributes); i += 2 {
		m.u8(tokenAttribute)
		m.name(attributes[i])
		m.u8(tokenValue, kindString)
		m.text(attributes[i+1])
	}
	m.u8(tokenCloseOpen)
}

func (m *made) place(i int) { m.u8(tokenOptional); m.u16(i); m.u8(0) }
func (m *made) close()      { m.u8(tokenCloseElement) }

// record frames what write writes.
func (m *made) record(id int, write func()) {
	at := len(m.chunk)
	m.u8([]byte(recordMagic)...)
	m.u32(0)
	m.u32(id)
	m.u32(0)
	m.u32(0xd53e8000)
	m.u32(0x019db1de) // 1 January 1970
	m.u8(tokenFragment, 1, 1, 0)
	write()
	m.u8(tokenEnd)
	m.u32(len(m.chunk) + 4 - at)
	binary.LittleEndian.PutUint32(m.chunk[at+4:], uint32(len(m.chunk)-at))
}

// template writes an instance whose definition stands here.
func (m *made) template(body func(), values ...typed) (offset int) {
	m.u8(tokenTemplate, 1)
	m.u32(1)
	offset = len(m.chunk) + 4
	m.u32(offset)
	m.u8(make([]byte, 20)...)
	m.u32(0)
	from := len(m.chunk)
	m.u8(tokenFragment, 1, 1, 0)
	body()
	m.u8(tokenEnd)
	binary.LittleEndian.PutUint32(m.chunk[from-4:], uint32(len(m.chunk)-from))
	m.values(values)
	return offset
}

// again writes an instance of a definition that stands elsewhere.
func (m *made) again(offset int, values ...typed) {
	m.u8(tokenTemplate, 1)
	m.u32(1)
	m.u32(offset)
	m.values(values)
}

type typed struct {
	kind byte
	data []byte
}

func (m *made) values(list []typed) {
	m.u32(len(list))
	for _, v := range list {
		m.u16(len(v.data))
		m.u8(v.kind, 0)
	}
	for _, v := range list {
		m.u8(v.data...)
	}
}

// file gives the whole log.
func (m *made) file() []byte {
	binary.LittleEndian.PutUint32(m.chunk[48:], uint32(len(m.chunk)))
	head := make([]byte, fileHeaderSize)
	copy(head, Magic)
	binary.LittleEndian.PutUint16(head[40:], fileHeaderSize)
	return append(append(head, m.chunk...), make([]byte, chunkSize-len(m.chunk))...)
}

func le(width int, v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v)[:width] }

func TestEveryTypeOfValue(t *testing.T) {
	sid := []byte{1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0}
	guid := []byte{0x44, 0x3a, 0xa1, 0x5a, 0x12, 0xcd, 0xfc, 0x68, 0xe6, 0x2f, 0, 0, 0, 0, 0x40, 2}
	for name, c := range map[string]struct {
		value typed
		want  any
	}{
		"null":             {typed{kindNull, nil}, nil},
		"text":             {typed{kindString, wide("é \U0001F680\x00")}, "é \U0001F680"},
		"empty text":       {typed{kindString, nil}, ""},
		"ansi":             {typed{kindANSI, []byte("caf\xe9\x00")}, "café"},
		"int8":             {typed{kindInt8, []byte{0xff}}, int64(-1)},
		"uint8":            {typed{kindUint8, []byte{0xff}}, int64(255)},
		"int16":            {typed{kindInt16, le(2, 0xfffe)}, int64(-2)},
		"uint16":           {typed{kindUint16, le(2, 0xfffe)}, int64(65534)},
		"int32":            {typed{kindInt32, le(4, 0xfffffffd)}, int64(-3)},
		"uint32":           {typed{kindUint32, le(4, 0xfffffffd)}, int64(4294967293)},
		"int64":            {typed{kindInt64, le(8, math.MaxUint64)}, int64(-1)},
		"uint64":           {typed{kindUint64, le(8, math.MaxUint64)}, uint64(math.MaxUint64)},
		"real32":           {typed{kindReal32, le(4, uint64(math.Float32bits(1.5)))}, 1.5},
		"real64":           {typed{kindReal64, le(8, math.Float64bits(-2.25))}, -2.25},
		"no number":        {typed{kindReal64, le(8, math.Float64bits(math.NaN()))}, "NaN"},
		"true":             {typed{kindBool, le(4, 1)}, true},
		"false":            {typed{kindBool, le(4, 0)}, false},
		"bytes":            {typed{kindBinary, []byte{0xca, 0xfe}}, "CAFE"},
		"guid":             {typed{kindGUID, guid}, "5AA13A44-CD12-68FC-E62F-000000004002"},
		"size of 4":        {typed{kindSize, le(4, 0x10)}, "0x10"},
		"size of 8":        {typed{kindSize, le(8, 0x1000000000)}, "0x1000000000"},
		"file time":        {typed{kindFileTime, le(8, 132223104000000000)}, "2020-01-01T00:00:00.000000Z"},
		"no file time":     {typed{kindFileTime, le(8, 0)}, nil},
		"system time":      {typed{kindSystemTime, []byte{0xe4, 7, 1, 0, 3, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0}}, "2020-01-02T03:04:05.006000Z"},
		"sid":              {typed{kindSID, sid}, "S-1-5-32-544"},
		"hex 32":           {typed{kindHex32, le(4, 0x529ae3)}, "0x529ae3"},
		"hex 64":           {typed{kindHex64, le(8, 1<<63)}, "0x8000000000000000"},
		"texts":            {typed{kindString | array, wide("a\x00\x00b\x00c")}, []any{"a", "", "b", "c"}},
		"numbers":          {typed{kindUint16 | array, []byte{1, 0, 2, 0}}, []any{int64(1), int64(2)}},
		"cut off":          {typed{kindUint32, []byte{1, 2}}, "0102"},
		"no such type":     {typed{0x7f, []byte{1}}, "01"},
		"sid that is none": {typed{kindSID, []byte{1, 9, 0}}, "010900"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMade()
			m.record(1, func() {
				m.template(func() { m.open("Event"); m.open("Data", "Name", "V"); m.place(0); m.close(); m.close() }, c.value)
			})
			records, damage := readAll(t, m.file())
			if len(records) != 1 || records[0].Err != nil || damage != (Damage{}) {
				t.Fatalf("got %+v, %+v", records, damage)
			}
			want := map[string]any{"Event": map[string]any{"V": c.want}}
			if diff := cmp.Diff(want, records[0].Event); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	m := newMade()
	var again int
	m.record(1, func() {
		again = m.template(func() {
			m.open("Event", "xmlns", "urn:x")
			m.open("EventID", "Qualifiers", "7")
			m.place(0)
			m.close()
			m.open("Data")
			m.place(1)
			m.close()
			m.open("Data")
			m.u8(tokenValue, kindString)
			m.text("a")
			m.u8(tokenEntity)
			m.name("amp")
			m.u8(tokenCharacter)
			m.u16('b')
			m.close()
			m.open("Provider", "Name", "P")
			m.close()
			m.open("UserData")
			m.place(2)
			m.close()
			m.close()
		}, typed{kindUint16, le(2, 4624)}, typed{kindString, wide("x")}, typed{kindNull, nil})
	})
	m.record(2, func() {
		m.again(again, typed{kindUint16, le(2, 1)}, typed{kindString | array, wide("p\x00q\x00")}, typed{kindNull, nil})
	})
	records, _ := readAll(t, m.file())
	event := func(id int64, data []any) map[string]any {
		return map[string]any{"Event": map[string]any{
			"#attributes": map[string]any{"xmlns": "urn:x"},
			"EventID":     id, "EventID_attributes": map[string]any{"Qualifiers": "7"},
			"Data": data, "Provider": map[string]any{"#attributes": map[string]any{"Name": "P"}}, "UserData": nil,
		}}
	}
	if len(records) != 2 {
		t.Fatalf("%d records", len(records))
	}
	for i, want := range []map[string]any{event(4624, []any{"x", "a&b"}), event(1, []any{"p", "q", "a&b"})} {
		if diff := cmp.Diff(want, records[i].Event); diff != "" || records[i].Err != nil {
			t.Error(records[i].Err, diff)
		}
	}
	if records[0].Written.Unix() != 0 {
		t.Errorf("written %v", records[0].Written)
	}
}
