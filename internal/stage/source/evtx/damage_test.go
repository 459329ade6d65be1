package evtx

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// three writes a log of three small records and says where each begins.
func three() (m *made, at []int) {
	m = newMade()
	for id := 1; id <= 3; id++ {
		at = append(at, fileHeaderSize+len(m.chunk))
		m.record(id, func() { m.open("Event"); m.open("N"); m.close(); m.close() })
	}
	return m, at
}

func ids(records []Record) (list []uint64) {
	for _, r := range records {
		if r.Err == nil {
			list = append(list, r.ID)
		}
	}
	return list
}

func TestDamageCostsLittle(t *testing.T) {
	for name, c := range map[string]struct {
		harm   func(data []byte, at []int) []byte
		read   int
		broken int // records given with an error
		damage Damage
	}{
		"nothing":             {func(d []byte, _ []int) []byte { return d }, 3, 0, Damage{}},
		"a record's mark":     {func(d []byte, at []int) []byte { d[at[1]] = 0; return d }, 2, 0, Damage{Records: 1}},
		"a record's size":     {func(d []byte, at []int) []byte { d[at[1]+4] = 9; return d }, 2, 0, Damage{Records: 1}},
		"a record's XML":      {func(d []byte, at []int) []byte { d[at[1]+28] = 0x3f; return d }, 2, 1, Damage{}},
		"a chunk's mark":      {func(d []byte, _ []int) []byte { d[fileHeaderSize] = 0; return d }, 0, 0, Damage{Chunks: 1}},
		"an old end":          {func(d []byte, at []int) []byte { return end(d, at[1]) }, 3, 0, Damage{}},
		"an impossible end":   {func(d []byte, _ []int) []byte { return end(d, 1<<30) }, 3, 0, Damage{}},
		"cut in a record":     {func(d []byte, at []int) []byte { return d[:at[2]+20] }, 2, 0, Damage{Chunks: 1, Records: 1}},
		"cut after the head":  {func(d []byte, _ []int) []byte { return d[:fileHeaderSize] }, 0, 0, Damage{}},
		"cut in the head":     {func(d []byte, _ []int) []byte { return d[:1000] }, 0, 0, Damage{}},
		"rubbish behind":      {func(d []byte, _ []int) []byte { return append(d, "rubbish"...) }, 3, 0, Damage{Chunks: 1}},
		"nothing behind":      {func(d []byte, _ []int) []byte { return append(d, make([]byte, chunkSize+9)...) }, 3, 0, Damage{}},
		"older records after": {func(d []byte, at []int) []byte { d[at[2]+8] = 77; return end(d, at[2]) }, 2, 0, Damage{}},
	} {
		t.Run(name, func(t *testing.T) {
			m, at := three()
			records, damage := readAll(t, c.harm(m.file(), at))
			if len(ids(records)) != c.read || len(records)-len(ids(records)) != c.broken || damage != c.damage {
				t.Errorf("read %v, %d broken, %+v", ids(records), len(records)-len(ids(records)), damage)
			}
		})
	}
}

// end sets where the chunk's head says that its records end.
func end(d []byte, at int) []byte {
	at -= fileHeaderSize
	copy(d[fileHeaderSize+48:], []byte{byte(at), byte(at >> 8), byte(at >> 16), byte(at >> 24)})
	return d
}

func TestNoEventLog(t *testing.T) {
	for _, data := range []string{"", "{}", "ElfFile", "ElfChnk\x00 and so on"} {
		if _, err := NewReader(bytes.NewReader([]byte(data))); !errors.Is(err, ErrNoLog) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// TestHostileRecords: what grows without bound, nests without end or refers to
// itself is refused.
func TestHostileRecords(t *testing.T) {
	long := typed{kindString, wide(string(bytes.Repeat([]byte("x"), 10_000)))}
	for name, write := range map[string]func(m *made){
		"grows": func(m *made) {
			m.template(func() {
				m.open("E")
				for range 5000 {
					m.place(0)
				}
				m.close()
			}, long)
		},
		"nests": func(m *made) {
			for range mostDepth + 5 {
				m.open("E")
			}
		},
		"refers to itself": func(m *made) {
			at := len(m.chunk)
			_ = m.template(func() { m.again(at + 10) })
		},
		"too many values": func(m *made) {
			m.template(func() { m.open("E"); m.close() })
			copy(m.chunk[len(m.chunk)-4:], []byte{0xff, 0xff, 0xff, 0xff})
		},
		"name outside": func(m *made) { m.u8(tokenOpen); m.u16(0); m.u32(0); m.u32(1 << 31) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMade()
			m.record(1, func() { write(m) })
			m.record(2, func() { m.open("Event"); m.close() })
			records, _ := readAll(t, m.file())
			if len(records) != 2 || records[0].Err == nil || records[1].Err != nil {
				t.Errorf("got %+v", records)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	m, _ := three()
	f.Add(m.file())
	if dir, ok := find("it/windows-evtx"); ok {
		logs, _ := filepath.Glob(filepath.Join(dir, "*.evtx"))
		for _, log := range logs {
			if data, err := os.ReadFile(log); err == nil && len(data) < 80<<10 {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data))
		if err != nil {
			return
		}
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if (rec.Err == nil) != (rec.Event != nil) {
				t.Fatalf("record %d: event %v, error %v", rec.ID, rec.Event, rec.Err)
			}
		}
	})
}
