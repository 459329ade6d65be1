package oracle

import (
	"fmt"
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
		return d.widen(modifier)
	case "exists", "re", "cidr", "fieldref", "lt", "lte", "gt", "gte":
		return d.retype(modifier)
	case "i", "m", "s":
		if d.item.kind != "re" {
			return fmt.Errorf("modifier %s: only after re", modifier)
		}
		d.flags += modifier
	case "minute", "hour", "day", "week", "month", "year":
		d.item.part = modifier
	case "expand":
		return d.expand()
	default:
		return d.transform(modifier)
	}
	return nil
}

// retype is Rules: Modifier Types, type modifiers.
func (d *draft) retype(kind string) error {
	if d.item.kind != "" {
		return fmt.Errorf("modifier %s: not with %s", kind, d.item.kind)
	}
	d.item.kind = kind
	return nil
}

// widen is Modifiers: Generic Modifiers, startswith, endswith, contains.
func (d *draft) widen(modifier string) error {
	if d.place != "" {
		return fmt.Errorf("modifier %s: not with %s", modifier, d.place)
	}
	d.place = modifier
	d.eachForm(func(f form) ([]form, error) {
		star := []sign{{kind: many}}
		if modifier != "startswith" {
			f.signs = append(slices.Clone(star), f.signs...)
		}
		if modifier != "endswith" {
			f.signs = append(slices.Clone(f.signs), star...)
		}
		return []form{f}, nil
	})
	return nil
}

// transform is Modifiers: String Modifiers.
func (d *draft) transform(modifier string) error {
	if d.item.kind != "" {
		return fmt.Errorf("modifier %s: not after %s", modifier, d.item.kind)
	}
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
// stand for. House: one with a placeholder that stands for nothing is never met,
// nor is neq of it.
func (d *draft) expand() error {
	if d.item.kind != "" {
		return fmt.Errorf("modifier expand: not after %s", d.item.kind)
	}
	for i, v := range d.values {
		if v.null {
			continue
		}
		sources := d.replace(v.source)
		d.values[i].forms = nil
		for _, s := range sources {
			d.values[i].forms = append(d.values[i].forms, form{signs: parseSigns(s)})
		}
		d.item.unset = d.item.unset || len(sources) == 0
	}
	if place := d.place; place != "" { // said before: what stands in for the value is widened as it was
		d.place = ""
		return d.widen(place)
	}
	return nil
}

// replace writes out the first placeholder, then the rest. A backslash makes a
// percent character plain (Rules: Placeholders), another backslash itself (Rules:
// Escape Character), so that it no longer does; both stay for the reading of signs.
func (d *draft) replace(source string) []string {
	if rest, escaped := strings.CutPrefix(source, `\\`); escaped {
		return after([]string{`\\`}, d.replace(rest))
	}
	if rest, escaped := strings.CutPrefix(source, `\%`); escaped {
		return after([]string{"%"}, d.replace(rest))
	}
	if name, rest, ok := placeholder(source); ok {
		meanings, _ := d.placeholders(name)
		return after(meanings, d.replace(rest))
	}
	if source == "" {
		return []string{""}
	}
	return after([]string{source[:1]}, d.replace(source[1:]))
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
