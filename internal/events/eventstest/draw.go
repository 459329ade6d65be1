package eventstest

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/flow"
)

// texts are few, and close to one another, so that queries meet something.
func texts() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"a", "A", "ab", "Ab c", "c ab", "forced", "Forcée", "10.20.4.7", "10.20.4.70", "8.4", "-3", "1e3",
		`C:\Windows\cmd.exe`, `say "x"`, "m.rossi", "M.Rossi", "é", "K", "\u212a", "line\nbreak", "<&>", "e+x", "0", "true", "*", "-92233720", "5808"})
}

// names are of attributes with a column, of others, and of senders' own fields.
func names() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{flow.AttrPerson, flow.AttrSourceIP, flow.AttrValue, flow.AttrMessage, flow.AttrHost, flow.AttrQuantity,
		"custom.word", "n", "deep.er", "list", "message", "EventID"})
}

func values() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Map(texts(), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]float64{0, 8.4, -3, 4688, 1e21, 1e-9, -1 << 63, 1 << 53}), func(f float64) any { return f }),
		rapid.SampledFrom([]any{true, nil, []any{"a", 8.4}, map[string]any{"er": "ab"}, []any{map[string]any{"er": "A"}}}),
	)
}

func drawEvent() *rapid.Generator[flow.Event] {
	return rapid.Custom(func(t *rapid.T) flow.Event {
		at := Epoch().Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "time")) * 250 * time.Millisecond)
		e := flow.Event{
			Time: at, Received: Epoch().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour),
			Source:   rapid.SampledFrom([]string{"doors", "Doors", "cameras"}).Draw(t, "source"),
			Format:   rapid.SampledFrom([]flow.Format{flow.FormatSyslog, flow.FormatJSON}).Draw(t, "format"),
			Category: rapid.SampledFrom([]flow.Category{flow.CategoryAccess, flow.CategoryFire, flow.CategorySensor}).Draw(t, "category"),
			Site:     rapid.SampledFrom([]string{"", "a-site-a"}).Draw(t, "site"),
			Action:   rapid.SampledFrom([]string{"", "door.forced"}).Draw(t, "action"),
		}
		if attributes := rapid.MapOfN(names(), texts(), 0, 4).Draw(t, "attributes"); len(attributes) > 0 {
			e.Attributes = attributes
		}
		if original := rapid.MapOfN(rapid.OneOf(names(), rapid.Just("deep")), values(), 0, 4).Draw(t, "original"); len(original) > 0 {
			e.Original = original
		}
		if rapid.Bool().Draw(t, "assets") {
			e.Assets = []flow.AssetRef{{ID: "a-door", Role: flow.RoleTarget, By: flow.ByDoor, Value: "D-1"}, {ID: "A-room", Role: flow.RolePlace}}
			e.Unknown = []flow.Identifier{{Kind: flow.ByIP, Value: texts().Draw(t, "unknown")}}
			e.Truncated, e.Exercise, e.ParseError = 12, "ex-1", texts().Draw(t, "error")
		}
		if text, ok := e.Attributes[flow.AttrMessage]; ok && rapid.Bool().Draw(t, "message is the sender's") {
			if e.Original == nil {
				e.Original = map[string]any{}
			}
			e.Original["Message"] = text
		}
		switch rapid.IntRange(0, 2).Draw(t, "raw") {
		case 0:
			e.Raw = drawJSON(t, e.Original)
		case 1:
			e.Raw = []byte(texts().Draw(t, "bytes") + "\xff" + texts().Draw(t, "bytes"))
		}
		return e
	})
}

// drawJSON writes a sender's record as it may have come: as this program would
// write it, or in other ways that JSON allows.
func drawJSON(t *rapid.T, original map[string]any) []byte {
	text, err := json.MarshalIndent(original, "", rapid.SampledFrom([]string{"", " "}).Draw(t, "indent"))
	if err != nil {
		t.Fatalf("write an event: %v", err)
	}
	if rapid.Bool().Draw(t, "plain") {
		text = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", "\n", "").Replace(string(text)))
	}
	if rapid.IntRange(0, 7).Draw(t, "careless") == 0 { // some senders escape nothing
		text = bytes.ReplaceAll(text, []byte(`\n`), []byte("\n"))
	}
	return text
}

func drawQuery() *rapid.Generator[events.Query] {
	return rapid.Custom(func(t *rapid.T) events.Query {
		q := events.Query{Text: drawText(t, 2), Limit: rapid.SampledFrom([]int{9, 100}).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "window") {
			q.From = Epoch().Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "from")) * 250 * time.Millisecond)
			q.To = q.From.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "for")) * 250 * time.Millisecond)
		}
		return q
	})
}

func drawText(t *rapid.T, depth int) string {
	if depth == 0 {
		return drawTerm(t)
	}
	inner := func() string { return drawText(t, depth-1) }
	switch rapid.IntRange(0, 6).Draw(t, "form") {
	case 0:
		return "(" + inner() + " OR " + inner() + ")"
	case 1:
		return inner() + " " + inner()
	case 2:
		return "-(" + inner() + ")"
	case 3:
		return `*`
	}
	return drawTerm(t)
}

func drawTerm(t *rapid.T) string {
	field := rapid.OneOf(rapid.Just(""), names(), rapid.SampledFrom([]string{"id", "source", "site", "category", "action", "asset",
		"unknown", "format", "parse_error", "exercise", "original.message", "original.n", "absent", "list.er", "asset.target", "asset.place",
		"event.category", flow.AttrQuantity})).Draw(t, "field")
	value := texts().Draw(t, "value")
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\"()*\\/<>-:", r) {
			return -1
		}
		return r
	}, value)
	forms := []string{quoted, "*", "*" + bare, bare + "*", "/" + bare + "/", `/^(a|8\.4)/`, `"door.forced"`, `"fire"`, "d*s", `"a-site-a"`, "a-r*"}
	if field != "" {
		forms = append(forms, ">3", "<=8.4", "-3..9")
		return `"` + field + `":` + rapid.SampledFrom(forms).Draw(t, "form")
	}
	return rapid.SampledFrom(forms).Draw(t, "form")
}
