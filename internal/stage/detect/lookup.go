package detect

import (
	"strings"

	"warder/internal/flow"
)

// Lookup finds a field of an event by the name that rules use: "event.action"
// and its like, "asset.target" and its like, a word of the vocabulary, or one of
// the sender's own names, whole or dotted. Names of the sender's are compared
// exactly, as Sigma does.
func Lookup(ev *flow.Event, scopes []map[string]any, name string) (any, bool) {
	if text, ok, final := Told(ev, name); final {
		return text, ok
	}
	if v, ok := Sent(scopes, name); ok {
		return v, true
	}
	v, ok := ev.Attributes[name]
	return v, ok
}

// Told is the part of Lookup that comes first: what the event itself says. It is
// final when nothing that the sender named so counts.
func Told(ev *flow.Event, name string) (text string, ok, final bool) {
	if text, ok := ev.Attributes[name]; ok && name != flow.AttrMessage {
		return text, true, true
	}
	text, own := own(ev, name)
	return text, own && text != "", own
}

// Sent is the part of Lookup that comes next: what the sender named so.
func Sent(scopes []map[string]any, name string) (any, bool) {
	for _, scope := range scopes {
		if v, ok := scope[name]; ok {
			return v, true
		}
	}
	if strings.Contains(name, ".") {
		for _, scope := range scopes {
			if v, ok := dotted(scope, name); ok {
				return v, true
			}
		}
	}
	return nil, false
}

// own gives the fields that every event has.
func own(ev *flow.Event, name string) (string, bool) {
	switch name {
	case "event.category":
		return string(ev.Category), true
	case "event.action":
		return ev.Action, true
	case "event.source":
		return ev.Source, true
	case "event.site":
		return ev.Site, true
	case "event.format":
		return string(ev.Format), true
	case "asset.target", "asset.observer", "asset.origin", "asset.place":
		return assetIn(ev, flow.Role(strings.TrimPrefix(name, "asset."))), true
	}
	return "", false
}

func assetIn(ev *flow.Event, role flow.Role) string {
	for _, a := range ev.Assets {
		if a.Role == role {
			return a.ID
		}
	}
	return ""
}

// dotted follows a path of keys; on the way each key may itself hold dots.
func dotted(m map[string]any, path string) (any, bool) {
	for i := 0; i < len(path); i++ {
		if path[i] != '.' {
			continue
		}
		next, ok := m[path[:i]].(map[string]any)
		if !ok {
			continue
		}
		rest := path[i+1:]
		if v, ok := next[rest]; ok {
			return v, true
		}
		if v, ok := dotted(next, rest); ok {
			return v, true
		}
	}
	return nil, false
}
