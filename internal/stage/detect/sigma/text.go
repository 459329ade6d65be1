package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of what is read, in bytes and documents.
const (
	largestFile     = 16 << 20
	largestDocument = 1 << 20
	mostDocuments   = 20_000
)

// part is a stretch of a file from one document separator to the next.
type part struct {
	file *file
	text []byte
	line int // of its first line, from 1
}

// file is the text of a file as it was read: what people are shown is what is
// evaluated, whatever becomes of the file.
type file struct {
	name string
	text []byte
}

// parts cuts a file at its document separators. YAML forbids a line that begins
// with "---" inside of anything (YAML 1.2.2, rule c-forbidden), so this needs no
// parser, and one broken document does not take the others along. What stands
// before the first separator and is only comments and directives belongs to the
// document that follows.
func (f *file) parts() []part {
	var list []part
	begin, from, line, content := 0, 1, 1, false
	for at := 0; at < len(f.text); line++ {
		end := len(f.text)
		if i := bytes.IndexByte(f.text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		row := f.text[at:end]
		if content && separates(row) {
			list = append(list, part{f, f.text[begin:at], from})
			begin, from, content = at, line, false
		}
		content = content || separates(row) || !empty(row)
		at = end
	}
	return append(list, part{f, f.text[begin:], from})
}

func separates(row []byte) bool {
	return bytes.HasPrefix(row, []byte("---")) && (len(row) == 3 || row[3] == ' ' || row[3] == '\t' || row[3] == '\r' || row[3] == '\n')
}

// empty tells lines that are no content: blank ones, comments and directives.
func empty(row []byte) bool {
	row = bytes.TrimSpace(row)
	return len(row) == 0 || row[0] == '#' || row[0] == '%'
}

// trees parses a part. It is one document, or none; several only if its lines end
// in something else than a line feed, or "..." ends one of them.
func (p part) trees() (list []*yaml.Node, err error) {
	if len(p.text) > largestDocument {
		return nil, &located{p.line, fmt.Errorf("has %d bytes; a document may have %d", len(p.text), largestDocument)}
	}
	defer func() {
		if r := recover(); r != nil { // the parser gives way on some broken input
			err = &located{p.line, fmt.Errorf("read YAML: %v", r)}
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(unversioned(p.text)))
	for {
		root := &yaml.Node{}
		err := dec.Decode(root)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, p.broken(err)
		}
		if len(root.Content) == 0 || isNothing(root.Content[0]) {
			continue // an empty document between two separators
		}
		p.shift(root)
		list = append(list, root.Content[0])
	}
}

// unversioned blanks a directive "%YAML 1.2": the specification names that
// version, the parser knows of 1.1 only.
func unversioned(text []byte) []byte {
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		row := text[at:end]
		if bytes.HasPrefix(row, []byte("%YAML 1.")) {
			return slices.Concat(text[:at], bytes.Repeat([]byte{' '}, len(row)), text[end:])
		}
		if !empty(row) {
			break
		}
		at = end + 1
	}
	return text
}

// shift makes the lines of a tree those of the file.
func (p part) shift(n *yaml.Node) {
	if p.line == 1 {
		return
	}
	n.Line += p.line - 1
	for _, inner := range n.Content {
		p.shift(inner)
	}
}

// broken takes the line out of the parser's error.
func (p part) broken(err error) error {
	cause := strings.TrimPrefix(err.Error(), "yaml: ")
	line := p.line
	if rest, ok := strings.CutPrefix(cause, "line "); ok {
		if number, what, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, cause = p.line+n-1, what
			}
		}
	}
	return &located{line, fmt.Errorf("read YAML: %s", cause)}
}
