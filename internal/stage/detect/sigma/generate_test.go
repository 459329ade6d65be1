package sigma_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// maker draws rules and events that have to do with each other: both are made of
// the same few texts.
type maker struct {
	*rapid.T
	words []string
}

func newMaker(t *rapid.T) *maker {
	word := rapid.StringOfN(rapid.SampledFrom([]rune(`aaAbBkKKsſSßẞéÉİıΣςσ*?\\-/–. 12%"<`+"\n\x00\u2028😀")), 0, 6, -1)
	return &maker{t, rapid.SliceOfN(word, 1, 4).Draw(t, "words")}
}

func pick[E any](m *maker, label string, list ...E) E {
	return rapid.SampledFrom(list).Draw(m.T, label)
}

func (m *maker) chance(of int) bool { return rapid.IntRange(1, of).Draw(m.T, "chance") == 1 }

// text gives one of the words, or what holds one.
func (m *maker) text() string {
	word := pick(m, "word", m.words...)
	switch pick(m, "text", "plain", "plain", "upper", "lower", "around", "twice", "dash") {
	case "dash":
		return strings.NewReplacer("-", "/", "/", "–", "–", "-").Replace(word)
	case "upper":
		return strings.ToUpper(word)
	case "lower":
		return strings.ToLower(word)
	case "around":
		return pick(m, "before", m.words...) + word + pick(m, "after", m.words...)
	case "twice":
		return word + "x" + word
	}
	return word
}

// --- events ---

func (m *maker) fields() []string {
	return []string{"f", "f", "f", "g", "h", "a.b", "a.b.c", "Image", "process.image"}
}

// object writes a JSON object; names may be those that rules ask for.
func (m *maker) object(depth int) string {
	if depth < 0 {
		return "{}"
	}
	var pairs []string
	for range rapid.IntRange(0, 5).Draw(m.T, "size") {
		name := pick(m, "name", append(m.fields(), "a", "b", "b.c", "c", "process", "image", "Event", "winlog")...)
		value := m.json(depth)
		switch name {
		case "Event":
			value = m.wrapped(depth - 1)
		case "a", "a.b":
			value = m.object(depth - 1)
		case "winlog":
			value = `{"event_data":` + m.object(depth-1) + `}`
		}
		pairs = append(pairs, m.quote(name)+":"+value)
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// wrapped writes what converters of Windows events put into "Event".
func (m *maker) wrapped(depth int) string {
	wrapper, inner := pick(m, "wrapper", "EventData", "System", "UserData"), m.object(depth)
	if wrapper == "UserData" && m.chance(2) {
		inner = `{"Provider":` + inner + `}`
	}
	return `{"` + wrapper + `":` + inner + `}`
}

func (m *maker) json(depth int) string {
	kind := pick(m, "kind", "text", "text", "text", "number", "other", "list", "object", "encoded", "date", "address")
	if depth <= 0 && (kind == "list" || kind == "object") {
		kind = "text"
	}
	switch kind {
	case "number":
		return m.number()
	case "other":
		return pick(m, "other", "null", "true", "false", `""`, "[]", "{}")
	case "list":
		var elements []string
		for range rapid.IntRange(0, 3).Draw(m.T, "elements") {
			elements = append(elements, m.json(depth-1))
		}
		return "[" + strings.Join(elements, ",") + "]"
	case "object":
		return m.object(depth - 1)
	}
	s := m.text()
	switch kind {
	case "encoded":
		s = base64.StdEncoding.EncodeToString([]byte(m.wide(m.text())))
	case "date":
		s = pick(m, "date", dates()...)
	case "address":
		s = pick(m, "address", addresses()...)
	}
	return m.quote(s)
}

// quote writes a JSON string in one of the ways in which it may be written.
func (m *maker) quote(s string) string {
	quoted, _ := json.Marshal(s)
	switch pick(m, "quote", "usual", "usual", "slashes", "numbers") {
	case "slashes":
		return strings.ReplaceAll(string(quoted), "/", `\/`)
	case "numbers":
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&b, pick(m, "digits", `\u%04x`, `\u%04X`), unit)
		}
		return `"` + b.String() + `"`
	}
	return string(quoted)
}

func (m *maker) wide(s string) string {
	if m.chance(2) {
		return s
	}
	var b strings.Builder
	high, low := 0, 8
	if m.chance(3) {
		high, low = 8, 0
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u >> high), byte(u >> low)})
	}
	return b.String()
}

