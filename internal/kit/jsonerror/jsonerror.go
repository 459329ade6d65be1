// Package jsonerror says in few words why a text is no JSON.
package jsonerror

import "strings"

// Brief shortens a message of the parser, which names every list and object
// around the fault and quotes the rest of the text: what is left is the fault.
func Brief(err error) string {
	text, _, _ := strings.Cut(err.Error(), "; unparsed tail")
	for {
		rest, ok := cutAround(text)
		if !ok {
			break
		}
		text = rest
	}
	const most = 160
	return strings.ToValidUTF8(text[:min(len(text), most)], "\uFFFD")
}

// cutAround takes one naming of what stands around the fault off.
func cutAround(text string) (string, bool) {
	for _, around := range [...]string{
		"cannot parse JSON: ", "cannot parse array: ", "cannot parse array value: ", "cannot parse object: ", "cannot parse object value: ",
	} {
		if rest, ok := strings.CutPrefix(text, around); ok {
			return rest, true
		}
	}
	return text, false
}
