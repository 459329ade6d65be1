package hospital

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yaml reads one YAML file. Values are taken from the node tree, so that every
// problem has its line and no alias is ever expanded.
func (l *loader) yaml(name string, data []byte, head bool) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF), err == nil && isNull(doc.Content[0]):
		if head {
			l.problem(name, 0, RuleHospital, "is empty; write name and time_zone")
		}
		return
	case err != nil:
		line, text := yamlError(err)
		l.lost(name, line, RuleSyntax, "is not well-formed YAML: %s", text)
		return
	}
	f := &yamlFile{loader: l, name: name}
	if top := doc.Content[0]; !f.refused(top) {
		f.top(top, head)
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		l.problem(name, more.Line, RuleSyntax, "a second document begins here; a file holds one")
	} else if !errors.Is(err, io.EOF) {
		line, text := yamlError(err)
		l.lost(name, line, RuleSyntax, "is not well-formed YAML: %s", text)
	}
}

// yamlError takes the line out of the library's sentence ("yaml: line 3: ...").
func yamlError(err error) (int, string) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	rest, ok := strings.CutPrefix(text, "line ")
	if !ok {
		return 0, text
	}
	number, sentence, ok := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(number)
	if !ok || err != nil {
		return 0, text
	}
	return line, sentence
}

// yamlFile reads the tables of one file.
type yamlFile struct {
	*loader
	name string
}

func (f *yamlFile) bad(n *yaml.Node, rule Rule, format string, args ...any) {
	f.problem(f.name, n.Line, rule, format, args...)
}

func (f *yamlFile) top(n *yaml.Node, head bool) {
	keys := []string{"assets", "dependencies", "plans"}
	if head {
		keys = append([]string{"name", "time_zone", "demo"}, keys...)
		f.origins.head = position{file: f.name, line: n.Line, fields: map[string]int{}}
	}
	f.table(n, "the file", keys, func(key string, v *yaml.Node) {
		switch key {
		case "name":
			f.model.Name = f.text(v, key)
		case "time_zone":
			f.model.TimeZone = f.text(v, key)
		case "demo":
			f.model.Demo = f.truth(v, key)
		case "assets":
			f.each(v, key, f.asset)
		case "dependencies":
			f.each(v, key, f.dependency)
		case "plans":
			f.each(v, key, f.plan)
		}
		if head {
			f.origins.head.fields[key] = v.Line
		}
	})
}

// table calls for each known key of a mapping, and returns those whose values
// had problems.
func (f *yamlFile) table(n *yaml.Node, what string, keys []string, value func(string, *yaml.Node)) (spoilt []string) {
	if n.Kind != yaml.MappingNode {
		f.wrong(n, what, "a table of key: value")
		return keys
	}
	seen := make([]string, 0, 12)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if !f.key(k, what, keys, seen) {
			continue
		}
		seen = append(seen, k.Value)
		before := f.count()
		if !f.refused(v) && !isNull(v) {
			value(k.Value, v)
		}
		if f.count() > before {
			spoilt = append(spoilt, k.Value)
		}
	}
	return spoilt
}

// key tells whether a key is to be read.
func (f *yamlFile) key(k *yaml.Node, what string, keys, seen []string) bool {
	switch {
	case f.refused(k):
	case !contains(keys, k.Value):
		f.bad(k, RuleKnownKey, "%s: unknown key %q%s", what, shorten(k.Value), orList(k.Value, keys))
	case contains(seen, k.Value):
		f.bad(k, RuleOneKey, "%s: key %q stands twice", what, k.Value)
	default:
		return true
	}
	return false
}

// orList suggests the nearest key, or lists them all.
func orList(word string, keys []string) string {
	if s := didYouMean(word, keys); s != "" {
		return s
	}
	return "; known here: " + strings.Join(keys, ", ")
}

// each calls for every entry of a list.
func (f *yamlFile) each(n *yaml.Node, what string, entry func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		f.wrong(n, what, "a list")
		return
	}
	for _, e := range n.Content {
		if !f.refused(e) {
			entry(e)
		}
	}
}

// refused reports YAML that could expand or mean something else than it shows.
func (f *yamlFile) refused(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		f.bad(n, RuleNoAlias, "alias *%s: aliases are not read here; write the value out", n.Value)
	case n.Anchor != "":
		f.bad(n, RuleNoAlias, "anchor &%s: anchors are not read here; write the value out", n.Anchor)
	case n.ShortTag() == "!!merge":
		f.bad(n, RuleNoAlias, "merge keys (<<) are not read here; write the keys out")
	case !strings.HasPrefix(n.ShortTag(), "!!") || n.ShortTag() == "!!binary":
		f.bad(n, RuleNoAlias, "tag %s: tags are not read here; write the plain value", n.ShortTag())
	default:
		return false
	}
	return true
}

func (f *yamlFile) wrong(n *yaml.Node, what, want string) {
	f.bad(n, RuleType, "%s: want %s, found %s", what, want, nodeSays(n))
}

func nodeSays(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a table"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", shorten(n.Value))
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func shorten(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
