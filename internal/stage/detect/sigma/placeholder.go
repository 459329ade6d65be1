package sigma

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/kit/regular"
)

// Placeholders are the values that stand for %name% under the modifier expand
// (Sigma rules specification 2.1, "Placeholders"), by the name in lower case. A
// value may hold wildcards.
type Placeholders map[string][]string

// placeholdersFile may lie at the top of a folder of rules: the hospital's own
// administrators, servers and work stations.
const placeholdersFile = "placeholders.yaml"

// read adds a table to those known; a name that is known already gets the new
// values. No file is no error.
func (p Placeholders) read(fsys fs.FS, file string) error {
	data, err := regular.Read(fsys, file, largestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var table map[string]texts
	if err == nil {
		err = yaml.Unmarshal(data, &table)
	}
	for name, values := range table {
		p[strings.ToLower(strings.Trim(name, "%"))] = values
	}
	return err
}

// placeholderName finds what stands for values, and what might be taken for it:
// two backslashes are one, which is no part of a `\%` after them.
func placeholderName() *regexp.Regexp { return regexp.MustCompile(`\\\\|\\%|%([A-Za-z0-9_.-]+)%`) }

// expand writes a text out for every value of its placeholders, each of which
// quote makes fit; `\%` is a percent sign, `\\%name%` a backslash and a
// placeholder. It gives none if a placeholder has no values.
func (c *compiler) expand(s string, quote func(string) string) ([]string, error) {
	texts, from := []string{""}, 0
	for _, m := range c.placeholderName.FindAllStringSubmatchIndex(s, -1) {
		if s[m[0]:m[1]] == `\\` {
			continue // what reads the text makes one of them
		}
		tails := []string{s[from:m[0]] + "%"}
		if m[2] >= 0 {
			name := s[m[2]:m[3]]
			values := c.placeholders[strings.ToLower(name)]
			if len(values) == 0 {
				c.warn("the placeholder %%%s%% is not configured (%s): what asks for it is never met", name, placeholdersFile)
				return nil, nil
			}
			tails = nil
			for _, v := range values {
				tails = append(tails, s[from:m[0]]+quote(v))
			}
		}
		if len(texts)*len(tails) > mostWritings {
			return nil, errWritings
		}
		if texts, from = joined(texts, tails), m[1]; tooMany(texts) {
			return nil, errWritings
		}
	}
	return joined(texts, []string{s[from:]}), nil
}

// hasPlaceholder tells whether a value holds a placeholder, known or not.
func (c *compiler) hasPlaceholder(n *yaml.Node) bool {
	found := c.placeholderName.FindAllStringSubmatchIndex(n.Value, -1)
	return slices.ContainsFunc(found, func(m []int) bool { return m[2] >= 0 })
}

// joined puts every tail after every head.
func joined(heads, tails []string) []string {
	list := make([]string, 0, len(heads)*len(tails))
	for _, head := range heads {
		for _, tail := range tails {
			list = append(list, head+tail)
		}
	}
	return list
}
