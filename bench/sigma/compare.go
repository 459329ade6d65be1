package main

import (
	"cmp"
	"slices"
)

// difference is a rule about which engines disagree, and who is right.
type difference struct {
	Rule  string   `json:"rule"`
	Pairs int      `json:"pairs"`
	Right []string `json:"right_about_all"`
	Wrong []string `json:"wrong_about_some"`
}

// compare holds every engine against the oracle on the events that all of them
// got through.
func compare(outcomes []outcome, files []ruleFile, events []sample) (agreed, union int, list []difference) {
	for i := range outcomes {
		if n := outcomes[i].Events; n < len(events) {
			events = events[:n]
		}
	}
	byRule := map[int]*difference{}
	wrong := map[int]map[string]bool{}
	for e := range events {
		for _, n := range events[e].rules {
			truth := files[n].rule.Holds(events[e].truth)
			said, differ := 0, false
			for i := range outcomes {
				o := &outcomes[i]
				says := o.pairs[pair{n, e}]
				if says {
					said++
				}
				if says == truth {
					continue
				}
				differ = true
				o.blame(says, n)
				if wrong[n] == nil {
					wrong[n] = map[string]bool{}
				}
				wrong[n][o.Engine] = true
			}
			if said > 0 {
				union++
			}
			if said == len(outcomes) {
				agreed++
			}
			if differ {
				if byRule[n] == nil {
					byRule[n] = &difference{Rule: files[n].path}
				}
				byRule[n].Pairs++
			}
		}
	}
	for n, d := range byRule {
		for i := range outcomes {
			if name := outcomes[i].Engine; wrong[n][name] {
				d.Wrong = append(d.Wrong, name)
			} else {
				d.Right = append(d.Right, name)
			}
		}
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b difference) int { return cmp.Or(b.Pairs-a.Pairs, cmp.Compare(a.Rule, b.Rule)) })
	return agreed, union, list
}

func (o *outcome) blame(said bool, rule int) {
	switch {
	case said:
		o.Wrong++
	case o.loaded[rule]:
		o.Missed++
	default:
		o.NotLoaded++
	}
}
