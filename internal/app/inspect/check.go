package inspect

import (
	"cmp"
	"slices"
	"strconv"
)

// Checked is what is wrong with rules.
type Checked struct {
	Rules    int         `json:"rules"`    // that were looked at
	Good     int         `json:"good"`     //
	Bad      int         `json:"bad"`      // could not be loaded
	Problems []RuleFault `json:"problems"` // by file and line
	Warnings []RuleFault `json:"warnings"` // of rules that were loaded
	Replaced []RuleFault `json:"replaced"` // rules that a later path has too, which counts
}

// RuleFault is what is wrong with a rule, and where.
type RuleFault struct {
	File  string `json:"file"`
	Line  int    `json:"line"` // from 1; 0 where it is not known
	Rule  string `json:"rule,omitempty"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text"`
}

// String gives "file:line: text".
func (f RuleFault) String() string { return f.place() + ": " + f.Text }

func (f RuleFault) place() string {
	if f.Line == 0 {
		return f.File
	}
	return f.File + ":" + strconv.Itoa(f.Line)
}

// Check says everything that is wrong with the rules.
func (r *Rules) Check() *Checked {
	c := &Checked{Problems: []RuleFault{}, Warnings: []RuleFault{}, Replaced: []RuleFault{}}
	for _, p := range r.pack.Replaced {
		by := RuleFault{File: p.By.File, Line: p.By.Line}
		c.Replaced = append(c.Replaced, RuleFault{File: p.Rule.File, Line: p.Rule.Line, Rule: p.Rule.ID, Title: p.Rule.Title,
			Text: "is replaced by the rule of the same id in " + by.place()})
	}
	for i := range r.All {
		rule := &r.All[i]
		c.Rules++
		fault := RuleFault{File: rule.File, Line: rule.Line, Rule: rule.ID, Title: rule.Title, Text: rule.Error}
		if rule.Error != "" {
			c.Bad++
			c.Problems = append(c.Problems, fault)
			continue
		}
		c.Good++
		if fault.Text = rule.Warning; rule.Warning != "" {
			c.Warnings = append(c.Warnings, fault)
		}
	}
	for _, list := range [...][]RuleFault{c.Problems, c.Warnings, c.Replaced} {
		slices.SortStableFunc(list, func(a, b RuleFault) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
	}
	return c
}
