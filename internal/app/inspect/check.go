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
func (f RuleFault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return f.File + ":" + strconv.Itoa(f.Line) + ": " + f.Text
}

// Check says everything that is wrong with the rules.
func (r *Rules) Check() *Checked {
	c := &Checked{Problems: []RuleFault{}, Warnings: []RuleFault{}}
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
	for _, list := range [...][]RuleFault{c.Problems, c.Warnings} {
		slices.SortStableFunc(list, func(a, b RuleFault) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
	}
	return c
}
