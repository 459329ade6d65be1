package notify_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"warder/content"
	"warder/internal/flow"
)

// TestEveryTextIsTranslated finds the codes of machine text in the sources of
// the stages from correlate on, and looks them up in both catalogues.
func TestEveryTextIsTranslated(t *testing.T) {
	catalogues := map[string]map[string]string{}
	for _, locale := range []string{"en", "fr"} {
		b, err := content.FS.ReadFile("notices/" + locale + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		entries := map[string]string{}
		if err := yaml.Unmarshal(b, &entries); err != nil {
			t.Fatal(err)
		}
		catalogues[locale] = entries
	}
	for code := range codes(t) {
		for locale, entries := range catalogues {
			if entries[code] == "" {
				t.Errorf("%s: no text for %s", locale, code)
			}
		}
	}
	for code, en := range catalogues["en"] {
		if placeholders(en) != placeholders(catalogues["fr"][code]) {
			t.Errorf("%s: en speaks of %s, fr of %s", code, placeholders(en), placeholders(catalogues["fr"][code]))
		}
	}
}

func codes(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	literal := regexp.MustCompile(`"((?:join|incident|timeline|notice|plan|impact)\.[a-z.-]+)"`)
	act := regexp.MustCompile(`name: "([a-z]+)"`)
	for _, stage := range []string{"correlate", "impact", "respond", "notify"} {
		names, err := filepath.Glob(filepath.Join("..", stage, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
				code := m[1]
				// Audit actions have the same form; prefixes are completed below.
				if code != "notice.acknowledge" && code != "plan.add" && code != "plan.task" && !strings.HasSuffix(code, ".") && !strings.HasSuffix(code, "-") {
					found[code] = true
				}
			}
			if stage == "correlate" {
				for _, m := range act.FindAllStringSubmatch(string(b), -1) {
					found["timeline."+m[1]] = true
				}
			}
		}
	}
	for _, threat := range flow.Threats() {
		found["incident.title."+string(threat)], found["threat."+string(threat)] = true, true
	}
	for _, state := range []string{"lost", "degraded"} {
		found["notice.service-"+state], found["notice.services-"+state], found["timeline.outlook-"+state] = true, true, true
	}
	for _, state := range []flow.TaskState{flow.TaskOpen, flow.TaskDoing, flow.TaskDone, flow.TaskSkipped} {
		found["plan.task-"+string(state)] = true
	}
	return found
}

// placeholders lists the parameters of a template, once each, by name.
func placeholders(template string) string {
	template = strings.ReplaceAll(template, "_fr}", "}") // a rule's title comes in both languages
	names := regexp.MustCompile(`\{[a-z_]+\}`).FindAllString(template, -1)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}
