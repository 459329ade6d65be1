package detect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Meaning is a fingerprint of what a correlation remembers of the hits that it
// counts: which rules, by which fields, how long. State outlives a change of the
// rules as long as this is the same; thresholds, conditions and texts may change,
// since they are only asked when the next hit comes.
func (c *Correlation) Meaning() string {
	var b strings.Builder
	line := func(name string, parts ...string) { fmt.Fprintf(&b, "%s %q\n", name, parts) }
	line("type", string(c.remembers()))
	line("of", c.Of...)
	line("by", c.GroupBy...)
	line("fields", c.values()...)
	line("window", c.Window.String())
	for _, alias := range slices.Sorted(maps.Keys(c.Aliases)) {
		for _, rule := range slices.Sorted(maps.Keys(c.Aliases[alias])) {
			line("alias", alias, rule, c.Aliases[alias][rule])
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

// remembers is the type, where another percentile remembers other things.
func (c *Correlation) remembers() CorrelationType {
	if c.Type == ValuePercentile && c.Percentile == nil {
		return c.Type + "/share"
	}
	return c.Type
}

// values are the fields whose values count, none for types that count hits.
func (c *Correlation) values() []string {
	if c.Field == "" || !c.Valued() {
		return nil
	}
	return append([]string{c.Field}, c.AndFields...)
}

// Valued tells types that count values of a field.
func (c *Correlation) Valued() bool {
	return c.Type == ValueCount || c.Numeric() || c.Type == ValuePercentile
}

// Numeric tells types whose values must be numbers.
func (c *Correlation) Numeric() bool {
	return c.Type == ValueSum || c.Type == ValueAvg || c.Type == ValuePercentile && c.Percentile != nil
}

// Single tells correlations that one event meets by itself: those that only
// keep repetitions silent.
func (c *Correlation) Single() bool {
	return c.Type == EventCount && !slices.ContainsFunc(c.Bounds, func(b Bound) bool { return !b.Holds(1) }) &&
		!(c.EachRule && len(c.Of) > 1)
}
