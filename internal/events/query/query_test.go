package query

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

func event() *flow.Event {
	return &flow.Event{
		ID: "w1.7.0", Source: "doors", Format: flow.FormatSyslog, Site: "a-site-a",
		Category: flow.CategoryAccess, Action: "door.forced",
		Attributes: map[string]string{
			flow.AttrPerson: "M.Rossi", flow.AttrSourceIP: "10.20.4.7", flow.AttrValue: "8.4",
			flow.AttrMessage: "Porte forcée (A2)", "custom.empty": "", flow.AttrProcess: `C:\Windows\System32\cmd.exe`,
			flow.AttrSourceMAC: "00:1b:21:3a:4f:10", flow.AttrCameraZone: "ward door",
		},
		Original: map[string]any{
			"EventID": 4688.0, "Source": "Own", "source": "own", "alert": map[string]any{"signature": "ET SCAN"},
			"a.b": map[string]any{"c.d": "deep"}, "list": []any{"x", map[string]any{"k": true}, 2.5},
			"message": "sender's own", "winlog": map[string]any{"event_data": map[string]any{"TargetUserName": "rossi"}},
		},
		Assets: []flow.AssetRef{{ID: "a-door-12"}, {ID: "a-r-e2014", Role: flow.RolePlace}}, Unknown: []flow.Identifier{{Kind: flow.ByIP, Value: "10.9.9.9"}},
		Raw: []byte("<34>1 raw Bytes \xff"),
	}
}

func TestMatch(t *testing.T) {
	for text, want := range map[string]bool{
		``:                        true,
		`*`:                       true,
		`forced`:                  true,
		`FORC*`:                   true,
		`for*ed`:                  true,
		`forcÉe`:                  true,
		`"porte forcée (a2)"`:     true,
		`bytes`:                   true,
		`own`:                     true,
		`nothing-of-it`:           false,
		`category:access`:         true,
		`category:acc`:            false,
		`category:acc*`:           true,
		`category:*ESS`:           true,
		`category:a*c*s`:          true,
		`category:a*s*c*`:         false,
		`actor.person:m.rossi`:    true,
		`actor.person:rossi`:      false,
		`actor.person:*rossi`:     true,
		`-source.ip:10.*`:         false,
		`NOT source.ip:192.*`:     true,
		`-category:fire forced`:   true,
		`category:fire forced`:    false,
		`category:fire OR forced`: true,
		`category:fire OR category:access nothing-of-it`: false,
		`(category:fire OR category:access) AND forced`:  true,
		`sensor.value:>8`:         true,
		`sensor.value:>=8.4`:      true,
		`sensor.value:>8.4`:       false,
		`sensor.value:8..9`:       true,
		`sensor.value:<8`:         false,
		`actor.person:>8`:         false,
		`EventID:4688`:            true,
		`EventID:4000..5000`:      true,
		`original.EventID:4688`:   true,
		`eventid:4688`:            false,
		`alert.signature:/scan$/`: true,
		`a.b.c.d:deep`:            true,
		`list:x`:                  true,
		`list:2.5`:                true,
		`list.k:true`:             true,
		`source:doors`:            true,
		`source:own`:              false,
		`original.source:own`:     true,
		`message:*own*`:           false,
		`original.message:*own`:   true,
		`asset:a-r-e2014`:         true,
		`unknown:10.9.9.9`:        true,
		`/for(ced|cibly)/`:        true,
		`/^door\.forced$/`:        true,
		`process.image:C:\Windows\System32\cmd.exe`: true,
		`process.image:C:\Windows\\*`:               true,
		`process.image:C:\Windows\*`:                false, // \* is a star
		`source.mac:00:1b:21*`:                      true,
		`custom.empty:*`:                            true,
		`custom.empty:""`:                           true,
		`custom.absent:*`:                           false,
		`site:*`:                                    true,
		`exercise:*`:                                false,
		`parse_error:*`:                             false,
		`"custom.empty":""`:                         true,
		`id:w1.7.0`:                                 true,
		`format:syslog`:                             true,
		`/etc/passwd`:                               false,
		`a AND -b`:                                  true,
	} {
		n, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if text == `a AND -b` {
			want = Match(n, event()) // only that it can be read
		}
		if got := Match(n, event()); got != want {
			t.Errorf("%s: %v, want %v (read as %s)", text, got, want, n)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, says := range map[string]string{
		`(a`:                          "does not close",
		`a)`:                          "never opened",
		`"a`:                          "does not end",
		`a OR`:                        "missing at the end",
		`AND a`:                       "both sides",
		`()`:                          "missing before )",
		`source:`:                     "value is missing",
		`source: x`:                   "value is missing",
		`source:(a)`:                  "value is missing",
		`>8`:                          "needs a field",
		`sensor.value:>hot`:           "a number is needed",
		`/a(/`:                        "no regular expression",
		"a\xff":                       "UTF-8",
		`"":x`:                        "needs a name",
		strings.Repeat("(", 65):       "nested deeper",
		strings.Repeat("a ", 257):     "more than 256 terms",
		strings.Repeat("a", 9000):     "at most 8192",
		"-":                           "", // a word
		strings.Repeat("-", 70) + "a": "nested deeper",
	} {
		_, err := Parse(text)
		if says == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v, want %q", text, err, says)
		}
	}
}

// An error points at the place, in characters.
func TestErrorsPointAtThePlace(t *testing.T) {
	for text, want := range map[string][3]int{
		`(a`:                       {1, 1, 0},
		`é "ü`:                     {1, 3, 2},
		"category:fire\n é AND OR": {2, 8, 21},
		`source.ip:10.* /a(/`:      {1, 16, 15},
		`a OR`:                     {1, 5, 4},
	} {
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) || [3]int{e.Line, e.Column, e.Offset} != want {
			t.Errorf("%q: %#v, want %v", text, err, want)
		}
	}
}

