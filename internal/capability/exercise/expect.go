package exercise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
)

// Expect is what must and must not come of a scenario. What it does not state is
// not asked.
type Expect struct {
	Incidents    []Expected `yaml:"incidents"`
	MaxIncidents *int       `yaml:"max_incidents"` // of all, those listed included; nil for any number
	Silences     []Silence  `yaml:"silences"`
}

// Expected is one incident that must come.
type Expected struct {
	Type     flow.Threat       `yaml:"type"`
	Place    string            `yaml:"place"`
	Severity flow.Severity     `yaml:"severity"` // at least
	Alerts   ExpectedAlerts    `yaml:"alerts"`
	Domains  []string          `yaml:"domains"` // exactly these
	Joins    []string          `yaml:"joins"`   // reasons that must occur
	Assets   []string          `yaml:"assets"`
	Impacts  []ExpectedImpact  `yaml:"impacts"` // in the order of their arrival; others may lie between
	Services []ExpectedService `yaml:"services"`
	Barriers []ExpectedBarrier `yaml:"barriers"`
	Plan     string            `yaml:"plan"` // a playbook's id
}

// ExpectedAlerts is how many alerts at least, and of which threats some.
type ExpectedAlerts struct {
	Min     int           `yaml:"min"`
	Threats []flow.Threat `yaml:"threats"`
}

// ExpectedImpact is an asset that the prediction must reach.
type ExpectedImpact struct {
	Asset         string      `yaml:"asset"`
	Threat        flow.Threat `yaml:"threat"`
	Within        span        `yaml:"within"` // 0 for any time
	LikelihoodMin float64     `yaml:"likelihood_min"`
}

// ExpectedService is a care service that the prediction must name.
type ExpectedService struct {
	Service       string      `yaml:"service"`
	State         flow.Threat `yaml:"state"` // degraded or lost
	Within        span        `yaml:"within"`
	LikelihoodMin float64     `yaml:"likelihood_min"`
}

// ExpectedBarrier is a protection that must have stopped the harm.
type ExpectedBarrier struct {
	From   string      `yaml:"from"`
	To     string      `yaml:"to"`
	Threat flow.Threat `yaml:"threat"`
}

// Silence is an asset and a threat that no prediction may reach; without a
// threat none may.
type Silence struct {
	Asset  string      `yaml:"asset"`
	Threat flow.Threat `yaml:"threat"`
}

func typeError(node *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, fmt.Sprintf(format, args...))}}
}

func (s *Scenario) parseExpect(at section) {
	root := at.yaml(&s.Expect)
	if root == nil {
		return
	}
	c := checker{at, root}
	e := s.Expect
	if m := e.MaxIncidents; m != nil && (*m < 0 || *m < len(e.Incidents)) {
		c.fault("max_incidents %d is less than the %d that are listed", []any{"max_incidents"}, *m, len(e.Incidents))
	}
	for i, in := range e.Incidents {
		c.incident(in, "incidents", i)
	}
	for i, q := range e.Silences {
		c.named("asset", q.Asset, "silences", i)
		c.threat(q.Threat, "silences", i, "threat")
	}
}

// checker finds what YAML alone does not: words that mean nothing.
type checker struct {
	at   section
	root *yaml.Node
}

func (c checker) fault(format string, path []any, args ...any) {
	c.at.fault(lineOf(c.root, path...), format, args...)
}

func (c checker) threat(t flow.Threat, path ...any) {
	if t != "" && !slices.Contains(flow.Threats(), t) {
		c.fault("threat %q is not known", path, t)
	}
}

func (c checker) named(what, value string, path ...any) {
	if value == "" {
		c.fault("%s is missing", path, what)
	}
}

func (c checker) likelihood(v float64, path ...any) {
	if !(v >= 0 && v <= 1) { // also refuses NaN
		c.fault("likelihood_min must lie between 0 and 1", append(path, "likelihood_min"))
	}
}

func (c checker) within(d span, path ...any) {
	if d < 0 {
		c.fault("within must not be negative", append(path, "within"))
	}
}

func (c checker) incident(in Expected, path ...any) {
	below := func(more ...any) []any { return append(slices.Clone(path), more...) }
	c.named("type", string(in.Type), path...)
	c.threat(in.Type, below("type")...)
	if in.Severity != "" && in.Severity.Rank() < 0 {
		c.fault("severity %q is not known", below("severity"), in.Severity)
	}
	for i, t := range in.Alerts.Threats {
		c.threat(t, below("alerts", "threats", i)...)
	}
	for i, d := range in.Domains {
		if !slices.Contains([]string{"cyber", "physical", "health"}, d) {
			c.fault("domain %q is not known; there are cyber, physical and health", below("domains", i), d)
		}
	}
	for i, j := range in.Joins {
		if !strings.HasPrefix(j, "join.") {
			c.fault("%q is no reason of a join; they begin with join.", below("joins", i), j)
		}
	}
	for i, a := range in.Assets {
		c.named("an asset's id", a, below("assets", i)...)
	}
	for i, m := range in.Impacts {
		c.named("asset", m.Asset, below("impacts", i)...)
		c.threat(m.Threat, below("impacts", i, "threat")...)
		c.likelihood(m.LikelihoodMin, below("impacts", i)...)
		c.within(m.Within, below("impacts", i)...)
	}
	for i, s := range in.Services {
		c.named("service", s.Service, below("services", i)...)
		if s.State != "" && s.State != flow.ThreatDegraded && s.State != flow.ThreatLost {
			c.fault("state %q is not known; there are degraded and lost", below("services", i, "state"), s.State)
		}
		c.likelihood(s.LikelihoodMin, below("services", i)...)
		c.within(s.Within, below("services", i)...)
	}
	for i, b := range in.Barriers {
		c.named("to", b.To, below("barriers", i)...)
		c.threat(b.Threat, below("barriers", i, "threat")...)
	}
}

// named lists every asset id that the expectations name.
func (e Expect) named() []string {
	var ids []string
	for _, in := range e.Incidents {
		ids = append(append(ids, in.Place), in.Assets...)
		for _, m := range in.Impacts {
			ids = append(ids, m.Asset)
		}
		for _, s := range in.Services {
			ids = append(ids, s.Service)
		}
		for _, b := range in.Barriers {
			ids = append(ids, b.From, b.To)
		}
	}
	for _, q := range e.Silences {
		ids = append(ids, q.Asset)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}

func (d span) String() string { return time.Duration(d).String() }
