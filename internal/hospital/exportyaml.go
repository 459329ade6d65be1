package hospital

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

const mostYAMLPart = 4 << 20

func yamlFiles(m *Model) []exported {
	assets := newParts("assets", ".yaml", "assets:\n", mostYAMLPart)
	for i := range m.Assets {
		yamlAsset(assets.next(), &m.Assets[i])
	}
	dependencies := newParts("dependencies", ".yaml", "dependencies:\n", mostYAMLPart)
	for i := range m.Dependencies {
		yamlDependency(dependencies.next(), &m.Dependencies[i])
	}
	plans := newParts("plans", ".yaml", "plans:\n", mostYAMLPart)
	for _, p := range m.Plans {
		r := openRecord(plans.next())
		r.text("id", p.ID)
		r.text("name", p.Name)
		r.text("place", p.Place)
		r.text("file", p.File)
		r.close()
	}
	return slices.Concat([]exported{yamlHead(m)}, assets.files(), dependencies.files(), plans.files())
}

func yamlHead(m *Model) exported {
	var b bytes.Buffer
	b.WriteString("name: " + scalar(m.Name) + "\n")
	b.WriteString("time_zone: " + scalar(m.TimeZone) + "\n")
	if m.Demo {
		b.WriteString("demo: true\n")
	}
	return exported{headFile, b.Bytes()}
}

// yamlRecord writes one record on one line: - {key: value, key: value}.
type yamlRecord struct {
	b     *bytes.Buffer
	began bool
}

func openRecord(b *bytes.Buffer) *yamlRecord {
	b.WriteString("  - {")
	return &yamlRecord{b: b}
}

func (r *yamlRecord) close() { r.b.WriteString("}\n") }

// raw writes a key and a value that is YAML already.
func (r *yamlRecord) raw(key, value string) {
	if r.began {
		r.b.WriteString(", ")
	}
	r.began = true
	r.b.WriteString(key + ": " + value)
}

func (r *yamlRecord) text(key, value string) {
	if value != "" {
		r.raw(key, scalar(value))
	}
}

func (r *yamlRecord) number(key string, value, except int) {
	if value != except {
		r.raw(key, strconv.Itoa(value))
	}
}

func (r *yamlRecord) flag(key string, value bool) {
	if value {
		r.raw(key, "true")
	}
}

func (r *yamlRecord) texts(key string, values []string) {
	if len(values) > 0 {
		r.raw(key, flowList(values))
	}
}

func yamlAsset(b *bytes.Buffer, a *Asset) {
	r := openRecord(b)
	r.text("id", a.ID)
	r.text("kind", string(a.Kind))
	r.text("name", a.Name)
	r.text("place", a.Place)
	r.number("criticality", a.Criticality, defaultCriticality)
	r.text("owner", a.Owner)
	r.flag("hub", a.Hub)
	r.texts("tags", a.Tags)
	r.number("beds", a.Beds, 0)
	if len(a.Identifiers) > 0 {
		r.raw("identifiers", flowIdentifiers(a))
	}
	if len(a.Attributes) > 0 {
		var pairs []string
		for _, k := range slices.Sorted(maps.Keys(a.Attributes)) {
			pairs = append(pairs, scalar(k)+": "+scalar(a.Attributes[k]))
		}
		r.raw("attributes", "{"+strings.Join(pairs, ", ")+"}")
	}
	if len(a.Protections) > 0 {
		r.raw("protections", flowProtections(a.Protections))
	}
	r.close()
}

// flowIdentifiers writes {kind: value, kind: [value, value]}; normal form has
// the values of a kind beside each other.
func flowIdentifiers(a *Asset) string {
	var kinds []string
	for i := 0; i < len(a.Identifiers); {
		kind := a.Identifiers[i].Kind
		var values []string
		for ; i < len(a.Identifiers) && a.Identifiers[i].Kind == kind; i++ {
			values = append(values, a.Identifiers[i].Value)
		}
		if len(values) == 1 {
			kinds = append(kinds, scalar(string(kind))+": "+scalar(values[0]))
		} else {
			kinds = append(kinds, scalar(string(kind))+": "+flowList(values))
		}
	}
	return "{" + strings.Join(kinds, ", ") + "}"
}

func flowProtections(list []Protection) string {
	var b bytes.Buffer
	for i, p := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("{")
		r := &yamlRecord{b: &b}
		r.text("against", string(p.Against))
		r.raw("degree", decimal(p.Degree))
		r.texts("by", p.By)
		r.text("note", p.Note)
		b.WriteString("}")
	}
	return "[" + b.String() + "]"
}

func yamlDependency(b *bytes.Buffer, d *Dependency) {
	r := openRecord(b)
	r.text("from", d.From)
	r.text("to", d.To)
	r.text("relation", string(d.Relation))
	r.flag("both_ways", d.BothWays)
	r.text("group", d.Group)
	r.number("need", d.Need, 1)
	if d.Autonomy != 0 {
		r.raw("autonomy", span(d.Autonomy))
	}
	if d.Likelihood != defaultLikelihood {
		r.raw("likelihood", decimal(d.Likelihood))
	}
	r.text("note", d.Note)
	r.close()
}

func flowList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = scalar(v)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// span writes a duration without the zero units at its end: 30m, not 30m0s.
func span(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// scalar writes a text plain where YAML cannot read it as anything else, and in
// double quotes otherwise; Go's escapes are among YAML's (section 5.7).
func scalar(s string) string {
	if plainScalar(s) {
		return s
	}
	return strconv.Quote(s)
}

func plainScalar(s string) bool {
	if s == "" || !letter(s[0]) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !letter(c) && !(c >= '0' && c <= '9') && strings.IndexByte("-_./", c) < 0 {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return false
	}
	return true
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
