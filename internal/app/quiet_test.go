package app

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"warder/content"
	"warder/internal/capability/exercise"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/detect/sigma"
	"warder/test/scenario"
)

// mostOfAQuietDay is how many alerts of severity medium and above may come of a
// quiet day: each may be an incident of its own.
const mostOfAQuietDay = 20

// TestQuietDayRaisesLittle shows the records of the quiet day to our own rules
// and to the public set's of level high and critical, on the short way.
func TestQuietDayRaisesLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("a day of noise takes some seconds")
	}
	var more []sigma.Folder
	if dir := gravePublicRules(t); dir != "" {
		more = append(more, sigma.Folder{Name: "public", FS: os.DirFS(dir), Root: "."})
	}
	w := newShortWay(t, more...)
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		t.Fatal(err)
	}
	story, err := library.Find("q-quiet-day")
	if err != nil {
		t.Fatal(err)
	}
	grave := map[string]int{}
	total := 0
	noise := exercise.QuietDay(referenceHospital(t), *story.Noise)
	for _, a := range w.play(t, exercise.Merge(noise, slices.Values(story.Timeline))) {
		if a.Severity.Rank() >= flow.SeverityMedium.Rank() {
			grave[a.Text.Params["title"]]++
			total++
		}
	}
	for _, title := range slices.SortedFunc(maps.Keys(grave), func(a, b string) int { return cmp.Compare(grave[b], grave[a]) }) {
		t.Logf("%3d %s", grave[title], title)
	}
	if total > mostOfAQuietDay {
		t.Errorf("%d alerts of severity medium and above, want %d at most", total, mostOfAQuietDay)
	}
}

func referenceHospital(t testing.TB) *hospital.Snapshot {
	t.Helper()
	model, err := shipped(content.FS, "reference")
	if err != nil {
		t.Fatal(err)
	}
	snapshot, problems := hospital.Build(model)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return snapshot
}

// gravePublicRules writes the public rules of level high and critical to a
// folder; "" when the public set is not here.
func gravePublicRules(t *testing.T) string {
	t.Helper()
	if _, ok := foreignFile(publicRules); !ok {
		return ""
	}
	dir := t.TempDir()
	for name, file := range publicRuleFiles(t) {
		var head struct{ Level string }
		if err := yaml.NewDecoder(bytes.NewReader(file.Data)).Decode(&head); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if head.Level != "high" && head.Level != "critical" {
			continue
		}
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
