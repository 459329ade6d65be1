package hospital

import (
	"fmt"
	"strings"
	"time"

	"warder/internal/flow"
)

// validate lists everything that is wrong with a model in normal form.
func validate(m *Model) []Problem {
	c := newChecker(m)
	c.hospital()
	c.assets()
	c.places()
	c.dependencies()
	c.controllers()
	c.plans()
	return c.problems
}

// checker looks at one model. Its maps are filled first, so that the rules may
// run in any order.
type checker struct {
	m        *Model
	o        *origins
	byID     map[string]int // exact ids; of doubles the first
	threats  map[flow.Threat]bool
	kinds    map[Kind]KindInfo
	ids      []string // of all assets, for suggestions
	hints    int      // suggestions left
	problems []Problem
}

// Each suggestion looks at every id: a hundred for a hospital, fewer for a
// model so large that they would take seconds.
const (
	mostHints = 100
	mostLooks = 2_000_000
)

func newChecker(m *Model) *checker {
	c := &checker{
		m: m, o: m.origins, byID: make(map[string]int, len(m.Assets)), hints: min(mostHints, 1+mostLooks/(1+len(m.Assets))),
		threats: make(map[flow.Threat]bool), kinds: make(map[Kind]KindInfo),
	}
	if c.o == nil {
		c.o = new(origins)
	}
	for i := range m.Assets {
		id := m.Assets[i].ID
		if _, twice := c.byID[id]; !twice && id != "" {
			c.byID[id] = i
		}
	}
	for _, t := range flow.Threats() {
		c.threats[t] = true
	}
	for _, k := range KindTable() {
		c.kinds[k.Kind] = k
	}
	return c
}

func (c *checker) add(file string, line int, asset string, rule Rule, format string, args ...any) {
	c.problems = append(c.problems, Problem{File: file, Line: line, Asset: clip(asset), Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// asset adds a problem of a field of an asset.
func (c *checker) asset(i int, field string, rule Rule, format string, args ...any) {
	if p := at(c.o.assets, i); !p.spoilt(field) {
		c.add(p.file, p.of(field), c.m.Assets[i].ID, rule, format, args...)
	}
}

// entry adds a problem of one entry of a field that is a list.
func (c *checker) entry(i int, field string, n int, rule Rule, format string, args ...any) {
	if p := at(c.o.assets, i); !p.spoilt(field) {
		c.add(p.file, p.ofEach(field, n), c.m.Assets[i].ID, rule, format, args...)
	}
}

// dependency adds a problem of a field of a dependency, under the asset it reaches.
func (c *checker) dependency(i int, field string, rule Rule, format string, args ...any) {
	p := at(c.o.dependencies, i)
	if p.spoilt(field) {
		return
	}
	d := c.m.Dependencies[i]
	c.add(p.file, p.of(field), d.To, rule, "dependency from %q to %q: %s", clip(d.From), clip(d.To), fmt.Sprintf(format, args...))
}

// clip shows an id whole, and of what is no id only its beginning.
func clip(id string) string {
	if len(id) > longestID {
		return shorten(id)
	}
	return id
}

// unknownID ends a sentence about an id that no asset has.
func (c *checker) unknownID(id string) string {
	if c.hints--; c.hints < 0 {
		return ""
	}
	if c.ids == nil {
		c.ids = make([]string, len(c.m.Assets))
		for i := range c.m.Assets {
			c.ids[i] = c.m.Assets[i].ID
		}
	}
	return didYouMean(id, c.ids)
}

// kindOf is the kind of an asset by id; "" when there is none.
func (c *checker) kindOf(id string) Kind {
	if i, ok := c.byID[id]; ok {
		return c.m.Assets[i].Kind
	}
	return ""
}

// where says in which file and line an asset stands, for sentences.
func (c *checker) where(i int) string {
	p := at(c.o.assets, i)
	if p.file == "" {
		return ""
	}
	return " (" + Problem{File: p.file, Line: p.line}.place() + ")"
}

func (c *checker) hospital() {
	head := c.o.head
	loaded := c.m.origins != nil
	headless := loaded && head.file == "" // which the loader has said
	if c.m.Name == "" && !headless && (loaded || len(c.m.Assets) > 0) {
		c.add(head.file, head.line, "", RuleHospital, "the hospital has no name; write name:")
	}
	if fault := textFault(c.m.Name); fault != "" {
		c.add(head.file, head.of("name"), "", RuleText, "name %s", fault)
	}
	// "Local" would be the zone of this machine, not of the hospital.
	if _, err := time.LoadLocation(c.m.TimeZone); err != nil || c.m.TimeZone == "Local" {
		c.add(head.file, head.of("time_zone"), "", RuleTimeZone,
			"unknown time zone %q; want an IANA name, such as Europe/Paris", shorten(c.m.TimeZone))
	}
}

const longestText = 1000 // characters

// textFault says what is wrong with a text, or "".
func textFault(s string) string {
	if len(s) > longestText && len([]rune(s)) > longestText {
		return fmt.Sprintf("is longer than %d characters", longestText)
	}
	if s != strings.TrimSpace(s) {
		return "begins or ends with white space"
	}
	if strings.ContainsFunc(s, badRune) {
		return "holds a control character"
	}
	return ""
}

func badRune(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xfffd, r == 0xfeff, r == 0x2028, r == 0x2029:
		return true
	}
	// Marks that turn the direction of writing can make a name show as another.
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