// asText writes bytes as the characters of their numbers.
func asText(raw string) string {
	chars := make([]rune, len(raw))
	for i := range len(raw) {
		chars[i] = rune(raw[i])
	}
	return string(chars)
}

func (m *maker) number() string {
	return pick(m, "number", "1e64", "1e300", "-1e300", "1e-70", "5e-324", "0", "1", "2", "12", "-1", "1.5", "1.0", "10", "1e3", "1000", "-0", "0.1", "12e-1", "1e21",
		"4688", "9007199254740993", "18446744073709551615", "123456789012345678901234567890")
}

func dates() []string {
	return []string{"2026-01-02T05:59:00Z", "2026-01-02T06:00:00+01:00", "2026-01-02 05:00:00", "2026-01-02T05:00:00.123456Z", "2026-12-31", "5",
		"2026/01/02 05:00:00", "2026-01-02 05:00:00 -0100", " 2026-01-02 ", "1767330000", "1767330000123", "99999999"}
}

func addresses() []string {
	return []string{"10.0.0.1", "10.255.0.1", "192.168.1.1", "fe80::1", "FE80::1", "10.0.0", "::1", "010.0.0.1", " 10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"}
}

// --- rules ---

// rules draws a file of some rules, often with a filter.
func (m *maker) rules() []byte {
	var files []byte
	for i := range 4 {
		files = append(append(files, m.rule(fmt.Sprint("rule-", i))...), "---\n"...)
	}
	if m.chance(4) {
		files = append(files, m.filter()...)
	}
	return files
}

// rule draws a rule as JSON, which is YAML.
func (m *maker) rule(id string) []byte {
	names := []string{"sel_a", "sel_b", "filter", "_u"}
	detection := map[string]any{}
	if m.chance(2) {
		names = names[:1] // so that what one selection says is seen
		detection["condition"] = "sel_a"
	}
	for _, name := range names {
		detection[name] = m.selection()
	}
	if len(names) > 1 {
		detection["condition"] = m.condition(names, 3)
	}
	if m.chance(8) {
		detection["condition"] = []any{detection["condition"], m.condition(names[:1], 0)}
	}
	return m.document(map[string]any{"title": "Drawn", "id": id, "logsource": map[string]any{}, "detection": detection})
}

// filter draws a filter of some of the rules.
func (m *maker) filter() []byte {
	return m.document(map[string]any{"title": "Drawn", "id": "filter", "logsource": map[string]any{}, "filter": map[string]any{
		"rules":     pick(m, "rules", []string{"any"}, []string{"rule-0"}, []string{"rule-0", "rule-2"}),
		"sel_a":     m.selection(),
		"sel_b":     m.selection(),
		"condition": pick(m, "filter", "sel_a", "not sel_a", "1 of sel_*", "not 1 of sel_*", "sel_a and sel_b", "not sel_a and not sel_b", "not (sel_a and not sel_b)"),
	}})
}

func (m *maker) document(content map[string]any) []byte {
	text, err := json.Marshal(content)
	if err != nil {
		m.Fatal(err)
	}
	for control := rune(0x7F); control < 0xA0; control++ { // YAML has them only as numbers
		text = bytes.ReplaceAll(text, []byte(string(control)), fmt.Appendf(nil, `\u%04x`, control))
	}
	for _, number := range infinities() { // YAML has them, JSON does not
		text = bytes.ReplaceAll(text, []byte(`"@`+number+`"`), []byte(number))
	}
	return append(text, '\n')
}

func infinities() []string { return []string{".inf", "-.Inf", ".nan"} }

func (m *maker) condition(names []string, depth int) string {
	kind := pick(m, "condition", "name", "of", "not", "and", "or")
	if depth == 0 {
		kind = "name"
	}
	switch kind {
	case "of":
		return pick(m, "of", "1 of them", "all of them", "any of them", "2 of them", "1 of sel_*", "all of sel_*", "1 of *e*", "all of *_b", "2 of s*")
	case "not":
		return "not " + m.condition(names, 0)
	case "and", "or":
		both := m.condition(names, depth-1) + " " + kind + " " + m.condition(names, depth-1)
		if m.chance(2) {
			return pick(m, "negated", "", "not ") + "(" + both + ")"
		}
		return both
	}
	return pick(m, "selection", names...)
}

