package normalise

import (
	"maps"
	"slices"
	"strings"
)

// deepestXML is how deep elements are looked at; an event of Windows has four.
const deepestXML = 6

// unwrapXML makes of an event that a converter wrote as XML in JSON what rules
// name: an element with attributes and text becomes its text, its attributes stand
// beside it under its name and "_attributes"; a list of <Data Name="X"> becomes
// fields of those names. Attributes written "@X" become "#attributes". So a rule
// that asks for EventID 7045 meets {"#attributes": {"Qualifiers": 16384}, "#text": 7045}.
func unwrapXML(m map[string]any, depth int) {
	if depth == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		switch v := m[name].(type) {
		case map[string]any:
			gatherAttributes(v)
			text, has := v["#text"]
			if !has {
				unwrapXML(v, depth-1)
				continue
			}
			m[name] = text
			if attributes := obj(v, "#attributes"); len(attributes) > 0 {
				m[name+"_attributes"] = attributes
			}
		case []any:
			unwrapList(m, name, v)
		}
	}
}

// gatherAttributes collects attributes that a converter marked by an "@".
func gatherAttributes(element map[string]any) {
	for name, v := range element {
		plain, marked := strings.CutPrefix(name, "@")
		if !marked {
			continue
		}
		attributes, ok := element["#attributes"].(map[string]any)
		if !ok {
			attributes = map[string]any{}
			element["#attributes"] = attributes
		}
		attributes[plain] = v
		delete(element, name)
	}
}

// unwrapList takes <Data Name="X"> out of a list, and leaves the texts of the others.
func unwrapList(m map[string]any, name string, items []any) {
	var rest []any
	for _, item := range items {
		element, ok := item.(map[string]any)
		if !ok {
			rest = append(rest, item)
			continue
		}
		gatherAttributes(element)
		given, text := str(obj(element, "#attributes")["Name"]), element["#text"]
		switch {
		case name == "Data" && given != "":
			m[given] = text
		case text != nil:
			rest = append(rest, text)
		default:
			rest = append(rest, element)
		}
	}
	if m[name] = rest; rest == nil {
		delete(m, name)
	}
}
