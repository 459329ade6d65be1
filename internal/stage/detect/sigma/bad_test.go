package sigma

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const sound = "title: Sound\nid: sound\nlogsource: {category: test}\ndetection: {s: {a: 1}, condition: s}\n"

// TestHostileInput: whatever is in one file is told of in moderate time, and the
// rule beside it works.
func TestHostileInput(t *testing.T) {
	detection := func(body string) string { return "title: T\nid: t\ndetection:\n" + body }
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	for name, c := range map[string]struct{ text, want string }{
		"an alias bomb":       {detection("  s: {a: 1}\n  condition: s\n") + bomb, "its aliases written out"},
		"a circle":            {detection("  s: &s {a: [*s]}\n  condition: s\n"), "stands inside what it names"},
		"a circle by merging": {detection("  s: &s\n    <<: *s\n    a: 1\n  condition: s\n"), "stands inside what it names"},
		"deep lists":          {detection("  s: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "\n  condition: s\n"), "nested more than"},
		"deeper lists":        {detection("  s: " + strings.Repeat("[", 50_000) + "\n"), "read YAML"},
		"deep maps":           {detection("  s: " + strings.Repeat("{a: ", 5000) + strings.Repeat("}", 5000) + "\n  condition: s\n"), "nested more than"},
		"ten megabytes":       {detection("  s: {a: " + strings.Repeat("x", 10<<20) + "}\n  condition: s\n"), "a document may have 1048576"},
		"twenty megabytes":    {strings.Repeat("#\n", 10<<20), "bytes; it may have"},
		"many documents":      {strings.Repeat("---\na: 1\n", 30_000), "20000 are possible"},
		"many selections":     {detection(selections(2000) + "  condition: 1 of them\n"), "more than 1000 selections"},
		"a long condition":    {detection("  s: {a: 1}\n  condition: " + strings.Repeat("s or ", 100_000) + "s\n"), "more than 10000 words"},
		"a wide condition":    {detection(selections(900) + "  condition: " + strings.Repeat("1 of s* or ", 2400) + "s1\n"), "name too many selections"},
		"a deep condition":    {detection("  s: {a: 1}\n  condition: " + strings.Repeat("(", 4000) + "s" + strings.Repeat(")", 4000) + "\n"), "nested too deep"},
		"a long expression":   {detection("  s: {a|re: '" + strings.Repeat("a|", 20_000) + "a'}\n  condition: s\n"), "16384 are possible"},
		"a large expression":  {detection("  s: {a|re: '(((a{30}){30}){30}){30}'}\n  condition: s\n"), "re: "},
		"many encodings":      {detection("  s: {a|" + strings.Repeat("base64offset|", 12) + "contains: abcdef}\n  condition: s\n"), "becomes more than 10000 values"},
		"many dashes":         {detection("  s:\n    a|windash:\n" + strings.Repeat("    - -a -b -c -d\n", 1000) + "  condition: s\n"), "more than 200000"},
		"long dashes":         {detection("  s: {a|windash: -a -b -c -d " + strings.Repeat("x", 100_000) + "}\n  condition: s\n"), "becomes more than"},
		"many placeholders":   {detection("  s: {a|expand: '" + strings.Repeat("%p%", 30) + "'}\n  condition: s\n"), "becomes more than 10000 values"},
		"no UTF-8":            {detection("  s: {a: \"\xff\xfe\"}\n  condition: s\n"), "UTF-8"},
		"a null byte":         {"title: \x00\n", "control characters"},
		"no text":             {"\x7fELF\x01\x01", "control characters"},
		"a number":            {"5", "is no Sigma rule"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			set, err := Load(testTables(), Folder{"x", fstest.MapFS{
				"bad.yml": {Data: []byte(c.text)}, "sound.yml": {Data: []byte(sound)}, "placeholders.yaml": {Data: []byte("p: [a, b, c]\n")},
			}, "."})
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Failed) != 1 || !strings.Contains(set.Failed[0].Error, c.want) || set.Failed[0].File != "x/bad.yml" {
				t.Errorf("failed %.300q, want %q", fmt.Sprint(set.Failed), c.want)
			}
			if len(NewEngine(set).Match(event(t, `{"a":1}`))) != 1 {
				t.Error("the sound rule beside it does not work")
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func selections(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {a: %d}\n", i, i)
	}
	return b.String()
}

// TestThousandsOfValues: a rule may be large, as long as it is a rule.
func TestThousandsOfValues(t *testing.T) {
	var b strings.Builder
	b.WriteString("selection:\n  a|contains:\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "  - value-%d-x\n", i)
	}
	b.WriteString("condition: selection")
	set := ruleSet(t, b.String(), "")
	if len(set.Failed) > 0 {
		t.Fatal(set.Failed[0].Error)
	}
	e := NewEngine(set)
	if len(e.Match(event(t, `{"a":"a VALUE-19999-X b"}`))) != 1 || len(e.Match(event(t, `{"a":"value-20000-x"}`))) != 0 {
		t.Error("not met as it should be")
	}
}

// TestUnreadableFiles: what cannot be opened or is no file is told of.
func TestUnreadableFiles(t *testing.T) {
	files := fstest.MapFS{
		"sound.yml": {Data: []byte(sound)}, "pipe.yml": {Mode: fs.ModeNamedPipe}, "folder.yml/sound.txt": {},
	}
	set, err := Load(testTables(), Folder{"x", files, "."})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Failed) != 1 || set.Failed[0].File != "x/pipe.yml" || len(set.rules) != 1 {
		t.Errorf("failed: %+v", set.Failed)
	}
	if _, err := Load(testTables(), Folder{"x", files, "nowhere"}); err == nil {
		t.Error("a folder that is not there is no error")
	}
}