// Is makes a query that finds the events that have the value.
func TestIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{flow.AttrPerson, "n", "Logon Type", "original.source", "a-b"}).Draw(t, "field")
		value := rapid.String().Draw(t, "value")
		n, err := Parse(Is(name, value))
		if err != nil {
			t.Fatalf("%q cannot be read: %v", Is(name, value), err)
		}
		e := &flow.Event{Attributes: map[string]string{name: value}}
		if !Match(n, e) || !slices.Contains(NewField(name).Values(e), value) {
			t.Fatalf("%q does not find %q, read as %s", Is(name, value), value, n)
		}
	})
}

func TestIndexASCIIAgreesWithFolding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[aAbBéÉKkKß\xff ]{0,24}`).Draw(t, "text")
		needle := fold(rapid.StringMatching(`[aAbBéKk ]{0,4}`).Draw(t, "needle"))
		if got, want := contains(s, needle), strings.Contains(fold(s), needle); got != want {
			t.Fatalf("contains(%q, %q) = %v", s, needle, got)
		}
	})
}

// stable checks that a query, written and read again, is the same query.
func stable(t interface {
	Fatalf(string, ...any)
}, text string) {
	n, err := Parse(text)
	if err != nil {
		return
	}
	written := n.String()
	again, err := Parse(written)
	if err != nil {
		t.Fatalf("%q was written as %q, which cannot be read: %v", text, written, err)
	}
	if second := again.String(); second != written {
		t.Fatalf("%q was written as %q, and then as %q", text, written, second)
	}
	if a, b := Match(n, event()), Match(again, event()); a != b {
		t.Fatalf("%q and %q do not mean the same", text, written)
	}
}

func TestWrittenQueriesAreStable(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "forced", `"x y"`, `"`, `\`, `\\`, `\"`, `\*`, "*", ":", "source.ip:", "category:",
		"(", ")", " ", " ", " AND ", " OR ", "NOT ", "-", "/", `\/`, "/a.b/", ">8", "..", "2", "é", "\t", `C:\W`, "AND", `"f d":`, "//", "\u00a0"})
	rapid.Check(t, func(t *rapid.T) {
		stable(t, strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), ""))
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`category:access actor.person:rossi "forced" -source.ip:10.*`, `sensor.value:>8 OR (a -b)`,
		`/a\/b/ "q\"x":y*z`, `process.image:C:\\*`, `a..b 2..3 x:2..3`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		stable(t, text)
		var e *Error
		if _, err := Parse(text); errors.As(err, &e) && (e.Offset > len(text) || e.Line < 1 || e.Column < 1) {
			t.Fatalf("%q: the place is %+v", text, e)
		}
	})
}
