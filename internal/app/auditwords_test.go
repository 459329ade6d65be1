package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryActionHasAWord finds the actions that the sources write into the
// audit, and looks them up in the console's catalogue, whose own test holds the
// other language against it.
func TestEveryActionHasAWord(t *testing.T) {
	words, err := os.ReadFile(filepath.Join("..", "..", "web", "src", "lib", "i18n", "audit.en.ts"))
	if err != nil {
		t.Fatal(err)
	}
	actions := writtenActions(t)
	if len(actions) < 50 {
		t.Fatalf("only %d actions were found in the sources", len(actions))
	}
	for action, where := range actions {
		if !strings.Contains(string(words), "'action."+action+"':") {
			t.Errorf("audit.en.ts has no word for %s (%s)", action, where)
		}
	}
	for _, m := range regexp.MustCompile(`'action\.([\w.-]+)'`).FindAllStringSubmatch(string(words), -1) {
		if actions[m[1]] == "" {
			t.Errorf("audit.en.ts has a word for %s, which nothing writes", m[1])
		}
	}
}

// endsOfActions is what follows the beginnings of actions that are put together.
func endsOfActions() map[string][]string {
	return map[string][]string{
		"hospital.":      {"import", "adopt", "remove-demo"},
		"unknown-asset.": {"adopted", "ignored"},
		"incident.": {"acknowledge", "comment", "dispatch", "escalate", "merge", "owner", "shelve", "split", "status",
			"unshelve", "verdict"},
	}
}

// writtenActions lists actions by the forms in which the sources give them.
func writtenActions(t *testing.T) map[string]string {
	t.Helper()
	const form = `(?:\bAction:|\baction:|\bLook =|\bLook:|u\.audit\(ctx,|m\.audit\(ctx,|m\.entry\(ctx,|m\.record\(ctx,|m\.record\(r\.Context\(\),|l\.note\(ctx,|m\.audit\(ctx, who,|m\.audit\(r\.Context\(\), module\.Caller\(r\.Context\(\)\),|p\.(?:entry|remove|update)\((?:ctx|who),|m\.keep\((?:ctx|keeping), e,)\s*"([a-z-]+\.[a-z.-]*)"`
	actions := map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "web" || d.Name() == "bench" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return orSkip(err)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "eventstest") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(src), "store") && !strings.Contains(string(src), "module.") {
			return err
		}
		for _, m := range regexp.MustCompile(form).FindAllStringSubmatch(string(src), -1) {
			if !strings.HasSuffix(m[1], ".") {
				actions[m[1]] = path
				continue
			}
			ends := endsOfActions()[m[1]]
			if len(ends) == 0 {
				t.Errorf("%s: this test does not know how actions end that begin with %q", path, m[1])
			}
			for _, end := range ends {
				actions[m[1]+end] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

func orSkip(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}
