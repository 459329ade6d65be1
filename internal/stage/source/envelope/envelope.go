// Package envelope takes records out of the object in which cloud services hand
// them over: the files and messages of CloudTrail ("Records") and of Azure's
// diagnostics ("records"), and the answers of Microsoft's ("value") and Google's
// ("entries") interfaces. What else such an object may hold belongs to the paging.
package envelope

import (
	"bytes"
	"encoding/json"
)

// Element is one record, and where it begins in its envelope.
type Element struct {
	Data []byte
	At   int
}

// Open takes the records out of an object that is an envelope and nothing else:
// a list of objects beside nothing but paging. Of any other object it gives none.
func Open(data []byte) []Element {
	if !mayBe(data) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return nil
	}
	var list []Element
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil
		}
		switch name, _ := key.(string); {
		case isList(name) && list == nil:
			list = elements(d)
		case isPaging(name):
			err = d.Decode(new(json.RawMessage))
		default:
			return nil
		}
		if err != nil || list == nil && isList(key.(string)) {
			return nil
		}
	}
	if _, err := d.Token(); err != nil || len(bytes.TrimSpace(data[d.InputOffset():])) > 0 {
		return nil
	}
	return list
}

// elements reads a list, whose elements must be objects.
func elements(d *json.Decoder) (list []Element) {
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return nil
	}
	for d.More() {
		var one json.RawMessage
		if err := d.Decode(&one); err != nil || one[0] != '{' {
			return nil
		}
		list = append(list, Element{one, int(d.InputOffset()) - len(one)})
	}
	if _, err := d.Token(); err != nil {
		return nil
	}
	return list
}

// Begins tells of the beginning of an object that is too large to be looked at
// whole whether it is an envelope, and how many bytes stand before the first
// record; 0 when it is none.
func Begins(head []byte) int {
	if !mayBe(head) {
		return 0
	}
	d := json.NewDecoder(bytes.NewReader(head))
	if _, err := d.Token(); err != nil {
		return 0
	}
	for {
		key, err := d.Token()
		name, _ := key.(string)
		if err != nil || !isList(name) && !isPaging(name) {
			return 0
		}
		value, err := d.Token()
		switch {
		case err != nil:
			return 0
		case isList(name) && value == json.Delim('['):
			n := int(d.InputOffset())
			if bytes.HasPrefix(bytes.TrimLeft(head[n:], " \t\r\n"), []byte("{")) {
				return n
			}
			return 0
		case isList(name):
			return 0
		}
		if _, nested := value.(json.Delim); nested {
			return 0
		}
	}
}

// Ends tells of what stands behind the list of an envelope that was gone through
// without looking at it whole, its brace included, whether it is nothing but paging.
func Ends(tail []byte) bool {
	return len(Open(append([]byte(`{"records":[{}]`), tail...))) == 1
}

// Beside is why what stands behind a list is kept by itself where it is more.
const Beside = "something else than paging stands behind the records of an envelope that is larger than one record"

// mayBe spares every other record the reading: an envelope's first name is one of
// few.
func mayBe(data []byte) bool {
	data, ok := bytes.CutPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
	if !ok {
		return false
	}
	data, ok = bytes.CutPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte(`"`))
	name, _, closed := bytes.Cut(data[:min(len(data), longestName+1)], []byte(`"`))
	return ok && closed && (isList(string(name)) || isPaging(string(name)))
}

const longestName = len("@odata.nextLink")

func isList(name string) bool {
	switch name {
	case "Records", "records", "value", "entries":
		return true
	}
	return false
}

func isPaging(name string) bool {
	switch name {
	case "@odata.context", "@odata.count", "@odata.nextLink", "nextLink", "nextPageToken":
		return true
	}
	return false
}
