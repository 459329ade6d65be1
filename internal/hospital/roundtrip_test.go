package hospital_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// TestExportImport is the promise of the formats: what is exported, imported,
// is the same model, in both formats.
func TestExportImport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := hospital.Generate(hospital.GenerateOptions{Beds: 1, Seed: rapid.Int64().Draw(t, "seed")})
		m.Demo = rapid.Bool().Draw(t, "demo")
		scribble(t, m)
		for _, format := range []hospital.Format{hospital.YAML, hospital.CSV} {
			var b bytes.Buffer
			if err := hospital.WriteZip(&b, m, format); err != nil {
				t.Fatal(err)
			}
			got, problems := hospital.ImportBytes("export.zip", b.Bytes())
			for _, p := range problems {
				t.Errorf("%s: %v", format, p)
			}
			if diff := sameModel(m, got); diff != "" {
				t.Fatalf("%s: the model differs (-exported +imported):\n%s", format, diff)
			}
		}
	})
}

// scribble puts texts of all kinds into a few assets and dependencies.
func scribble(t *rapid.T, m *hospital.Model) {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"a;b", `back\slash`, "k=v", "x|y", "Bâtiment", "true", "null", "~", "12", "1e3", "0x1f", "- dash", "+1", "@x", "'=x", "'",
			"# hash", "a: b", "{x}", "[x]", "'q'", `"q"`, "line\nline", "tab\tx", "<<", "=cmd()", "2026-11-22", "!tag", "&a", "*a", "%", "@", "`"}),
		rapid.StringN(1, 20, -1),
	).Filter(allowedText)
	for range 5 {
		a := &m.Assets[rapid.IntRange(0, len(m.Assets)-1).Draw(t, "asset")]
		a.Name = text.Draw(t, "name")
		a.Owner = text.Draw(t, "owner")
		a.Hub = rapid.Bool().Draw(t, "hub")
		a.Tags = rapid.SliceOfN(text, 1, 3).Draw(t, "tags")
		if a.Kind != hospital.Controller && a.Kind != hospital.Data {
			a.Attributes = rapid.MapOfN(text, text, 1, 3).Draw(t, "attributes")
		}
		a.Protections = []hospital.Protection{
			{Against: flow.ThreatFire, Degree: rapid.Float64Range(0, 1).Draw(t, "degree"), By: []string{m.Assets[0].ID, a.ID}, Note: text.Draw(t, "note")},
			{Against: flow.ThreatTheft, Degree: 1, Note: text.Draw(t, "note")},
			{Against: flow.ThreatScan, By: []string{a.ID}},
		}
		d := &m.Dependencies[rapid.IntRange(0, len(m.Dependencies)-1).Draw(t, "dependency")]
		d.Note = text.Draw(t, "note")
		d.Autonomy = time.Duration(rapid.Int64Range(0, int64(time.Hour*1000)).Draw(t, "autonomy"))
		d.Likelihood = rapid.Float64Range(1e-9, 1).Draw(t, "likelihood")
	}
}

// allowedText is what validation lets through, as far as the formats care.
func allowedText(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffd || r == 0xfeff ||
			r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	})
}

// TestExportPath writes to folders and zips, with drawings, and never over anything.
func TestExportPath(t *testing.T) {
	m := hospital.Generate(hospital.GenerateOptions{Beds: 30})
	m.Plans = []hospital.Plan{{ID: "p", Name: "Plan", Place: "s1", File: "plans/p.svg",
		SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect data-asset="s1-b1"/></svg>`)}}
	for name, csv := range map[string]bool{"folder": false, "tables": true, "a.zip": false, "b.zip": true} {
		to := filepath.Join(t.TempDir(), name)
		if err := hospital.ExportPath(m, to, csv); err != nil {
			t.Fatal(err)
		}
		got, problems := hospital.ImportPath(to)
		for _, p := range problems {
			t.Errorf("%s: %v", name, p)
		}
		if diff := sameModel(m, got); diff != "" {
			t.Errorf("%s: the model differs (-exported +imported):\n%s", name, diff)
		}
		if err := hospital.ExportPath(m, to, csv); err == nil {
			t.Errorf("%s: was written a second time over the first", name)
		}
	}
}

func TestImportPathSaysWhatIsMissing(t *testing.T) {
	if _, p := hospital.ImportPath(filepath.Join(t.TempDir(), "none")); len(p) != 1 || p[0].Rule != hospital.RuleReadable {
		t.Errorf("problems of a path that is not there: %v", p)
	}
}
