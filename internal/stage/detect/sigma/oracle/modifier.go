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

// expand is Rules: Placeholders. A value becomes one value for each of what its
// placeholders stand for.
func (d *draft) expand() error {
	if d.item.kind != "" {
		return fmt.Errorf("modifier expand: not after %s", d.item.kind)
	}
	for i, v := range d.values {
		if v.null {
			continue
		}
		sources, err := d.replace(v.source)
		if err != nil {
			return err
		}
		d.values[i].forms = nil
		for _, s := range sources {
			d.values[i].forms = append(d.values[i].forms, form{signs: parseSigns(s)})
		}
	}
	if place := d.place; place != "" { // said before: what stands in for the value is widened as it was
		d.place = ""
		return d.widen(place)
	}
	return nil
}

func (d *draft) replace(source string) ([]string, error) {
	head, rest, found := cutPercent(source)
	if !found {
		return []string{head}, nil
	}
	name, tail, closed := cutPercent(rest)
	if !closed {
		return []string{head + "%" + name}, nil
	}
	meanings, known := d.placeholders(name)
	if !known {
		return nil, fmt.Errorf("placeholder %%%s%% is unknown", name)
	}
	tails, err := d.replace(tail)
	var all []string
	for _, meaning := range meanings {
		for _, t := range tails {
			all = append(all, head+meaning+t)
		}
	}
	return all, err
}

// cutPercent cuts at the first percent character that no backslash escapes.
func cutPercent(s string) (before, after string, found bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '%':
			i++
			b.WriteByte('%')
		case s[i] == '%':
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), "", false
}