func (m *maker) selection() any {
	switch pick(m, "selection", "map", "map", "map", "maps", "keywords", "mixed") {
	case "maps":
		return []any{m.items(), m.items()}
	case "keywords":
		return []any{m.value(), m.value()}
	case "mixed":
		return []any{m.value(), m.items()}
	}
	return m.items()
}

func (m *maker) items() map[string]any {
	items := map[string]any{}
	for range pick(m, "items", 1, 1, 2) {
		key, value := m.item()
		items[key] = value
	}
	return items
}

// item draws a field with its modifiers and values.
func (m *maker) item() (string, any) {
	field := pick(m, "field", m.fields()...)
	switch pick(m, "modifiers", "text", "text", "text", "text", "number", "null", "infinity", "re", "cidr", "lt", "exists", "encoded", "wide", "windash", "fieldref", "keyword", "date", "expand") {
	case "number":
		return field + pick(m, "shape", "", "|neq", "|contains", "|startswith"), m.list(func() any { return json.Number(m.number()) })
	case "infinity":
		m.remember(pick(m, "spelled", "+Inf", "-Inf", "Inf", "NaN", ".INF", "-.inf", ".nan", "infinity"))
		return field + pick(m, "shape", "", "|neq", "|contains"), m.list(func() any { return "@" + pick(m, "infinity", infinities()...) })
	case "null":
		return field + pick(m, "neq", "", "|neq"), pick[any](m, "null", nil, nil, []any{nil, m.value()}, true, false)
	case "re":
		return field + "|re" + pick(m, "flags", "", "|i", "|s", "|m", "|i|s", "|m|i", "|all", "|neq"), m.list(m.expression)
	case "cidr":
		m.remember(pick(m, "address", addresses()...))
		return field + "|cidr" + pick(m, "neq", "", "|neq"), m.list(func() any {
			return pick(m, "network", "10.0.0.0/8", "192.168.0.0/16", "fe80::/10", "::/0", "0.0.0.0/0", "10.0.0.1/32")
		})
	case "lt":
		m.remember(m.number())
		return field + "|" + pick(m, "operator", "lt", "lte", "gt", "gte"), json.Number(pick(m, "limit", "0", "1", "1.5", "10", "-1", "1e3", "1e64", "1e-64"))
	case "exists":
		return field + "|exists", pick(m, "exists", true, false)
	case "encoded":
		return field + "|" + pick(m, "encoding", "base64", "base64|contains", "base64offset|contains", "wide|base64offset|contains",
			"utf16le|base64", "utf16be|base64|contains", "utf16|base64", "base64offset|contains|all", "base64|cased", "base64|wide", "wide|utf16be|base64"), m.list(m.encodable)
	case "wide":
		return field + "|" + pick(m, "units", "wide", "utf16le|contains", "utf16be", "utf16be|contains", "utf16", "utf16|contains", "wide|startswith|cased",
			"contains|wide", "endswith|utf16be", "startswith|utf16", "wide|wide", "wide|contains|all", "utf16be|neq", "windash|wide|contains"), m.list(m.units)
	case "windash":
		return field + "|windash" + pick(m, "shape", "", "|contains", "|startswith", "|contains|all"), m.list(m.dashed)
	case "fieldref":
		return field + "|fieldref" + pick(m, "shape", "", "|neq", "|cased", "|contains", "|startswith", "|endswith"), pick(m, "other", m.fields()...)
	case "keyword":
		return pick(m, "keyword", "|all", "|contains", "|contains|all", "|startswith", "|endswith", "|cased", "|neq"), m.list(m.value)
	case "expand":
		return field + pick(m, "expand", "|expand", "|expand|neq", "|contains|expand", "|expand|endswith|all", "|expand|cased"), m.list(func() any {
			return pick(m, "placeholder", "%one%", "%ONE%a", "%two%", "a%two%%one%", "%none%", `\%one%`, `\\%one%`, `a\\%two%`, `\\\%one%`, `\\\\%two%\`, "a% %one%%", "%", "b")
		})
	case "date":
		m.remember(pick(m, "date", dates()...))
		return field + "|" + pick(m, "part", "minute", "hour", "day", "week", "month", "year") + pick(m, "operator", "", "|gte", "|lt"), json.Number(pick(m, "limit", "0", "1", "5", "59", "2026", "12"))
	}
	chain := pick(m, "shape", "", "", "|contains", "|startswith", "|endswith") + pick(m, "more", "", "", "", "|all", "|cased", "|neq", "|neq|all", "|cased|all")
	return field + chain, m.list(m.value)
}

func (m *maker) list(value func() any) any {
	n := rapid.IntRange(0, 3).Draw(m.T, "values")
	if n == 0 {
		return m.heard(value())
	}
	list := make([]any, n)
	for i := range list {
		list[i] = m.heard(value())
	}
	return list
}

// heard remembers a value, so that events come near it.
func (m *maker) heard(value any) any {
	if text, ok := value.(string); ok && !strings.HasPrefix(text, "@") { // an infinity
		m.remember(strings.NewReplacer(`\\`, `\`, `\*`, `*`, `\?`, `?`, `*`, "ab", `?`, "k").Replace(text))
	}
	return value
}

func (m *maker) remember(text string) {
	if len(m.words) < 16 {
		m.words = append(m.words, text)
	}
}

// value draws a text with and without wildcards and escapes.
func (m *maker) value() any {
	text := m.text()
	switch pick(m, "value", "raw", "raw", "escaped", "star", "one", "part") {
	case "escaped":
		return escape(text)
	case "star":
		head, tail := m.cut(text)
		return escape(head) + pick(m, "star", "*", "**", `\*`, `\\*`, `\\\*`, "*?", "?*") + escape(tail)
	case "one":
		head, tail := m.cut(text)
		if chars := []rune(tail); len(chars) > 0 {
			tail = string(chars[1:])
		}
		return escape(head) + "?" + escape(tail)
	case "part":
		head, _ := m.cut(text)
		return head
	}
	return text
}

func (m *maker) cut(s string) (string, string) {
	chars := []rune(s)
	at := rapid.IntRange(0, len(chars)).Draw(m.T, "cut")
	return string(chars[:at]), string(chars[at:])
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(s)
}

func (m *maker) encodable() any {
	text := m.text() + pick(m, "tail", "z", "zz")
	m.remember(base64.StdEncoding.EncodeToString([]byte(
		pick(m, "bytes before", "", "<", "<<", "\xff\xfe") + m.wide(text) + pick(m, "bytes after", "", ">", ">>"))))
	return escape(text)
}

// units draws values for UTF-16, such as events come near them byte by byte.
func (m *maker) units() any {
	text := m.text() + pick(m, "tail", "", "é", "É", "€", "😀")
	m.remember(pick(m, "mark", "", "", "ÿþ", "\ufffd\ufffd") + asText(m.wide(text)) + pick(m, "after", "", "", "x"))
	if m.chance(4) {
		return strings.ReplaceAll(text, "-", "") + pick(m, "wildcard", "*", "?", "*k", "?k")
	}
	return escape(text)
}

// dashed draws values with few dashes, so that all their permutations can be tried.
func (m *maker) dashed() any {
	return pick(m, "dashed", "-a", "/a", "–a", " -a", "a-b", "a -b /a", "--a", "- a", "a/", "-a*b", `\-a`)
}

func (m *maker) expression() any {
	return pick(m, "begin", "", "", "^", ".*") + m.regexp(2) + pick(m, "end", "", "", "$", ".*")
}

func (m *maker) regexp(depth int) string {
	kind := pick(m, "regexp", "word", "word", "class", "sequence", "choice", "repeated", "folded")
	if depth == 0 {
		kind = pick(m, "regexp", "word", "word", "class")
	}
	switch kind {
	case "class":
		return pick(m, "class", ".", "[a-c]", "[^a]", "[kK]", `\d`, `\w`, `\b`, `\s`, `\x61`, "")
	case "sequence":
		return m.regexp(depth-1) + m.regexp(depth-1)
	case "choice":
		return "(" + m.regexp(depth-1) + "|" + m.regexp(depth-1) + ")"
	case "repeated":
		return "(?:" + m.regexp(depth-1) + ")" + pick(m, "times", "?", "*", "+", "{0,1}", "{2}", "{1,2}", "*?", "{0}")
	case "folded":
		return "(?i:" + m.regexp(depth-1) + ")"
	}
	return regexp.QuoteMeta(m.text())
}
