package hospital

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"maps"
	"math"
	"slices"
	"strings"
)

// versionLength is in letters of base 32: 60 bits, enough to tell a hospital's
// versions apart and short enough to read out.
const versionLength = 12

// versionOf hashes the content of a model in normal form. Strings are written
// with their length, so that no two models run into each other.
func versionOf(m *Model) string {
	d := digest{h: sha256.New()}
	d.text(m.Name, m.TimeZone)
	d.flag(m.Demo)
	d.number(len(m.Assets))
	for i := range m.Assets {
		d.asset(&m.Assets[i])
	}
	d.number(len(m.Dependencies))
	for i := range m.Dependencies {
		d.dependency(&m.Dependencies[i])
	}
	for i := range m.Plans {
		p := &m.Plans[i]
		d.text(p.ID, p.Name, p.Place, p.File, string(p.SVG))
	}
	d.flush()
	sum := base32.StdEncoding.EncodeToString(d.h.Sum(nil))
	return strings.ToLower(sum[:versionLength])
}

// digest feeds a hash through a buffer; single short writes would dominate.
type digest struct {
	h   hash.Hash
	buf []byte
}

func (d *digest) flush() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digest) number(n int) {
	d.buf = binary.AppendVarint(d.buf, int64(n))
	if len(d.buf) > 1<<15 {
		d.flush()
	}
}

func (d *digest) text(values ...string) {
	for _, v := range values {
		d.number(len(v))
		d.buf = append(d.buf, v...)
	}
}

func (d *digest) flag(b bool) {
	if b {
		d.number(1)
		return
	}
	d.number(0)
}

func (d *digest) real(f float64) { d.number(int(math.Float64bits(f))) }

func (d *digest) asset(a *Asset) {
	d.text(a.ID, string(a.Kind), a.Name, a.Place, a.Owner)
	d.number(a.Criticality)
	d.number(a.Beds)
	d.flag(a.Hub)
	d.number(len(a.Tags))
	d.text(a.Tags...)
	d.number(len(a.Identifiers))
	for _, id := range a.Identifiers {
		d.text(string(id.Kind), id.Value)
	}
	d.number(len(a.Attributes))
	for _, k := range slices.Sorted(maps.Keys(a.Attributes)) {
		d.text(k, a.Attributes[k])
	}
	d.number(len(a.Protections))
	for _, p := range a.Protections {
		d.text(string(p.Against), p.Note)
		d.real(p.Degree)
		d.number(len(p.By))
		d.text(p.By...)
	}
}

func (d *digest) dependency(x *Dependency) {
	d.text(x.From, x.To, string(x.Relation), x.Group, x.Note)
	d.flag(x.BothWays)
	d.number(x.Need)
	d.number(int(x.Autonomy))
	d.real(x.Likelihood)
}
