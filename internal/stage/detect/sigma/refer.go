package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"warder/internal/stage/detect"
)

// outcome is how far a correlation was put together.
type outcome uint8

const (
	unsettled outcome = iota
	settling          // its rules are being looked at
	settled
	unusable
)

// correlate reads the correlations, now that all rules are known: a correlation
// that another one counts comes before it. A rule that is counted makes no alert
// by itself unless a correlation says "generate".
func (l *loader) correlate() {
	for _, e := range l.order {
		if !e.replaced && e.compiled != nil && e.doc.ours.Once != nil {
			l.once(e)
		}
	}
	for _, e := range l.order {
		if !e.replaced && !e.doc.ours.Off && e.rule.Kind == detect.KindCorrelation {
			l.settle(e, nil)
		}
	}
	for i := range l.set.Correlations {
		l.set.Correlations[i].Names = l.set.tables.Aliases
	}
	l.hush()
}

// hush notes of every rule whether it makes alerts of its own, now that it is
// known what counts what.
func (l *loader) hush() {
	for _, e := range l.order {
		if e.compiled != nil {
			e.compiled.rule.Silent = !e.compiled.alert && e.doc.ours.Once == nil
		}
	}
	for i := range l.set.Correlations {
		c := &l.set.Correlations[i]
		c.Rule.Silent = c.Silent
	}
}

// once turns "one alert per group and time" into a correlation that the first
// hit meets.
func (l *loader) once(e *entry) {
	window, err := timespan(e.doc.ours.Once.Within)
	if err != nil {
		return // it was read before
	}
	e.compiled.alert, e.compiled.count = false, true
	l.set.Correlations = append(l.set.Correlations, detect.Correlation{
		Rule: e.compiled.rule, Of: []string{e.rule.ID}, Type: detect.EventCount, GroupBy: e.doc.ours.Once.By,
		Window: window, Bounds: []detect.Bound{{Op: "gte", Value: 1}},
	})
}

// deepestChain bounds how many correlations may count one another in a row.
const deepestChain = 20

// settle puts a correlation together, after those that it counts; way is the
// correlations that led here.
func (l *loader) settle(e *entry, way []*entry) {
	if l.settled[e.rule.ID] != unsettled {
		return
	}
	l.settled[e.rule.ID] = settling
	c, err := e.doc.correlated(e.rule, func(name string) (detect.Rule, error) { return l.refer(name, append(way, e)) })
	if err != nil {
		l.settled[e.rule.ID] = unusable
		l.fail(e.rule, at(e.doc.correlation, err))
		return
	}
	l.settled[e.rule.ID] = settled
	l.set.Correlations = append(l.set.Correlations, c)
	for _, id := range c.Of {
		l.counted(l.entries[id], e.doc.generate || generates(e.doc))
	}
}

func generates(d *document) bool {
	c, err := readCounting(d.correlation)
	return err == nil && c.generate
}

// refer finds what a correlation counts.
func (l *loader) refer(name string, way []*entry) (rule detect.Rule, err error) {
	e := l.find(name)
	switch {
	case e == nil:
		return rule, errors.New(l.missing(name))
	case e.rule.Kind == detect.KindFilter:
		return rule, fmt.Errorf("%q is a filter, which cannot be counted", name)
	}
	if e.rule.Kind != detect.KindCorrelation {
		return e.rule, nil
	}
	if i := slices.Index(way, e); i >= 0 {
		return rule, fmt.Errorf("the correlations count one another in a circle: %s", circle(way[i:]))
	}
	if len(way) >= deepestChain {
		return rule, fmt.Errorf("more than %d correlations count one another in a row", deepestChain)
	}
	if l.settle(e, way); l.settled[e.rule.ID] == unusable {
		return rule, fmt.Errorf("the correlation %q could not be loaded", name)
	}
	return e.rule, nil
}

func circle(way []*entry) string {
	var names []string
	for _, e := range append(slices.Clone(way), way[0]) {
		name := e.rule.Name
		if name == "" {
			name = e.rule.ID
		}
		names = append(names, name)
	}
	return strings.Join(names, " -> ")
}

// counted notes that a correlation counts a rule, which may make alerts of its
// own too.
func (l *loader) counted(e *entry, generate bool) {
	if c := e.compiled; c != nil {
		if !c.count {
			c.alert = false
		}
		c.count, c.alert = true, c.alert || generate
		return
	}
	for i := range l.set.Correlations {
		if c := &l.set.Correlations[i]; c.Rule.ID == e.rule.ID {
			c.Silent = !generate && (c.Silent || !c.Counted)
			c.Counted = true
		}
	}
}
