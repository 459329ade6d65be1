package sigma

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"warder/internal/stage/detect"
)

// Prints gives each rule that has an id a fingerprint, which differs when the rule
// does: its own document, the values of the placeholders in it, the filters that
// were added to it, and the rules that it counts. Where in its file the document
// stands, and what else the file holds, is no part of it.
func (s *Set) Prints() map[string]string {
	sums := make(map[string]hash.Hash, len(s.origins))
	for id, o := range s.origins {
		sums[id] = sha256.New()
		s.describe(sums[id], o)
	}
	for _, c := range s.rules {
		for _, f := range c.filters {
			s.describe(sums[c.rule.ID], s.origins[f.rule.ID])
		}
	}
	for i := range s.Correlations {
		c := &s.Correlations[i]
		if sum := sums[c.Rule.ID]; sum != nil && c.Rule.Kind == detect.KindCorrelation {
			fmt.Fprintf(sum, "of %q\n", c.Of)
		}
	}
	prints := make(map[string]string, len(sums))
	for id, sum := range sums {
		prints[id] = hex.EncodeToString(sum.Sum(nil))
	}
	return prints
}

// describe writes a document, and what its placeholders stand for.
func (s *Set) describe(to hash.Hash, o origin) {
	fmt.Fprintf(to, "document %d %q\n", o.nth, o.part.own())
	var names []string
	for _, m := range s.compiler.placeholderName.FindAllSubmatch(o.part.text, -1) {
		names = append(names, strings.ToLower(string(m[1])))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if values := s.tables.Placeholders[name]; len(values) > 0 {
			fmt.Fprintf(to, "placeholder %q %q\n", name, values)
		}
	}
}

// own is a part without what only sets it off from the others of its file.
func (p part) own() []byte {
	text := bytes.TrimSpace(p.text)
	if row, rest, _ := bytes.Cut(text, []byte("\n")); separates(row) && len(bytes.TrimSpace(row)) == 3 {
		text = bytes.TrimSpace(rest)
	}
	return text
}
