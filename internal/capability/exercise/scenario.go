package exercise

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"warder/internal/hospital"
)

// Scenario is one scenario file.
type Scenario struct {
	ID       string
	Title    Title
	Hospital string // folder of content/hospitals that it was written for
	Notes    string
	Story    string
	Include  []Include
	Timeline []Record
	Noise    *Noise
	Overlay  *hospital.Model // laid over the hospital; nil for none
	Expect   Expect

	file string
}

// Title is a scenario's name, for people.
type Title struct {
	EN string `json:"en" yaml:"en"`
	FR string `json:"fr" yaml:"fr"`
}

// Include is another scenario that is played within this one.
type Include struct {
	Scenario string
	At       time.Duration
}

// Noise is what is played around a scenario.
type Noise struct {
	Profile string `yaml:"profile"` // "quiet-day"
	Seed    uint64 `yaml:"seed"`
	Hours   int    `yaml:"hours"`
}

// ProfileQuietDay is the one profile of noise.
const ProfileQuietDay = "quiet-day"

// Length is how long the scenario lasts, its noise included.
func (s *Scenario) Length() time.Duration {
	var length time.Duration
	if n := len(s.Timeline); n > 0 {
		length = s.Timeline[n-1].At
	}
	if s.Noise != nil {
		length = max(length, time.Duration(s.Noise.Hours)*time.Hour)
	}
	return length
}

// Parse reads a scenario. The error is Problems, all that were found.
func Parse(file string, data []byte) (*Scenario, error) {
	s := &Scenario{file: file}
	var problems Problems
	if regexp.MustCompile(`(?m)^-- *--\s*$`).Match(data) { // which txtar does not survive
		problems = append(problems, Problem{File: file, Text: "a section has no name; -- timeline -- would be one"})
		return nil, problems
	}
	archive := txtar.Parse(data)
	s.Story = strings.TrimSpace(string(archive.Comment))
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	seen := map[string]bool{}
	for _, part := range archive.Files {
		at := section{file: file, first: line + 1, data: part.Data, problems: &problems}
		if seen[part.Name] {
			at.fault(0, "there are two sections %s", part.Name)
		}
		seen[part.Name] = true
		s.section(part.Name, at)
		line += 1 + bytes.Count(part.Data, []byte("\n"))
	}
	whole := section{file: file, first: 1, problems: &problems}
	if !seen["scenario.yaml"] {
		whole.fault(0, "there is no section scenario.yaml")
	}
	if !seen["timeline"] && s.Noise == nil && len(s.Include) == 0 && seen["scenario.yaml"] {
		whole.fault(0, "there is nothing to play: no timeline, no noise.yaml, no include")
	}
	return s, problems.err()
}

func (s *Scenario) section(name string, at section) {
	switch name {
	case "scenario.yaml":
		s.parseHeader(at)
	case "timeline":
		s.Timeline = parseTimeline(at)
	case "noise.yaml":
		s.parseNoise(at)
	case "model.yaml":
		s.parseOverlay(at)
	case "expect.yaml":
		s.parseExpect(at)
	default:
		at.fault(0, "section %q is not known; there are scenario.yaml, timeline, noise.yaml, model.yaml and expect.yaml", name)
	}
}

// validID is what ids of scenarios look like: they are file names and part of URLs.
func validID(id string) bool { return regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`).MatchString(id) }

func (s *Scenario) parseHeader(at section) {
	var h struct {
		ID       string `yaml:"id"`
		Title    Title  `yaml:"title"`
		Hospital string `yaml:"hospital"`
		Notes    string `yaml:"notes"`
		Include  []struct {
			Scenario string `yaml:"scenario"`
			At       span   `yaml:"at"`
		} `yaml:"include"`
	}
	root := at.yaml(&h)
	if root == nil {
		return
	}
	s.ID, s.Title, s.Hospital, s.Notes = h.ID, h.Title, h.Hospital, h.Notes
	if !validID(h.ID) {
		at.fault(lineOf(root, "id"), "id %q must be of lower-case letters, digits and dashes", h.ID)
	} else if name := strings.TrimSuffix(path.Base(s.file), ".txtar"); name != h.ID {
		at.fault(lineOf(root, "id"), "id %q is not the file's name, %q", h.ID, name)
	}
	if h.Title.EN == "" || h.Title.FR == "" {
		at.fault(lineOf(root, "title"), "a title is needed in en and fr")
	}
	if h.Hospital == "" {
		at.fault(lineOf(root), "hospital is missing: the folder of content/hospitals that the scenario is for")
	}
	for i, in := range h.Include {
		if in.At < 0 || time.Duration(in.At) > longestScenario {
			at.fault(lineOf(root, "include", i, "at"), "at must lie between 0s and %s", longestScenario)
		}
		s.Include = append(s.Include, Include{Scenario: in.Scenario, At: time.Duration(in.At)})
	}
}

func (s *Scenario) parseNoise(at section) {
	var n Noise
	root := at.yaml(&n)
	if root == nil {
		return
	}
	if n.Profile != ProfileQuietDay {
		at.fault(lineOf(root, "profile"), "profile %q is not known; there is %s", n.Profile, ProfileQuietDay)
	}
	if n.Hours < 1 || time.Duration(n.Hours)*time.Hour > longestScenario {
		at.fault(lineOf(root, "hours"), "hours must lie between 1 and %d", longestScenario/time.Hour)
	}
	s.Noise = &n
}

func (s *Scenario) parseOverlay(at section) {
	model, problems := hospital.LoadYAML(at.file, at.data)
	for _, p := range problems {
		// What the overlay leaves to the hospital below it is not missing.
		if p.Rule == hospital.RuleHospital || p.Rule == hospital.RuleTimeZone {
			continue
		}
		text := p.Text
		if p.Asset != "" {
			text = p.Asset + ": " + text
		}
		at.fault(max(p.Line, 1), "%s", text)
	}
	s.Overlay = model
}

// span is a duration in YAML, written as Go writes it.
type span time.Duration

// UnmarshalYAML implements yaml.Unmarshaler.
func (d *span) UnmarshalYAML(node *yaml.Node) error {
	v, err := time.ParseDuration(node.Value)
	if err != nil {
		return typeError(node, "%q is no duration like 1m30s", node.Value)
	}
	*d = span(v)
	return nil
}
