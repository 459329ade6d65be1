package flow

import "strings"

// Scopes lists the objects of Original in which a field of the sender's is
// looked up by its name, in order: the record itself first, then the objects
// that converters of Windows events and log shippers wrap it in. It returns nil
// when there is no Original.
func (e *Event) Scopes() []map[string]any {
	if e.Original == nil {
		return nil
	}
	scopes := append(make([]map[string]any, 0, 4), e.Original)
	root := e.Original
	for _, path := range [...][2]string{
		{"Event", "EventData"}, {"Event", "System"}, {"Event", "UserData"}, // EVTX converters
		{"winlog", "event_data"}, {"winlog", ""}, {"log", ""}, // log shippers
	} {
		at, ok := root[path[0]].(map[string]any)
		if ok && path[1] != "" {
			at, ok = at[path[1]].(map[string]any)
		}
		if ok {
			scopes = append(scopes, at)
		}
	}
	return unwrapUserData(scopes, root)
}

// unwrapUserData adds the one object inside UserData, whose name differs with
// the provider. Of two it would be chance which came first, so neither is.
func unwrapUserData(scopes []map[string]any, root map[string]any) []map[string]any {
	event, _ := root["Event"].(map[string]any)
	data, _ := event["UserData"].(map[string]any)
	if len(data) > 2 {
		return scopes
	}
	var only map[string]any
	for name, v := range data {
		inner, ok := v.(map[string]any)
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if only != nil {
			return scopes
		}
		only = inner
	}
	if only == nil {
		return scopes
	}
	return append(scopes, only)
}
