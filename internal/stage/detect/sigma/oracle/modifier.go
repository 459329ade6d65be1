package oracle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// draft is a field with its values while the modifiers are applied, "in the
// given order" (Rules: Value Modifiers).
type draft struct {
	values []value
	item   item
	place  string // contains, startswith, endswith: for fields named by a value
	flags  string // of a regular expression

	placeholders func(name string) ([]string, bool)
}

func (d *draft) apply(modifier string) error {
	switch modifier {
	case "all":
		d.item.all = true
	case "cased":
		d.item.cased = true
	case "neq":
		d.item.negated = true
	case "contains", "startswith", "endswith":
		d.widen(modifier)
	case "exists", "re", "cidr", "fieldref", "lt", "lte", "gt", "gte": // Rules: Modifier Types
		d.item.kind = modifier
	case "i", "m", "s":
		if d.item.kind != "re" {
			return fmt.Errorf("modifier %s: only after re", modifier)
		}
		d.flags += modifier
	case "minute", "hour", "day", "week", "month", "year":
		d.item.part = modifier
	case "expand": // was done before the others
	default:
		return d.transform(modifier)
	}
	return nil
}

func encodes(modifier string) bool {
	return slices.Contains([]string{"base64", "base64offset", "utf16", "utf16le", "utf16be", "wide"}, modifier)
}

// widen is Modifiers: Generic Modifiers, startswith, endswith, contains.
func (d *draft) widen(modifier string) {
	d.place = modifier
	_ = d.eachForm(func(f form) ([]form, error) {
		star := []sign{{kind: many}}
		if modifier != "startswith" {
			f.signs = append(slices.Clone(star), f.signs...)
		}
		if modifier != "endswith" {
			f.signs = append(slices.Clone(f.signs), star...)
		}
		return []form{f}, nil
	})
}

// transform is Modifiers: String Modifiers.
func (d *draft) transform(modifier string) error {
	switch modifier {
	case "windash":
		return d.eachForm(func(f form) ([]form, error) { return []form{windash(f)}, nil })
	case "base64":
		return d.encode(encodeBase64)
	case "base64offset":
		return d.encode(encodeOffsets)
	case "utf16le", "wide":
		return d.encode(func(f form) ([]form, error) { return []form{encodeUTF16(f, false, false)}, nil })
	case "utf16be":
		return d.encode(func(f form) ([]form, error) { return []form{encodeUTF16(f, false, true)}, nil })
	case "utf16":
		return d.encode(func(f form) ([]form, error) { return []form{encodeUTF16(f, true, false)}, nil })
	}
	return fmt.Errorf("modifier %s: unknown", modifier)
}

func (d *draft) encode(how func(form) ([]form, error)) error {
	_ = d.eachForm(func(f form) ([]form, error) { return permutations(f), nil })
	return d.eachForm(how)
}

// eachForm replaces every form of every value: "a value might also expand into
// multiple values", of which one has to be met, also under all.
func (d *draft) eachForm(how func(form) ([]form, error)) error {
	for i := range d.values {
		var forms []form
		for _, f := range d.values[i].forms {
			more, err := how(f)
			if err != nil {
				return err
			}
			forms = append(forms, more...)
		}
		d.values[i].forms = forms
	}
	return nil
}

// expand is Rules: Placeholders. A value is met as one of what its placeholders
// stand for. House: they are replaced before anything else, in a regular
// expression by their text; one that stands for nothing makes a value that is
// never met, nor is neq of it. What is encoded already has no placeholders.
func (d *draft) expand(chain []string) error {
	at := slices.Index(chain, "expand")
	switch {
	case at < 0:
		return nil
	case slices.ContainsFunc(chain[:at], encodes):
		return fmt.Errorf("modifier expand: not after %s", chain[0])
	case slices.Contains(chain, "fieldref"):
		return fmt.Errorf("modifier expand: not with fieldref")
	}
	for i, v := range d.values {
		if v.null {
			continue
		}
		source, expression := v.source, slices.Contains(chain, "re")
		if expression {
			source = v.written
		}
		sources := d.replace(source, expression)
		d.values[i].expanded, d.values[i].sources, d.values[i].forms = true, sources, nil
		for _, s := range sources {
			d.values[i].forms = append(d.values[i].forms, form{signs: parseSigns(s)})
		}
		d.item.unset = d.item.unset || len(sources) == 0
	}
	return nil
}

// replace writes out the first placeholder, then the rest. A backslash makes a
// percent character plain (Rules: Placeholders), another backslash itself (Rules:
// Escape Character), so that it no longer does; both stay for the reading of signs.
func (d *draft) replace(source string, quoted bool) []string {
	if rest, escaped := strings.CutPrefix(source, `\\`); escaped {
		return after([]string{`\\`}, d.replace(rest, quoted))
	}
	if rest, escaped := strings.CutPrefix(source, `\%`); escaped {
		return after([]string{"%"}, d.replace(rest, quoted))
	}
	if name, rest, ok := placeholder(source); ok {
		meanings, _ := d.placeholders(name)
		if meanings = slices.Clone(meanings); quoted {
			for i, m := range meanings {
				meanings[i] = regexp.QuoteMeta(m)
			}
		}
		return after(meanings, d.replace(rest, quoted))
	}
	if source == "" {
		return []string{""}
	}
	return after([]string{source[:1]}, d.replace(source[1:], quoted))
}

// placeholder reads %name% at the beginning of a text.
func placeholder(s string) (name, rest string, ok bool) {
	s, begins := strings.CutPrefix(s, "%")
	name, rest, ends := strings.Cut(s, "%")
	odd := strings.ContainsFunc(name, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", c)
	})
	return name, rest, begins && ends && name != "" && !odd
}

// after puts every tail after every head.
func after(heads, tails []string) []string {
	var all []string
	for _, head := range heads {
		for _, tail := range tails {
			all = append(all, head+tail)
		}
	}
	return all
}
