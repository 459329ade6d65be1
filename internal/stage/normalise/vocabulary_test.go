package normalise

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
)

const reference = "../../../docs/reference/events.md"

// TestReference compares docs/reference/events.md with the code; -update writes it.
func TestReference(t *testing.T) {
	want := referencePage()
	if *update {
		if err := os.WriteFile(reference, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), want); diff != "" {
		t.Errorf("the reference page is not what the code says (-page +code); run this test with -update:\n%s", diff)
	}
}

func referencePage() string {
	var b strings.Builder
	b.WriteString(`# Events

An event is one normalised observation. This page is made from the code (flow.Vocabulary, flow.Categories).

Every event has an id, two times (when it happened by its sender's clock, when it was received by Warder's), a source, a
format, a category, an action where one is known, attributes from the vocabulary below, the sender's own fields under their
own names, the assets that it names with the reason, and its raw bytes. A record that cannot be read is an event of category
` + "`other`" + ` that carries the reason.

In rules, ` + "`event.category`, `event.action`, `event.source`, `event.site` and `event.format`" + ` name what every event has, and
` + "`asset.target`, `asset.observer`, `asset.origin` and `asset.place`" + ` the id of the asset in that role. Attributes of unit
"words" hold several values separated by blanks; a rule looks at each.

## Categories

`)
	for _, c := range flow.Categories() {
		fmt.Fprintf(&b, "- `%s`\n", c)
	}
	b.WriteString("\n## Attributes\n\n| attribute | meaning | unit | example |\n| --- | --- | --- | --- |\n")
	for _, a := range flow.Vocabulary() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | `%s` |\n", a.Name, a.Meaning, a.Unit, a.Example)
	}
	return b.String() + mappingsPage
}

const mappingsPage = `
## Mappings

Sensors and webhooks are read through a mapping, named by the source. ` + "`beia` and `plain`" + ` ship with the program
(content/mappings); others are written in the configuration, where they replace those of the same name:

` + "```yaml" + `
mappings:
  - name: nurse-call
    category: medical
    action_path: event.type          # where the sender says what happened
    actions: [{from: CALL, to: call.opened}, {from: CLEAR, to: call.closed}]
    time: event.at
    fields:
      - {attribute: message, path: event.text}
      - {attribute: log.product, value: nurse-call}
    assets:
      - {kind: panel, path: "@channel/1", role: observer}   # a segment of the MQTT topic
    quantities:
      - {name: battery, path: battery.volts, unit: V}
` + "```" + `
`

// TestVocabularyNames keeps names unique, dotted and in lower case.
func TestVocabularyNames(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range flow.Vocabulary() {
		if seen[a.Name] || a.Name != strings.ToLower(a.Name) || a.Meaning == "" || a.Example == "" {
			t.Errorf("attribute %q is named twice, in capitals, or without meaning or example", a.Name)
		}
		seen[a.Name] = true
	}
}
