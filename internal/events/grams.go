package events

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"

	"warder/internal/events/query"
)

// A row group's filter for parts of words: which runs of three characters occur
// anywhere in its texts, folded. It answers for any text that a value contains,
// so that a word that is rare lets nearly every row group be left out.
//
// Characters are those of ASCII that JSON writes as they are: the documents'
// values are taken up as they stand in JSON. A run that holds another is not
// noted and not asked for.
const (
	gramsKey     = "warder.grams"
	gramsVersion = 1
	gramsBits    = 18 // of the largest filter
	gramsLeast   = 10 // of the smallest
	gramsFull    = 8  // one bit in so many may be set before a filter is made no smaller
)

// filter is a set of runs; its length is a power of two.
type filter []uint64

func newFilter() filter { return make(filter, 1<<gramsBits/64) }

// spread is the place of a run among 1<<gramsBits; smaller filters use its upper bits.
func spread(run uint32) uint32 { return run * 0x9E3779B1 >> (32 - gramsBits) }

func (f filter) width() int { return bits.Len(uint(len(f)*64)) - 1 }

func (f filter) has(run uint32) bool {
	at := spread(run) >> (gramsBits - f.width())
	return f[at/64]&(1<<(at%64)) != 0
}

// halved makes the filter as small as it can be without saying yes too often.
func (f filter) halved() filter {
	for f.width() > gramsLeast {
		set := 0
		for _, word := range f {
			set += bits.OnesCount64(word)
		}
		if set*2*gramsFull > len(f)*64 {
			return f
		}
		half := make(filter, len(f)/2)
		for at := range uint32(len(f) * 64) {
			if f[at/64]&(1<<(at%64)) != 0 {
				half[at/2/64] |= 1 << (at / 2 % 64)
			}
		}
		f = half
	}
	return f
}

// plain gives each byte as it is noted, folded; 0 for those that end a run.
func plain() (out [256]byte) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		switch {
		case c == '"', c == '\\':
		case 'A' <= c && c <= 'Z':
			out[c] = c - 'A' + 'a'
		default:
			out[c] = c
		}
	}
	return out
}

// grams makes the filters of a segment that is being written.
type grams struct {
	rows, most int
	texts      []bool // column -> whether searches look at it
	plain      [256]byte
	now        filter
	done       []filter
}

func newGrams(l *layout) *grams {
	g := &grams{most: int(l.groupRows), plain: plain(), now: newFilter(), texts: make([]bool, len(l.columns))}
	for i, c := range l.columns {
		g.texts[i] = c.shape != moment && c.shape != number && !c.inner
	}
	return g
}

// row takes a row up. The writer begins a row group after the same number of rows.
func (g *grams) row(row parquet.Row) {
	if g.rows == g.most {
		g.end()
	}
	g.rows++
	for i := range row {
		if v := &row[i]; g.texts[v.Column()] && !v.IsNull() {
			g.add(v.ByteArray())
		}
	}
}

func (g *grams) end() {
	g.done, g.now, g.rows = append(g.done, g.now.halved()), newFilter(), 0
}

// add notes the runs of a text.
func (g *grams) add(text []byte) {
	foreign := g.note(text)
	if foreign && strange(text) {
		g.note([]byte(unstrange().Replace(strings.ToLower(string(text)))))
	}
}

func (g *grams) note(text []byte) (foreign bool) {
	var run uint32
	long := 0
	for _, c := range text {
		p := g.plain[c]
		if p == 0 {
			foreign = foreign || c >= utf8.RuneSelf
			long = 0
			continue
		}
		run = run<<8 | uint32(p)
		if long++; long >= 3 {
			at := spread(run & 0xFFFFFF)
			g.now[at/64] |= 1 << (at % 64)
		}
	}
	return foreign
}

// strange tells whether a text holds one of the letters outside ASCII that fold,
// or are folded by a regular expression, into one of it.
func strange(text []byte) bool {
	return bytes.Contains(text, []byte("\u212a")) || bytes.Contains(text, []byte("\u0130")) || bytes.Contains(text, []byte("\u017f"))
}

func unstrange() *strings.Replacer { return strings.NewReplacer("\u017f", "s") }

// text writes the filters as they stand in the file's metadata.
func (g *grams) text() (string, error) {
	if g.rows > 0 {
		g.end()
	}
	var b []byte
	for _, f := range g.done {
		b = append(b, byte(f.width()))
		for _, word := range f {
			b = binary.LittleEndian.AppendUint64(b, word)
		}
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return "", err
	}
	packed := enc.EncodeAll(b, nil)
	return base64.StdEncoding.EncodeToString(packed), enc.Close()
}

// gramsOf are the filters of a segment, one for each row group; nil for a
// segment that has none, or another form of them.
type gramsOf []filter

// mostGrams bounds what the filters of one segment unpack to.
const mostGrams = 64 << 20

func (r *reading) readGrams() (gramsOf, error) {
	text, ok := r.Lookup(gramsKey)
	m, err := readMeta(r)
	if err != nil || !ok || m.Grams != gramsVersion {
		return nil, err
	}
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: its filters: %w", errUnreadable, err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostGrams))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	b, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: its filters: %w", errUnreadable, err)
	}
	return splitGrams(b, len(r.RowGroups()))
}

func splitGrams(b []byte, groups int) (gramsOf, error) {
	var out gramsOf
	for len(b) > 0 {
		width := int(b[0])
		if width < gramsLeast || width > gramsBits || len(b) < 1+1<<width/8 {
			return nil, fmt.Errorf("%w: its filters are cut off", errUnreadable)
		}
		f := make(filter, 1<<width/64)
		for i := range f {
			f[i] = binary.LittleEndian.Uint64(b[1+8*i:])
		}
		out, b = append(out, f), b[1+1<<width/8:]
	}
	if len(out) != groups {
		return nil, errors.Join(errUnreadable, fmt.Errorf("it has %d filters for %d row groups", len(out), groups))
	}
	return out, nil
}

// runs lists what the filters must hold for a term to be met, nil when nothing is
// known. Numbers may stand in JSON in another way than people write them.
func runs(t *query.Term) []uint32 {
	var out []uint32
	fold := plain()
	for _, literal := range t.Literals() {
		if strings.Trim(literal, "0123456789.-") == "" {
			continue
		}
		run, long := uint32(0), 0
		for i := range len(literal) {
			p := fold[literal[i]]
			if p == 0 {
				long = 0
				continue
			}
			run = run<<8 | uint32(p)
			if long++; long >= 3 {
				out = append(out, run&0xFFFFFF)
			}
		}
	}
	return out
}
