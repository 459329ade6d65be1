package respond

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Playbook is a checklist for a kind of incident.
type Playbook struct {
	ID      string            `yaml:"id"`
	Title   map[string]string `yaml:"title"`   // by locale
	Threats []flow.Threat     `yaml:"threats"` // incident types that it is for; none: for those that no other is for
	When    When              `yaml:"when"`
	Steps   []Step            `yaml:"steps"`
}

// When narrows or widens when a playbook is bound.
type When struct {
	// Domains must all be among the incident's.
	Domains []string `yaml:"domains"`
	// Services binds the playbook beside that of the type, when one of these care
	// services (ids or tags; "*" for any) is likely to be lost.
	Services []string `yaml:"services"`
}

// Step is one thing to do.
type Step struct {
	ID   string            `yaml:"id"`
	For  string            `yaml:"for"` // operator, guard, technician, nurse, lead
	Text map[string]string `yaml:"text"`
	// Blocks names the kinds of assets that the step locks, isolates or switches
	// off. It is not proposed when such an asset of the incident is an escape
	// route or keeps somebody alive.
	Blocks []hospital.Kind `yaml:"blocks"`
}

// Playbooks is a set of playbooks.
type Playbooks struct {
	all []Playbook
}

// LoadPlaybooks reads every .yaml file of a folder, one playbook each.
func LoadPlaybooks(fsys fs.FS, dir string) (*Playbooks, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read playbooks: %w", err)
	}
	set := &Playbooks{}
	var faults []error
	for _, name := range names {
		p, err := read(fsys, name)
		if err == nil {
			err = p.check()
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("playbook %s: %w", name, err))
			continue
		}
		set.all = append(set.all, *p)
	}
	slices.SortFunc(set.all, func(a, b Playbook) int { return cmp.Compare(a.ID, b.ID) })
	for i := 1; i < len(set.all); i++ {
		if set.all[i].ID == set.all[i-1].ID {
			faults = append(faults, fmt.Errorf("there are two playbooks %q", set.all[i].ID))
		}
	}
	return set, errors.Join(faults...)
}

func read(fsys fs.FS, name string) (*Playbook, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	p := new(Playbook)
	return p, dec.Decode(p)
}

// locales lists the languages that every playbook speaks.
func locales() []string { return []string{"en", "fr"} }

func (p *Playbook) check() error {
	var faults []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	need(p.ID != "", "id is missing")
	need(len(p.Steps) > 0, "it has no steps")
	for _, l := range locales() {
		need(p.Title[l] != "", "title.%s is missing", l)
	}
	for _, t := range p.Threats {
		need(slices.Contains(flow.Threats(), t), "unknown threat %q", t)
	}
	seen := map[string]bool{}
	for _, s := range p.Steps {
		need(s.ID != "" && !seen[s.ID], "step id %q is missing or used twice", s.ID)
		seen[s.ID] = true
		need(slices.Contains([]string{"operator", "guard", "technician", "nurse", "lead"}, s.For), "step %s: for %q is none of operator, guard, technician, nurse, lead", s.ID, s.For)
		for _, l := range locales() {
			need(s.Text[l] != "", "step %s: text.%s is missing", s.ID, l)
		}
		for _, k := range s.Blocks {
			need(slices.Contains(hospital.Kinds(), k), "step %s: unknown kind %q", s.ID, k)
		}
	}
	return errors.Join(faults...)
}

// All lists the playbooks by id.
func (s *Playbooks) All() []Playbook { return s.all }

// Get finds a playbook.
func (s *Playbooks) Get(id string) (*Playbook, bool) {
	i := slices.IndexFunc(s.all, func(p Playbook) bool { return p.ID == id })
	if i < 0 {
		return nil, false
	}
	return &s.all[i], true
}

// Texts gives what playbooks say, by locale and code, to be put into the
// catalogue of machine text.
func (s *Playbooks) Texts() map[string]map[string]string {
	out := map[string]map[string]string{}
	put := func(code string, texts map[string]string) {
		for locale, t := range texts {
			if out[locale] == nil {
				out[locale] = map[string]string{}
			}
			out[locale][code] = t
		}
	}
	for _, p := range s.all {
		put(p.titleCode(), p.Title)
		for _, st := range p.Steps {
			put(p.stepCode(&st), st.Text)
		}
	}
	return out
}

func (p *Playbook) titleCode() string        { return "playbook." + p.ID }
func (p *Playbook) stepCode(st *Step) string { return "playbook." + p.ID + "." + st.ID }
func (p *Playbook) title() flow.Text         { return flow.Text{Code: p.titleCode()} }
func (p *Playbook) text(st *Step) flow.Text  { return flow.Text{Code: p.stepCode(st)} }
func (p *Playbook) suits(t flow.Threat) bool { return slices.Contains(p.Threats, t) }
func (p *Playbook) fits(domains []string) bool {
	return !slices.ContainsFunc(p.When.Domains, func(d string) bool { return !slices.Contains(domains, d) })
}

// forType finds the playbook for an incident: the one for its type with most
// conditions, else the one that is for nothing in particular.
func (s *Playbooks) forType(in *flow.Incident) (*Playbook, bool) {
	var best *Playbook
	for i := range s.all {
		p := &s.all[i]
		if len(p.When.Services) > 0 || len(p.Threats) > 0 && !p.suits(in.Type) || !p.fits(in.Domains) {
			continue
		}
		if best == nil || p.weight() > best.weight() {
			best = p
		}
	}
	return best, best != nil
}

func (p *Playbook) weight() int {
	w := len(p.When.Domains)
	if len(p.Threats) > 0 {
		w += 100
	}
	return w
}

// forService finds the playbooks to be added when a care service is likely to be
// lost.
func (s *Playbooks) forService(service *hospital.Asset, in *flow.Incident) []*Playbook {
	var out []*Playbook
	for i := range s.all {
		p := &s.all[i]
		if len(p.Threats) > 0 && !p.suits(in.Type) || !p.fits(in.Domains) {
			continue
		}
		if slices.ContainsFunc(p.When.Services, func(w string) bool {
			return w == "*" || w == service.ID || slices.Contains(service.Tags, w)
		}) {
			out = append(out, p)
		}
	}
	return out
}
