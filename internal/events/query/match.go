package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"warder/internal/flow"
)

// Names of the fields that are no attributes.
const (
	FieldID       = "id"
	FieldSource   = "source"
	FieldFormat   = "format"
	FieldSite     = "site"
	FieldCategory = "category"
	FieldAction   = "action"
	FieldAsset    = "asset" // ids of the assets that the event was resolved to
	// Ids of the assets in one role (flow.Role).
	FieldTarget     = "asset.target"
	FieldObserver   = "asset.observer"
	FieldOrigin     = "asset.origin"
	FieldPlace      = "asset.place"
	FieldUnknown    = "unknown" // identifiers that no asset carries
	FieldParseError = "parse_error"
	FieldExercise   = "exercise"
	// OriginalPrefix before a name means the sender's own field, also where the
	// name is one of Warder's.
	OriginalPrefix = "original."
)

// Match tells whether an event meets a query.
func Match(n Node, e *flow.Event) bool {
	switch n := n.(type) {
	case And:
		for _, inner := range n {
			if !Match(inner, e) {
				return false
			}
		}
		return true
	case Or:
		for _, inner := range n {
			if Match(inner, e) {
				return true
			}
		}
		return false
	case Not:
		return !Match(n.Node, e)
	case *Term:
		return n.match(e)
	}
	return false
}

func (t *Term) match(e *flow.Event) bool {
	if t.Everywhere() {
		return t.everywhere(e)
	}
	if fixed, ok := FixedValues(e, t.Field); ok {
		return anyOf(fixed, t.Value)
	}
	if v, ok := e.Attributes[t.Field]; ok && t.Value(v) {
		return true
	}
	return t.original != "" && Original(e, t.original, t.Value)
}

// Original returns the name by which the term's field is sought in the sender's
// own record, empty for the words of Warder's vocabulary: those are attributes only.
func (t *Term) Original() string { return t.original }

// everywhere looks at every text of an event: its own fields, its attributes,
// the sender's values and the bytes as they came.
func (t *Term) everywhere(e *flow.Event) bool {
	for _, field := range []string{FieldID, FieldSource, FieldFormat, FieldSite, FieldCategory, FieldAction,
		FieldAsset, FieldUnknown, FieldParseError, FieldExercise} {
		if values, _ := FixedValues(e, field); anyOf(values, t.Value) {
			return true
		}
	}
	for _, v := range e.Attributes {
		if t.Value(v) {
			return true
		}
	}
	return len(e.Raw) > 0 && t.Value(string(e.Raw)) || Leaves(e.Original, t.Value)
}

func anyOf(values []string, holds func(string) bool) bool {
	for _, v := range values {
		if holds(v) {
			return true
		}
	}
	return false
}

// newTerm prepares a term of a field. What rules call event.category and so on is
// category here, and the other way of writing it is read too.
func newTerm(field string) *Term {
	switch field {
	case "event." + FieldCategory, "event." + FieldAction, "event." + FieldSource, "event." + FieldSite, "event." + FieldFormat:
		field = strings.TrimPrefix(field, "event.")
	}
	t := &Term{Field: field, original: field}
	if name, ok := strings.CutPrefix(field, OriginalPrefix); ok {
		t.original = name
		return t
	}
	for _, a := range flow.Vocabulary() {
		if a.Name == field {
			t.original, t.words = "", a.Unit == "words"
		}
	}
	return t
}

// FixedValues returns the values of a field that is no attribute; an empty one
// counts as absent. It reports false for other names.
func FixedValues(e *flow.Event, field string) ([]string, bool) {
	one := func(s string) ([]string, bool) {
		if s == "" {
			return nil, true
		}
		return []string{s}, true
	}
	switch field {
	case FieldID:
		return one(e.ID)
	case FieldSource:
		return one(e.Source)
	case FieldFormat:
		return one(string(e.Format))
	case FieldSite:
		return one(e.Site)
	case FieldCategory:
		return one(string(e.Category))
	case FieldAction:
		return one(e.Action)
	case FieldParseError:
		return one(e.ParseError)
	case FieldExercise:
		return one(e.Exercise)
	case FieldAsset:
		var out []string
		for _, a := range e.Assets {
			out = append(out, a.ID)
		}
		return out, true
	case FieldTarget, FieldObserver, FieldOrigin, FieldPlace:
		var out []string
		for _, a := range e.Assets {
			if string(a.Role) == strings.TrimPrefix(field, FieldAsset+".") {
				out = append(out, a.ID)
			}
		}
		return out, true
	case FieldUnknown:
		var out []string
		for _, u := range e.Unknown {
			out = append(out, u.Value)
		}
		return out, true
	}
	return nil, false
}

// Original calls holds for the values at a dotted name in a sender's record
// until it returns true, and reports whether it did. A dot may separate levels
// or belong to a key; lists stand for each of their values; the objects that
// shippers wrap a record in need not be named (flow.Event.Scopes).
func Original(e *flow.Event, name string, holds func(string) bool) bool {
	return slices.ContainsFunc(e.Scopes(), func(scope map[string]any) bool { return at(scope, name, holds) })
}

func at(v any, name string, holds func(string) bool) bool {
	switch v := v.(type) {
	case map[string]any:
		if inner, ok := v[name]; ok && values(inner, holds) {
			return true
		}
		for i := range len(name) {
			if name[i] != '.' {
				continue
			}
			if inner, ok := v[name[:i]]; ok && at(inner, name[i+1:], holds) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if at(inner, name, holds) {
				return true
			}
		}
	}
	return false
}

// values calls holds for a value, or for each of a list.
func values(v any, holds func(string) bool) bool {
	switch v := v.(type) {
	case nil, map[string]any:
		return false
	case []any:
		for _, inner := range v {
			if values(inner, holds) {
				return true
			}
		}
		return false
	default:
		return holds(text(v))
	}
}

// Leaves calls holds for every value in a sender's record until it returns true,
// and reports whether it did.
func Leaves(v any, holds func(string) bool) bool {
	switch v := v.(type) {
	case nil:
		return false
	case map[string]any:
		for _, inner := range v {
			if Leaves(inner, holds) {
				return true
			}
		}
		return false
	case []any:
		for _, inner := range v {
			if Leaves(inner, holds) {
				return true
			}
		}
		return false
	default:
		return holds(text(v))
	}
}

// text writes a value as people would: 4688, not 4.688e+03.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return fmt.Sprint(v)
}
