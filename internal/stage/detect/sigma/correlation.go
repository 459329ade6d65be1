package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
)

// counting is the correlation section of a document (Sigma correlation rules
// specification 2.1).
type counting struct {
	kind      string
	rules     []string
	spellings []string // what each of the rules is called too
	groupBy   []string
	timespan  string
	generate  bool
	condition *yaml.Node
	aliases   *yaml.Node
}

func readCounting(n *yaml.Node) (c counting, err error) {
	err = pairs(n, func(key, value *yaml.Node) error {
		var err error
		switch key.Value {
		case "type":
			err = readText(value, &c.kind)
		case "rules":
			err = readTexts(value, &c.rules)
		case "group-by":
			err = readTexts(value, &c.groupBy)
		case "timespan":
			err = readText(value, &c.timespan)
		case "generate":
			err = value.Decode(&c.generate)
		case "condition":
			c.condition = value
		case "aliases":
			c.aliases = value
		default:
			err = errors.New("is not known")
		}
		if err != nil {
			return at(value, fmt.Errorf("correlation.%s: %w", key.Value, err))
		}
		return nil
	})
	return c, err
}

// refer finds a rule by its id or name.
type refer func(name string) (detect.Rule, error)

// correlation reads the section.
func (d *document) correlated(r detect.Rule, find refer) (detect.Correlation, error) {
	out := detect.Correlation{Rule: r, EachRule: d.ours.EachRule}
	c, err := readCounting(d.correlation)
	if err != nil {
		return out, err
	}
	out.Type, out.GroupBy = detect.CorrelationType(c.kind), c.groupBy
	if out.Window, err = timespan(c.timespan); err != nil {
		return out, fmt.Errorf("correlation.timespan: %w", err)
	}
	if len(c.rules) == 0 {
		return out, errors.New("correlation.rules: want at least one rule")
	}
	for _, name := range c.rules {
		other, err := find(name)
		if err != nil {
			return out, fmt.Errorf("correlation.rules: %w", err)
		}
		out.Of = append(out.Of, other.ID)
		c.spellings = append(c.spellings, otherSpelling(name, &other))
	}
	if out.Aliases, err = c.renamed(find); err != nil {
		return out, err
	}
	if err := c.conditions(&out); err != nil {
		return out, at(c.condition, fmt.Errorf("correlation.%w", err))
	}
	return out, nil
}

// otherSpelling gives a rule's name where it was referred to by its id, and the
// id where it was by its name.
func otherSpelling(name string, r *detect.Rule) string {
	if name == r.ID && r.Name != "" {
		return r.Name
	}
	return r.ID
}

