package inspect

import (
	"net/url"
	"strconv"
	"strings"
)

// Place is where a record stands.
type Place struct {
	File string `json:"file"`
	At   int    `json:"at" doc:"the line, or the number of the record in event logs; from 1"`
}

// String gives "file:at", which editors open.
func (p Place) String() string {
	if p.At == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.At)
}

// writer puts the place into an event's id, so that what is counted still tells
// from where it came. Writers hold no dot.
func (p Place) writer() string {
	return strings.ReplaceAll(url.QueryEscape(p.File), ".", "%2E") + ":" + strconv.Itoa(p.At)
}

// placeOf reads the place out of an event's id.
func placeOf(id string) Place {
	writer, _, _ := strings.Cut(id, ".")
	escaped, at, _ := strings.Cut(writer, ":")
	file, err := url.QueryUnescape(escaped)
	if err != nil {
		return Place{File: id}
	}
	n, err := strconv.Atoi(at)
	if err != nil {
		return Place{File: id}
	}
	return Place{File: file, At: n}
}
