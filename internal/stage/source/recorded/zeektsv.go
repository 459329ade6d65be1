package recorded

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"warder/internal/flow"
)

// zeek reads Zeek's tab-separated logs. Each record becomes the JSON that Zeek's
// own JSON writer would have written, with its log in "_path".
func (l *log) zeek(in *bufio.Reader) error {
	t := newTable(zeekPath(l.file))
	return l.lines(in, func(at int, line []byte) error {
		if line[0] == '#' {
			t.header(string(line))
			return nil
		}
		data, err := t.record(string(line))
		if err != nil {
			return l.refuse(at, line, err.Error())
		}
		return l.give(at, flow.Raw{Format: flow.FormatJSON, Data: data})
	})
}

// table is what the header lines said last. A file may hold several logs, one
// behind the other, each with its header.
type table struct {
	separator, set string
	empty, unset   string
	path           string
	fields, types  []string
}

func newTable(path string) *table {
	return &table{separator: "\t", set: ",", empty: "(empty)", unset: "-", path: path}
}

func (t *table) header(line string) {
	if value, ok := strings.CutPrefix(line, "#separator"); ok {
		*t = *newTable(t.path)
		t.separator = unescape(strings.TrimPrefix(value, " "))
		return
	}
	parts := strings.Split(line, t.separator)
	if len(parts) < 2 || t.separator == "" {
		return
	}
	switch parts[0] {
	case "#set_separator":
		t.set = parts[1]
	case "#empty_field":
		t.empty = parts[1]
	case "#unset_field":
		t.unset = parts[1]
	case "#path":
		t.path = parts[1]
	case "#fields":
		t.fields, t.types = parts[1:], nil
	case "#types":
		t.types = parts[1:]
	}
}

func (t *table) record(line string) ([]byte, error) {
	if t.fields == nil || t.separator == "" {
		return nil, fmt.Errorf("no line with #fields stands before it")
	}
	columns := strings.Split(line, t.separator)
	if len(columns) != len(t.fields) {
		return nil, fmt.Errorf("it has %d columns where #fields names %d", len(columns), len(t.fields))
	}
	out := bytes.NewBufferString("{")
	if t.path != "" {
		fmt.Fprintf(out, `"_path":%s`, quote(t.path))
	}
	for i, text := range columns {
		if text == t.unset {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		fmt.Fprintf(out, "%s:%s", quote(t.fields[i]), t.value(t.typeOf(i), text))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func (t *table) typeOf(i int) string {
	if i < len(t.types) {
		return t.types[i]
	}
	return "string"
}

// value writes a column as JSON. What does not look like its type stays text.
func (t *table) value(kind, text string) string {
	if inner, ok := elementType(kind); ok {
		return t.list(inner, text)
	}
	switch kind {
	case "bool":
		switch text {
		case "T":
			return "true"
		case "F":
			return "false"
		}
	case "count", "int", "port", "double", "interval", "time":
		if json.Valid([]byte(text)) {
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return text
			}
		}
	}
	if text == t.empty {
		return `""`
	}
	return quote(unescape(text))
}

func elementType(kind string) (string, bool) {
	for _, name := range [...]string{"set[", "vector[", "table["} {
		if inner, ok := strings.CutPrefix(kind, name); ok {
			return strings.TrimSuffix(inner, "]"), true
		}
	}
	return "", false
}

func (t *table) list(kind, text string) string {
	if text == t.empty || t.set == "" {
		return "[]"
	}
	items := strings.Split(text, t.set)
	for i, item := range items {
		if item == t.unset {
			items[i] = "null"
		} else {
			items[i] = t.value(kind, item)
		}
	}
	return "[" + strings.Join(items, ",") + "]"
}

// unescape undoes \x09 and \\. Bytes that make no valid text stay written so, as
// Zeek's JSON has them.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], `\x`) && i+4 <= len(s):
			if b, err := hex.DecodeString(s[i+2 : i+4]); err == nil {
				out = append(out, b...)
				i += 3
				continue
			}
		case strings.HasPrefix(s[i:], `\\`):
			i++
		}
		out = append(out, s[i])
	}
	if !utf8.Valid(out) {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return string(out)
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // a string cannot fail
	}
	return string(b)
}