// renamed reads the aliases: alias -> rule -> field, with the rules' ids.
func (c *counting) renamed(find refer) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	if c.aliases == nil {
		return out, nil
	}
	err := pairs(c.aliases, func(alias, fields *yaml.Node) error {
		out[alias.Value] = map[string]string{}
		return pairs(fields, func(rule, field *yaml.Node) error {
			other, err := find(rule.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", alias.Value, err)
			}
			var name string
			err = readText(field, &name)
			out[alias.Value][other.ID] = name
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("correlation.aliases: %w", err)
	}
	return out, nil
}

// conditions reads the condition as the type wants it.
func (c *counting) conditions(out *detect.Correlation) error {
	temporal := out.Type == detect.Temporal || out.Type == detect.TemporalOrdered
	if c.condition != nil && temporal && c.condition.Kind == yaml.ScalarNode {
		return c.extended(out)
	}
	if c.condition != nil {
		if err := pairs(c.condition, func(key, value *yaml.Node) error { return bound(out, key.Value, value) }); err != nil {
			return fmt.Errorf("condition: %w", err)
		}
	}
	fields := 0
	if out.Field != "" {
		fields = 1 + len(out.AndFields)
	}
	switch out.Type {
	case detect.Temporal, detect.TemporalOrdered:
		if fields > 0 {
			return fmt.Errorf("condition: %s counts no field", out.Type)
		}
		return nil
	case detect.EventCount:
		if fields > 0 {
			return errors.New("condition: event_count counts no field; value_count does")
		}
	case detect.ValueCount:
		if fields == 0 {
			return errors.New("condition: want the field whose values are counted")
		}
	case detect.ValueSum, detect.ValueAvg, detect.ValuePercentile:
		if fields != 1 {
			return fmt.Errorf("condition: %s wants one field", out.Type)
		}
	default:
		return fmt.Errorf("type %q is none of event_count, value_count, value_sum, value_avg, value_percentile, temporal, temporal_ordered", out.Type)
	}
	switch {
	case len(out.Bounds) == 0:
		return errors.New("condition: want a bound such as gte")
	case out.Percentile != nil && out.Type != detect.ValuePercentile:
		return errors.New("condition.percentile: is for value_percentile")
	}
	return nil
}

// bound reads one line of the condition: {gte: 10, field: user}.
func bound(out *detect.Correlation, key string, value *yaml.Node) error {
	switch key {
	case "field":
		var fields []string
		if err := readTexts(value, &fields); err != nil || len(fields) == 0 {
			return errors.New("field: want the name of a field")
		}
		out.Field, out.AndFields = fields[0], fields[1:]
		return nil
	case "gt", "gte", "lt", "lte", "eq", "neq", "percentile":
	default:
		return fmt.Errorf("%q is not known", key)
	}
	n, ok := numberOf(value.Value)
	if value.Kind != yaml.ScalarNode || !ok {
		return fmt.Errorf("%s: %q is no number", key, value.Value)
	}
	if key == "percentile" {
		if n < 0 || n > 100 {
			return fmt.Errorf("percentile: %s is not between 0 and 100", value.Value)
		}
		out.Percentile = &n
		return nil
	}
	if counts(out.Type) && n != float64(int64(n)) {
		return fmt.Errorf("%s: %q is no whole number", key, value.Value)
	}
	out.Bounds = append(out.Bounds, detect.Bound{Op: key, Value: n})
	return nil
}

// counts tells types whose bounds are about how many there are.
func counts(t detect.CorrelationType) bool {
	return t != detect.ValueSum && t != detect.ValueAvg && t != detect.ValuePercentile
}

// extended reads a boolean expression over the rules, each by its id or its name,
// whichever "rules" has. It is not in
// the specification 2.1, but in what is published with it.
func (c *counting) extended(out *detect.Correlation) error {
	e, err := (&conditionParser{names: c.rules, also: c.spellings, noun: "rule"}).parse(c.condition.Value)
	if err != nil {
		return err
	}
	x, err := overRules(e, out.Of)
	if err != nil {
		return err
	}
	ways, ok := x.Clauses()
	switch {
	case !ok:
		return fmt.Errorf("condition: may be met in more than %d ways", detect.MostClauses)
	case len(ways) == 0:
		return errors.New("condition: cannot be met")
	case slices.ContainsFunc(ways, func(c detect.Clause) bool { return len(c.With) == 0 }):
		return errors.New("condition: would be met by nothing; name a rule that must have a hit")
	}
	out.Condition = &x
	return nil
}

// overRules gives a condition over selections, each of which stands for a rule.
func overRules(e expr, ids []string) (detect.Expr, error) {
	op, list := detect.ExprAnd, []expr(nil)
	switch e := e.(type) {
	case one:
		return detect.Expr{Op: detect.ExprRule, Rule: ids[e.sel]}, nil
	case not:
		op, list = detect.ExprNot, []expr{e.of}
	case all:
		list = e.of
	case some:
		if list = e.of; e.need == 1 {
			op = detect.ExprOr
		} else if e.need < len(e.of) {
			return detect.Expr{}, fmt.Errorf("condition: %d of several rules is not supported; write a map with gte", e.need)
		}
	}
	out := detect.Expr{Op: op}
	for _, x := range list {
		made, err := overRules(x, ids)
		if err != nil {
			return out, err
		}
		out.Of = append(out.Of, made)
	}
	return out, nil
}

// longestWindow bounds what a correlation must remember.
const longestWindow = 31 * 24 * time.Hour

// timespan reads a number and a unit: 15s, 30m, 1h, 2d, and beyond the
// specification 1w.
func timespan(s string) (time.Duration, error) {
	if len(s) < 2 {
		return 0, fmt.Errorf("want a number and a unit such as 5m, have %q", s)
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 31)
	unit := map[byte]time.Duration{
		's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	}[s[len(s)-1]]
	if err != nil || unit == 0 || n == 0 {
		return 0, fmt.Errorf("want a number and one of s, m, h, d, w, have %q", s)
	}
	if n > uint64(longestWindow/unit) {
		return 0, fmt.Errorf("%s is longer than the 31 days that are remembered", s)
	}
	return time.Duration(n) * unit, nil
}
