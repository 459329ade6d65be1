package normalise

import (
	"fmt"
	"slices"
	"strings"

	"warder/internal/flow"
)

// Config is the normaliser's part of the configuration.
type Config struct {
	Mappings []Mapping `koanf:"mappings" yaml:"mappings"`
}

// Mapping says how the JSON of one kind of sender becomes an event. Paths are
// dotted ("sensor.reading.0.value"); "@channel/1" is a segment of the MQTT topic
// or path that the record came on, counted from 0, or from the end by -1.
type Mapping struct {
	Name     string   `koanf:"name" yaml:"name"`
	Category string   `koanf:"category" yaml:"category"`
	Action   string   `koanf:"action" yaml:"action"` // fixed; or, with ActionPath, the fallback
	Time     string   `koanf:"time" yaml:"time"`     // path
	Actions  []Action `koanf:"actions" yaml:"actions"`
	// ActionPath is where the sender says what happened; Actions translates it.
	ActionPath string     `koanf:"action_path" yaml:"action_path"`
	Fields     []Field    `koanf:"fields" yaml:"fields"`
	Assets     []Named    `koanf:"assets" yaml:"assets"`
	Quantities []Quantity `koanf:"quantities" yaml:"quantities"`
}

// Action translates the sender's word for what happened.
type Action struct {
	From string `koanf:"from" yaml:"from"`
	To   string `koanf:"to" yaml:"to"`
}

// Field gives one attribute a value: what stands at a path, or a constant.
type Field struct {
	Attribute string `koanf:"attribute" yaml:"attribute"`
	Path      string `koanf:"path" yaml:"path"`
	Value     string `koanf:"value" yaml:"value"`
}

// Named says that the value at a path names an asset.
type Named struct {
	Kind string `koanf:"kind" yaml:"kind"` // of the identifier
	Path string `koanf:"path" yaml:"path"`
	Role string `koanf:"role" yaml:"role"` // target, observer or origin; target when empty
}

// Quantity is one measured value. Alarm lists the values that mean alarm, Normal
// those that mean that all is well: another one makes the record unreadable in this
// point. Without Normal every value that is not in Alarm is normal; without
// Alarm and StatePath the value is only measured. A value with a fixed unit is a
// number.
type Quantity struct {
	Name      string   `koanf:"name" yaml:"name"` // fixed
	NamePath  string   `koanf:"name_path" yaml:"name_path"`
	Path      string   `koanf:"path" yaml:"path"`
	Unit      string   `koanf:"unit" yaml:"unit"` // UCUM code, fixed
	UnitPath  string   `koanf:"unit_path" yaml:"unit_path"`
	Alarm     []string `koanf:"alarm" yaml:"alarm"`
	Normal    []string `koanf:"normal" yaml:"normal"`
	StatePath string   `koanf:"state_path" yaml:"state_path"` // where the sender says normal or alarm itself
}

// Validate names the first thing that is wrong with each mapping, as the
// configuration spells it.
func (c Config) Validate() []error {
	var errs []error
	seen := map[string]bool{}
	for i, m := range c.Mappings {
		if err := m.check(); err != nil {
			errs = append(errs, fmt.Errorf("mappings[%d]: %w", i, err))
		} else if seen[m.Name] {
			errs = append(errs, fmt.Errorf("mappings[%d].name: %q is used twice", i, m.Name))
		}
		seen[m.Name] = true
	}
	return errs
}

func (m Mapping) check() error {
	if m.Name == "" || strings.ContainsAny(m.Name, "/ ") {
		return fmt.Errorf("name: want a word without blanks and slashes, have %q", m.Name)
	}
	if !slices.Contains(flow.Categories(), flow.Category(m.Category)) {
		return fmt.Errorf("category: %q is none of %v", m.Category, flow.Categories())
	}
	if len(m.Actions) > 0 && m.ActionPath == "" {
		return fmt.Errorf("actions: want action_path beside it")
	}
	for i, f := range m.Fields {
		if (f.Path == "") == (f.Value == "") {
			return fmt.Errorf("fields[%d]: want either path or value", i)
		}
		if !known(f.Attribute) {
			return fmt.Errorf("fields[%d].attribute: %q is not in the vocabulary (docs/reference/events.md)", i, f.Attribute)
		}
	}
	for i, a := range m.Assets {
		if a.Path == "" || a.Kind == "" {
			return fmt.Errorf("assets[%d]: want kind and path", i)
		}
		if !slices.Contains([]flow.Role{"", flow.RoleTarget, flow.RoleObserver, flow.RoleOrigin}, flow.Role(a.Role)) {
			return fmt.Errorf("assets[%d].role: %q is none of target, observer, origin", i, a.Role)
		}
	}
	for i, q := range m.Quantities {
		if q.Path == "" || (q.Name == "") == (q.NamePath == "") {
			return fmt.Errorf("quantities[%d]: want path, and either name or name_path", i)
		}
		if len(q.Normal) > 0 && len(q.Alarm) == 0 {
			return fmt.Errorf("quantities[%d].normal: want alarm beside it", i)
		}
		if both := slices.IndexFunc(q.Normal, func(v string) bool { return slices.Contains(q.Alarm, v) }); both >= 0 {
			return fmt.Errorf("quantities[%d]: %q is both in normal and in alarm", i, q.Normal[both])
		}
	}
	return nil
}

func known(attribute string) bool {
	for _, a := range flow.Vocabulary() {
		if a.Name == attribute {
			return true
		}
	}
	return false
}

// ByName indexes mappings; a later one replaces an earlier of the same name, so
// that a hospital's own come after the presets.
func ByName(lists ...[]Mapping) map[string]Mapping {
	m := map[string]Mapping{}
	for _, list := range lists {
		for _, mapping := range list {
			m[mapping.Name] = mapping
		}
	}
	return m
}
