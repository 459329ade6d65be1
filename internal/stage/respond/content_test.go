package respond

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"warder/content"
	"warder/internal/flow"
)

func shipped(t *testing.T) *Playbooks {
	t.Helper()
	p, err := LoadPlaybooks(content.FS, "playbooks")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEveryThreatHasAPlaybook binds an incident of each type.
func TestEveryThreatHasAPlaybook(t *testing.T) {
	set := shipped(t)
	want := map[flow.Threat]string{
		flow.ThreatFire: "fire", flow.ThreatTheft: "intrusion", flow.ThreatBadgeMisuse: "badge-misuse", flow.ThreatMalware: "cyber",
		flow.ThreatScan: "cyber", flow.ThreatCompromise: "cyber", flow.ThreatPhishing: "phishing", flow.ThreatManipulation: "data-manipulation",
		flow.ThreatFlood: "flood", flow.ThreatLost: "power-loss", flow.ThreatHot: "climate", flow.ThreatSourceSilent: "source-silent",
	}
	for _, threat := range flow.Threats() {
		p, ok := set.forType(&flow.Incident{Type: threat})
		if !ok {
			t.Errorf("%s: no playbook", threat)
			continue
		}
		if w := want[threat]; w != "" && p.ID != w {
			t.Errorf("%s: playbook %s, want %s", threat, p.ID, w)
		}
	}
	if p, ok := set.forType(&flow.Incident{Type: "something-new"}); !ok || p.ID != "generic" {
		t.Errorf("an unknown type gets %v", p)
	}
}

// TestBlockingStepsSaySo finds steps that speak of blocking without declaring
// what they block: those could not be withheld.
func TestBlockingStepsSaySo(t *testing.T) {
	for _, p := range shipped(t).All() {
		for _, s := range p.Steps {
			text := strings.ToLower(s.Text["en"])
			for _, word := range []string{"lock the", "isolate", "switch off the", "off the network", "close the valve", "stop the account"} {
				harmless := strings.Contains(text, "without locking") || strings.HasPrefix(text, "lock the accounts")
				if strings.Contains(text, word) && !harmless && len(s.Blocks) == 0 {
					t.Errorf("%s.%s: %q and no blocks", p.ID, s.ID, word)
				}
			}
		}
	}
}

func TestTextsInEveryLocale(t *testing.T) {
	texts := shipped(t).Texts()
	for code := range texts["en"] {
		if texts["fr"][code] == "" {
			t.Errorf("fr: no text for %s", code)
		}
	}
	if len(texts["en"]) < 60 {
		t.Errorf("only %d texts", len(texts["en"]))
	}
}

func TestLoadPlaybooksSaysWhatIsWrong(t *testing.T) {
	files := fstest.MapFS{
		"p/a.yaml": {Data: []byte("id: a\ntitle: {en: A}\nthreats: [rain]\nsteps: [{id: x, for: nobody, text: {en: X}, blocks: [cloud]}]\n")},
		"p/b.yaml": {Data: []byte("id: b\ncolour: red\n")},
	}
	_, err := LoadPlaybooks(files, "p")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"title.fr", `unknown threat "rain"`, `for "nobody"`, "text.fr", `unknown kind "cloud"`, "p/b.yaml", "colour"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among:\n%v", want, err)
		}
	}
}

func FuzzLoadPlaybooks(f *testing.F) {
	entries, err := content.FS.ReadDir("playbooks")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		b, err := content.FS.ReadFile("playbooks/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		set, err := LoadPlaybooks(fstest.MapFS{"p/x.yaml": {Data: b}}, "p")
		if err == nil && slices.ContainsFunc(set.All(), func(p Playbook) bool { return len(p.Steps) == 0 }) {
			t.Error("accepted a playbook without steps")
		}
	})
}
