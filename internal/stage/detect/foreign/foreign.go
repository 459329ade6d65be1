package foreign

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Table says how other systems' detections become alerts.
type Table struct {
	Suricata Suricata `yaml:"suricata"`
	Frigate  Frigate  `yaml:"frigate"`
	Again    string   `yaml:"again"` // how long a repetition stays silent, as a Go duration
}

// Suricata is the table of Suricata's alerts.
type Suricata struct {
	Severities map[string]flow.Severity `yaml:"severities"` // "1" -> high
	Classes    map[string]flow.Threat   `yaml:"classes"`    // class of the signature, folded
	Words      []Word                   `yaml:"words"`      // in the signature; before the class
	Default    flow.Threat              `yaml:"default"`
	Quiet      []string                 `yaml:"quiet"` // classes that are no alerts
}

// Word gives signatures that contain a text their threat.
type Word struct {
	Has    string      `yaml:"has"`
	Threat flow.Threat `yaml:"threat"`
}

// Frigate is the table of Frigate's review alerts, by the object's label.
type Frigate struct {
	Severity flow.Severity          `yaml:"severity"`
	Labels   map[string]flow.Threat `yaml:"labels"`
	Default  flow.Threat            `yaml:"default"`
}

// Read reads foreign.yaml of a folder.
func Read(fsys fs.FS, folder string) (Table, error) {
	var t Table
	data, err := fs.ReadFile(fsys, path.Join(folder, "foreign.yaml"))
	if err != nil {
		return t, fmt.Errorf("read table: %w", err)
	}
	if err := yaml.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("read table foreign.yaml: %w", err)
	}
	if _, err := time.ParseDuration(t.Again); err != nil {
		return t, fmt.Errorf("read table foreign.yaml: again: %w", err)
	}
	return t, nil
}

// Names of the rules under which counting finds repetitions.
const (
	suricataRule = "suricata"
	frigateRule  = "frigate"
)

// Detector finds the events that are other systems' alerts.
type Detector struct {
	table Table
	quiet map[string]bool
}

var _ detect.Matcher = (*Detector)(nil)

// New returns a detector over a table.
func New(t Table) *Detector {
	d := &Detector{table: t, quiet: map[string]bool{}}
	for _, class := range t.Suricata.Quiet {
		d.quiet[strings.ToLower(class)] = true
	}
	return d
}

// Match gives a hit for each foreign alert; the alert itself comes from counting.
func (d *Detector) Match(ev *flow.Event) []detect.Match {
	switch {
	case ev.Format == flow.FormatSuricata && ev.Action == "network.alert":
		if d.quiet[strings.ToLower(ev.Attributes[flow.AttrForeignClass])] {
			return nil
		}
		return []detect.Match{{Rule: &detect.Rule{ID: suricataRule, Title: "Suricata alerts", Kind: detect.KindForeign}, Count: true}}
	case ev.Format == flow.FormatFrigate && ev.Action == "review.alert" && ev.Attributes[flow.AttrReviewState] != "end":
		return []detect.Match{{Rule: &detect.Rule{ID: frigateRule, Title: "Frigate review alerts", Kind: detect.KindForeign}, Count: true}}
	}
	return nil
}

// Rules lists what the detector may find, for the board.
func (d *Detector) Rules() []detect.Rule {
	return []detect.Rule{
		{ID: suricataRule, Title: "Suricata alerts", TitleFR: "Alertes Suricata", Kind: detect.KindForeign, Severity: flow.SeverityHigh, Threat: d.table.Suricata.Default},
		{ID: frigateRule, Title: "Frigate review alerts", TitleFR: "Alertes de revue Frigate", Kind: detect.KindForeign, Severity: d.table.Frigate.Severity, Threat: d.table.Frigate.Default},
	}
}

// Correlations make one alert of the repetitions of one detection.
func (d *Detector) Correlations() []detect.Correlation {
	again, _ := time.ParseDuration(d.table.Again) // Read checked it
	once := []detect.Bound{{Op: "gte", Value: 1}}
	return []detect.Correlation{
		{
			Rule: detect.Rule{ID: suricataRule, Kind: detect.KindForeign}, Of: []string{suricataRule},
			Type: detect.EventCount, Bounds: once, Window: again, Describe: d.suricata,
			GroupBy: []string{flow.AttrSignatureID, flow.AttrSourceIP, flow.AttrDestIP},
		},
		{
			Rule: detect.Rule{ID: frigateRule, Kind: detect.KindForeign}, Of: []string{frigateRule},
			Type: detect.EventCount, Bounds: once, Window: again, Describe: d.frigate,
			GroupBy: []string{flow.AttrReviewID},
		},
	}
}

// suricata describes a signature as a rule.
func (d *Detector) suricata(ev *flow.Event) detect.Rule {
	t := &d.table.Suricata
	signature := ev.Attributes[flow.AttrSignature]
	r := detect.Rule{
		ID: "suricata:" + ev.Attributes[flow.AttrSignatureID], Title: signature, TitleFR: signature,
		Kind: detect.KindForeign, Detector: "suricata", Asset: flow.RoleTarget,
		Severity: t.Severities[ev.Attributes[flow.AttrForeignLevel]], Threat: t.threat(ev),
	}
	if r.Severity == "" {
		r.Severity = flow.SeverityLow
	}
	return r
}

func (t *Suricata) threat(ev *flow.Event) flow.Threat {
	signature := strings.ToLower(ev.Attributes[flow.AttrSignature])
	for _, w := range t.Words {
		if strings.Contains(signature, strings.ToLower(w.Has)) {
			return w.Threat
		}
	}
	if threat, ok := t.Classes[strings.ToLower(ev.Attributes[flow.AttrForeignClass])]; ok {
		return threat
	}
	return t.Default
}

// frigate describes a review alert as a rule.
func (d *Detector) frigate(ev *flow.Event) detect.Rule {
	r := detect.Rule{
		ID: "frigate:review", Title: "Camera: worth a look", TitleFR: "Caméra : à regarder",
		Kind: detect.KindForeign, Detector: "frigate", Asset: flow.RolePlace,
		Severity: d.table.Frigate.Severity, Threat: d.table.Frigate.Default,
	}
	for label := range strings.FieldsSeq(ev.Attributes[flow.AttrObjectLabel]) {
		if threat, ok := d.table.Frigate.Labels[label]; ok {
			r.Threat = threat
			break
		}
	}
	return r
}
