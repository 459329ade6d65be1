package inspect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheGuidesRule holds what docs/guide/write-a-rule.md tells people to write
// against itself: the rule can be loaded and passes its test.
func TestTheGuidesRule(t *testing.T) {
	guide, err := os.ReadFile("../../../docs/guide/write-a-rule.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	parts := strings.Split(string(guide), "```yaml\n")
	for i, name := range []string{"pharmacy-badge.yml", "pharmacy-badge.test.yml"} {
		text, _, _ := strings.Cut(parts[i+1], "```")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rules := load(t, dir)
	run, err := rules.Test(t.Context(), nil, RegressionOptions{Now: now})
	if err != nil || run.Passed != 3 || run.Failed > 0 || len(rules.Failed()) > 0 {
		t.Errorf("%v, %+v, %v", err, run, rules.Failed())
	}
}
