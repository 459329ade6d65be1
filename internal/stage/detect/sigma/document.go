package sigma

import (
	"crypto/sha1" // of a name-based UUID (RFC 9562 section 5.5)
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// document is one YAML document of a rule file.
type document struct {
	from part
	nth  int // of the documents in its part; almost always 0
	line int
	err  error // why it cannot be read; what could be read is there

	id, name, title, level, status, description, author, taxonomy string
	tags, references, falsePositives                              []string

	source   logsource
	generate bool
	ours     ours

	// The section that makes it a rule, a correlation or a filter.
	detection, correlation, filter *yaml.Node
}

type logsource struct {
	Product  string
	Category string
	Service  string
}

// ours is the custom section of our own rules.
type ours struct {
	Threat  string `yaml:"threat"`
	Asset   string `yaml:"asset"` // target, observer, origin or place
	TitleFR string `yaml:"title_fr"`
	// Once makes an alert of the first event of a group only, until Within has
	// passed: for what is reported again and again while it lasts.
	Once *once `yaml:"once"`
	// EachRule is detect.Correlation.EachRule.
	EachRule bool `yaml:"each_rule"`
	// Off sets a rule aside; only its id and title are needed.
	Off bool `yaml:"off"`
}

type once struct {
	By     []string `yaml:"by"`
	Within string   `yaml:"within"`
}

var errNoRule = errors.New("is no Sigma rule: want a map with a title and a detection, correlation or filter section")

// documents reads every document of a part; an error means that the rest of it
// is no YAML.
func (p part) documents() ([]*document, error) {
	trees, err := p.trees()
	list := make([]*document, len(trees))
	for i, tree := range trees {
		d := &document{from: p, nth: i, line: tree.Line}
		if tree, d.err = plain(tree); d.err == nil {
			d.err = d.read(tree)
		}
		list[i] = d
	}
	return list, err
}

func (d *document) read(tree *yaml.Node) error {
	if tree.Kind != yaml.MappingNode {
		return at(tree, errNoRule)
	}
	var first error
	err := pairs(tree, func(key, value *yaml.Node) error {
		if err := d.attribute(key.Value, value); err != nil && first == nil {
			first = at(value, fmt.Errorf("%s: %w", key.Value, err))
		}
		return nil // the title and the id may come later
	})
	if first != nil {
		return first
	}
	return err
}

// attribute reads one attribute of a document; those that are not known are the
// author's own.
func (d *document) attribute(key string, value *yaml.Node) error {
	switch key {
	case "id":
		return readText(value, &d.id)
	case "name":
		return readText(value, &d.name)
	case "title":
		return readText(value, &d.title)
	case "level":
		return readText(value, &d.level)
	case "status":
		return readText(value, &d.status)
	case "description":
		return readText(value, &d.description)
	case "taxonomy":
		return readText(value, &d.taxonomy)
	case "author":
		return readText(value, &d.author)
	case "tags":
		return readTexts(value, &d.tags)
	case "references", "reference":
		return readTexts(value, &d.references)
	case "falsepositives":
		return readTexts(value, &d.falsePositives)
	case "generate":
		return value.Decode(&d.generate)
	case "warder":
		return value.Decode(&d.ours)
	case "logsource":
		return d.logsource(value)
	case "detection":
		d.detection = value
	case "correlation":
		d.correlation = value
	case "filter":
		d.filter = value
	case "action":
		return errors.New("collections (global, reset, repeat) were taken out of Sigma; write each rule whole")
	}
	return nil
}

func (d *document) logsource(n *yaml.Node) error {
	return pairs(n, func(key, value *yaml.Node) error {
		var into *string
		switch key.Value {
		case "product":
			into = &d.source.Product
		case "category":
			into = &d.source.Category
		case "service":
			into = &d.source.Service
		default:
			return nil // definition, and what authors add
		}
		err := readText(value, into)
		*into = strings.ToLower(*into)
		return err
	})
}

// rule is what the document says of itself.
func (d *document) rule(threats Threats) (detect.Rule, error) {
	r := detect.Rule{
		ID: d.id, Name: d.name, Title: d.title, TitleFR: d.ours.TitleFR, Kind: d.kind(), Detector: "sigma",
		File: d.from.file.name, Line: d.line, Techniques: techniques(d.tags),
		Level: d.level, Status: d.status, Description: d.description, Author: d.author,
		Tags: d.tags, References: d.references, FalsePositives: d.falsePositives, Warning: d.doubts(),
	}
	if r.Kind == detect.KindCorrelation {
		r.Detector = "correlation"
	}
	if r.ID == "" && r.Title != "" {
		r.ID = derivedID(r)
	}
	switch {
	case d.err != nil:
		return r, d.err
	case d.detection == nil && d.correlation == nil && d.filter == nil && !d.ours.Off:
		return r, errNoRule
	case r.Title == "":
		return r, errors.New("want a title")
	}
	var err error
	if r.Severity, err = severityOf(d.level); err != nil {
		return r, err
	}
	if r.Asset, err = roleOf(d.ours.Asset); err != nil {
		return r, err
	}
	r.Threat, err = threats.of(d.ours.Threat, d.tags)
	return r, err
}

// doubts is what the document's own attributes make doubtful of it.
func (d *document) doubts() string {
	var list []string
	if d.status == "deprecated" || d.status == "unsupported" {
		list = append(list, "its author says that it is "+d.status)
	}
	if d.taxonomy != "" && d.taxonomy != "sigma" {
		list = append(list, fmt.Sprintf("the taxonomy %q is not translated: fields are looked up by the names of the rule", d.taxonomy))
	}
	return strings.Join(list, "; ")
}

func (d *document) kind() detect.Kind {
	switch {
	case d.correlation != nil:
		return detect.KindCorrelation
	case d.filter != nil:
		return detect.KindFilter
	}
	return detect.KindEvent
}

// derivedID names a rule that has no id, which the specification does not ask
// for: its name, or else a UUID made of its title.
func derivedID(r detect.Rule) string {
	if r.Name != "" {
		return r.Name
	}
	sum := sha1.Sum([]byte("sigma:" + r.Title))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func severityOf(level string) (flow.Severity, error) {
	switch level {
	case "informational", "info":
		return flow.SeverityInfo, nil
	case "low", "medium", "high", "critical":
		return flow.Severity(level), nil
	case "":
		return flow.SeverityMedium, nil
	}
	return "", fmt.Errorf("level %q is none of informational, low, medium, high, critical", level)
}

func roleOf(asset string) (flow.Role, error) {
	switch role := flow.Role(asset); role {
	case "":
		return flow.RoleTarget, nil
	case flow.RoleTarget, flow.RoleObserver, flow.RolePlace, flow.RoleOrigin:
		return role, nil
	}
	return "", fmt.Errorf("warder.asset %q is none of target, observer, origin, place", asset)
}

// techniques picks the ATT&CK techniques out of the tags: "attack.t1110.003".
func techniques(tags []string) []string {
	var list []string
	for _, tag := range tags {
		name, ok := strings.CutPrefix(strings.ToLower(tag), "attack.")
		if ok && len(name) >= 5 && name[0] == 't' && name[1] >= '0' && name[1] <= '9' {
			list = append(list, strings.ToUpper(name))
		}
	}
	return list
}
