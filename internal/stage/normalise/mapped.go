package normalise

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"warder/internal/flow"
)

// reader is a mapping made ready for use.
type reader struct {
	Mapping
	actions map[string]string
}

func compile(mappings map[string]Mapping) map[string]reader {
	out := make(map[string]reader, len(mappings))
	for name, m := range mappings {
		r := reader{Mapping: m, actions: make(map[string]string, len(m.Actions))}
		for _, a := range m.Actions {
			r.actions[a.From] = a.To
		}
		out[name] = r
	}
	return out
}

// parseMapped reads JSON through the mapping that the source names.
func (n *Normaliser) parseMapped(d *draft) error {
	r, ok := n.mappings[d.raw.Mapping]
	if !ok {
		return fmt.Errorf("read %s: mapping %q is not configured", d.raw.Format, d.raw.Mapping)
	}
	m, err := n.readObject(d.raw.Data)
	if err != nil {
		return err
	}
	d.ev.Original = m
	d.ev.Category = flow.Category(r.Category)
	d.ev.Action = r.action(d)
	if r.Time != "" {
		d.at(d.look(r.Time))
	}
	for _, f := range r.Fields {
		if f.Path == "" {
			d.set(f.Attribute, f.Value)
		} else {
			d.set(f.Attribute, words(d.look(f.Path)))
		}
	}
	for _, a := range r.Assets {
		d.name(a)
	}
	return d.measure(r.Quantities)
}

func (r reader) action(d *draft) string {
	if r.ActionPath == "" {
		return r.Action
	}
	said := str(d.look(r.ActionPath))
	if to, ok := r.actions[said]; ok {
		return to
	}
	if len(r.actions) == 0 && said != "" {
		return clean(said)
	}
	return r.Action
}

// look finds what a path of a mapping points at; nil for nothing.
func (d *draft) look(path string) any {
	v, _ := d.find(path)
	return v
}

// find tells a path that points nowhere from one at whose end null stands.
func (d *draft) find(path string) (v any, ok bool) {
	segment, ok := strings.CutPrefix(path, "@channel/")
	if !ok {
		return walk(d.ev.Original, strings.TrimPrefix(path, "$."))
	}
	parts := strings.Split(d.raw.Channel, "/")
	i, err := strconv.Atoi(segment)
	if i < 0 {
		i += len(parts)
	}
	if err != nil || i < 0 || i >= len(parts) {
		return nil, false
	}
	return parts[i], true
}

// name claims the asset whose identifier stands at a path, and notes the
// identifier as an attribute where the vocabulary has one for its kind.
func (d *draft) name(a Named) {
	value := str(d.look(a.Path))
	role := flow.Role(a.Role)
	if role == "" {
		role = flow.RoleTarget
	}
	switch kind := flow.IdentifierKind(a.Kind); kind {
	case flow.ByIP:
		d.claimAddress(role, value)
	case flow.ByHostname:
		d.claimHost(role, value)
	default:
		d.claim(role, kind, value)
	}
	switch flow.IdentifierKind(a.Kind) {
	case flow.BySensor:
		d.set(flow.AttrSensor, value)
	case flow.ByDoor:
		d.set(flow.AttrDoor, value)
	case flow.ByCamera:
		d.set(flow.AttrCamera, value)
	case flow.ByHostname:
		d.set(flow.AttrHost, value)
	case flow.ByService:
		d.set(flow.AttrApplication, value)
	}
}

// measure notes the quantities of a record. A record of one quantity says it in
// sensor.quantity, sensor.value and sensor.unit too; one of several names in
// sensor.quantity those in alarm. It is normal only where every state that it
// tells of can be read: an unknown code is no all-clear.
func (d *draft) measure(quantities []Quantity) error {
	var alarmed []string
	found, stated, doubtful := 0, false, false
	for _, q := range quantities {
		name, value, err := d.quantity(q)
		if name == "" || value == "" && err == nil {
			continue
		}
		found++
		if err != nil {
			d.fault(err)
			doubtful = true
			continue
		}
		state := q.state(d, value)
		stated = stated || state != ""
		if state == "alarm" {
			alarmed = append(alarmed, name)
		}
		d.set(flow.AttrMeasured+name, value)
		if len(q.Alarm) > 0 {
			d.set(flow.AttrMeasured+name, state)
		}
		if len(quantities) == 1 {
			d.single(q, name, value)
		}
	}
	switch {
	case len(quantities) > 0 && found == 0:
		return fmt.Errorf("read sensor: none of the mapping's quantities is in the record")
	case len(alarmed) > 0:
		d.set(flow.AttrSensorState, "alarm")
		d.set(flow.AttrQuantity, strings.Join(alarmed, " "))
	case stated && !doubtful:
		d.set(flow.AttrSensorState, "normal")
	}
	return nil
}

// quantity gives a quantity's name, fit to be part of an attribute's, and value;
// an error when what stands in the value's place is none. Without a value the
// record says nothing of the quantity.
func (d *draft) quantity(q Quantity) (name, value string, err error) {
	name = q.Name
	if q.NamePath != "" {
		name = strings.ToLower(strings.ReplaceAll(str(d.look(q.NamePath)), " ", "_"))
	}
	if len(name) > 64 {
		name = ""
	}
	found, ok := d.find(q.Path)
	value = str(found)
	switch {
	case ok && value == "":
		err = fmt.Errorf("read sensor: %s is %s", name, quoted(found))
	case value == "":
	case len(q.Normal) > 0 && !slices.Contains(q.Alarm, value) && !slices.Contains(q.Normal, value):
		err = fmt.Errorf("read sensor: %s is %s, which means neither normal nor alarm", name, quoted(found))
	case q.Unit != "" && !number(value):
		err = fmt.Errorf("read sensor: %s is %s, which is no number", name, quoted(found))
	}
	return clean(name), value, err
}

func number(s string) bool {
	v, err := strconv.ParseFloat(s, 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// state tells what a value means; empty when nothing says so.
func (q Quantity) state(d *draft, value string) string {
	if q.StatePath != "" {
		if said := strings.ToLower(str(d.look(q.StatePath))); said == "alarm" || said == "normal" {
			return said
		}
	}
	switch {
	case len(q.Alarm) == 0:
		return ""
	case slices.Contains(q.Alarm, value):
		return "alarm"
	}
	return "normal"
}

func (d *draft) single(q Quantity, name, value string) {
	d.set(flow.AttrQuantity, name)
	d.set(flow.AttrValue, value)
	d.set(flow.AttrUnit, q.Unit)
	if q.UnitPath != "" {
		d.set(flow.AttrUnit, str(d.look(q.UnitPath)))
	}
}
