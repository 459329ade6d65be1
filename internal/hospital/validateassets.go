package hospital

import (
	"net/netip"
	"strconv"
	"strings"

	"warder/internal/flow"
)

func (c *checker) assets() {
	folded := make(map[string]int, len(c.m.Assets))
	known := make(map[flow.Identifier]int, 2*len(c.m.Assets))
	kinds := make(map[flow.IdentifierKind]bool)
	for _, k := range identifierKinds() {
		kinds[k] = true
	}
	for i := range c.m.Assets {
		c.identity(i, folded)
		c.texts(i)
		c.numbers(i)
		c.identifiers(i, kinds, known)
		c.protections(i)
	}
}

func (c *checker) identity(i int, folded map[string]int) {
	a := &c.m.Assets[i]
	switch {
	case a.ID == "":
		c.asset(i, "id", RuleID, "an asset without an id%s; write id:", named(a))
	case !validID(a.ID):
		c.asset(i, "id", RuleID, "id %q is not well formed; use 1 to 128 letters, digits or any of . _ : - and begin with a letter or digit", shorten(a.ID))
	default:
		key := strings.ToLower(a.ID)
		if first, twice := folded[key]; twice {
			c.asset(i, "id", RuleOneID, "id %q is taken by another asset%s; ids differ by more than upper and lower case", a.ID, c.where(first))
		} else {
			folded[key] = i
		}
	}
	if _, ok := c.kinds[a.Kind]; !ok {
		if a.Kind == "" {
			c.asset(i, "kind", RuleKind, "the asset has no kind; write kind:, one of %s", joined(Kinds()))
		} else {
			c.asset(i, "kind", RuleKind, "unknown kind %q%s", shorten(string(a.Kind)), orAny(string(a.Kind), Kinds()))
		}
	}
	if strings.TrimSpace(a.Name) == "" {
		c.asset(i, "name", RuleName, "the asset has no name; write the name that people use")
	}
}

func named(a *Asset) string {
	if a.Name == "" {
		return ""
	}
	return " (named " + strconv.Quote(shorten(a.Name)) + ")"
}

// orAny suggests the nearest candidate or lists all of a short list.
func orAny[S ~string](word string, candidates []S) string {
	if s := didYouMean(word, candidates); s != "" {
		return s
	}
	return "; known are " + joined(candidates)
}

func joined[S ~string](words []S) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

const longestID = 128

// validID keeps ids safe in URLs, file names, cells and identifiers of drawings.
func validID(id string) bool {
	if id == "" || len(id) > longestID {
		return false
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (i == 0 || strings.IndexByte("._:-", c) < 0) {
			return false
		}
	}
	return true
}

func (c *checker) texts(i int) {
	a := &c.m.Assets[i]
	say := func(field, what, value string) {
		if fault := textFault(value); fault != "" {
			c.asset(i, field, RuleText, "%s %s", what, fault)
		}
	}
	if strings.TrimSpace(a.Name) != "" {
		say("name", "name", a.Name)
	}
	say("owner", "owner", a.Owner)
	for _, t := range a.Tags {
		if t == "" {
			c.asset(i, "tags", RuleText, "a tag is empty")
		}
		say("tags", "tag "+strconv.Quote(shorten(t)), t)
	}
	for k, v := range a.Attributes {
		if k == "" {
			c.asset(i, "attributes", RuleText, "the name of an attribute is empty")
		}
		say("attributes", "the name of attribute "+strconv.Quote(shorten(k)), k)
		say("attributes", "attribute "+strconv.Quote(shorten(k)), v)
	}
	for _, p := range a.Protections {
		say("protections", "a protection's note", p.Note)
	}
}

func (c *checker) numbers(i int) {
	a := &c.m.Assets[i]
	if a.Criticality < 1 || a.Criticality > 5 {
		c.asset(i, "criticality", RuleCriticality, "criticality is out of range; want 1 (minor) to 5 (vital), or nothing for 3")
	}
	if a.Beds < 0 {
		c.asset(i, "beds", RuleBeds, "beds is %d; want 0 or more", a.Beds)
	}
	if class, ok := a.Attributes["class"]; ok && a.Kind == Data && class != "operating" && class != "patient" {
		c.asset(i, "attributes", RuleDataClass, "class %q of data; want operating or patient", shorten(class))
	}
}

func (c *checker) identifiers(i int, kinds map[flow.IdentifierKind]bool, known map[flow.Identifier]int) {
	a := &c.m.Assets[i]
	for n, id := range a.Identifiers {
		const field = "identifiers"
		if id.Kind == flow.ByID {
			c.entry(i, field, n, RuleIdentifierKind, "identifier kind \"id\" is not written: the asset's id resolves by itself")
			continue
		}
		if !kinds[id.Kind] {
			c.entry(i, field, n, RuleIdentifierKind, "unknown identifier kind %q%s", shorten(string(id.Kind)), orAny(string(id.Kind), identifierKinds()))
			continue
		}
		if want := identifierFault(a.Kind, id); want != "" {
			c.entry(i, field, n, RuleIdentifierValue, "%s %q; want %s", id.Kind, shorten(id.Value), want)
			continue
		}
		key := Canonical(id)
		if first, twice := known[key]; twice && first != i {
			c.entry(i, field, n, RuleOneIdentifier, "%s %q already names %q%s", id.Kind, id.Value, c.m.Assets[first].ID, c.where(first))
		} else if twice {
			c.entry(i, field, n, RuleOneIdentifier, "%s %q stands twice", id.Kind, id.Value)
		} else {
			known[key] = i
		}
	}
}

const highestBACnetInstance = 4194302 // ASHRAE 135: 22 bits, all ones means none

// identifierFault says what a value should have been, or "".
func identifierFault(kind Kind, id flow.Identifier) string {
	if id.Value == "" {
		return "a value that is not empty"
	}
	if fault := textFault(id.Value); fault != "" {
		return "a value without what this one has: it " + fault
	}
	switch id.Kind {
	case flow.ByIP:
		if kind == Network && strings.Contains(id.Value, "/") {
			if _, err := netip.ParsePrefix(id.Value); err == nil {
				return ""
			}
			return "an IP prefix such as 10.20.4.0/24"
		}
		if _, err := netip.ParseAddr(id.Value); err != nil {
			return "an IP address such as 10.20.1.10 or 2001:db8::10"
		}
	case flow.ByMAC:
		if _, ok := canonicalMAC(id.Value); !ok {
			return "a hardware address such as 00:1b:21:3a:4f:10"
		}
	case flow.ByBACnet:
		if n, err := strconv.Atoi(id.Value); err != nil || n < 0 || n > highestBACnetInstance {
			return "a device instance from 0 to 4194302"
		}
	case flow.ByPoint:
		if panel, point, ok := strings.Cut(id.Value, "/"); !ok || panel == "" || point == "" {
			return "panel/point such as FP-A/2-014"
		}
	}
	return ""
}

func (c *checker) protections(i int) {
	const field = "protections"
	for n, p := range c.m.Assets[i].Protections {
		if !c.threats[p.Against] {
			c.entry(i, field, n, RuleThreat, "a protection against unknown threat %q%s", shorten(string(p.Against)), orAny(string(p.Against), flow.Threats()))
		}
		if !(p.Degree >= 0 && p.Degree <= 1) {
			c.entry(i, field, n, RuleDegree, "degree %v of the protection against %s; want 0 (none) to 1 (full)", p.Degree, shorten(string(p.Against)))
		}
		for _, by := range p.By {
			if _, ok := c.byID[by]; !ok {
				c.entry(i, field, n, RuleProtectionExists, "the protection against %s is by %q, which no asset is%s", shorten(string(p.Against)), shorten(by), c.unknownID(by))
			}
		}
	}
}
