package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/stage/impact"
)

// TestEveryTextIsInBothCatalogues finds the codes of machine text in the sources
// and looks them up.
func TestEveryTextIsInBothCatalogues(t *testing.T) {
	texts, err := loadTexts(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	wanted := emitted(t)
	if len(wanted) < 100 {
		t.Fatalf("only %d codes were found in the sources", len(wanted))
	}
	for code, where := range wanted {
		for _, locale := range []string{"en", "fr"} {
			if texts[locale][code] == "" {
				t.Errorf("%s.yaml has no text for %s (%s)", locale, code, where)
			}
		}
	}
}

func TestCataloguesAgree(t *testing.T) {
	texts, err := loadTexts(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	en, fr := texts["en"], texts["fr"]
	for _, code := range slices.Sorted(maps.Keys(en)) {
		if _, ok := fr[code]; !ok {
			t.Errorf("fr.yaml has no %s", code)
		} else if placeholders(en[code]) != placeholders(fr[code]) {
			t.Errorf("%s: en speaks of %s, fr of %s", code, placeholders(en[code]), placeholders(fr[code]))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(fr)) {
		if _, ok := en[code]; !ok {
			t.Errorf("en.yaml has no %s", code)
		}
	}
}

// placeholders lists the parameters of a template, once each, by name.
func placeholders(template string) string {
	template = strings.ReplaceAll(template, "_fr}", "}") // a rule's title comes in both languages
	names := regexp.MustCompile(`\{[a-z_]+\}`).FindAllString(template, -1)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// emitted lists the codes that the program can emit, with where.
func emitted(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	endings := endings(t)
	for dir, files := range packages(t) {
		s := scan{takers: map[string]int{}, say: func(e ast.Expr) {
			text, whole, ok := literal(e)
			ends := endings[text]
			if whole {
				ends = []string{""}
			}
			if ok && len(ends) == 0 {
				t.Errorf("%s: this test does not know how codes end that begin with %q", dir, text)
			}
			for _, end := range ends {
				codes[text+end] = dir
			}
		}}
		for _, f := range files {
			ast.Inspect(f, s.taker)
		}
		for _, f := range files {
			ast.Inspect(f, s.code)
		}
	}
	for _, threat := range flow.Threats() {
		codes["threat."+string(threat)] = "flow"
	}
	return codes
}

// endings gives what follows the prefixes of codes that are put together.
func endings(t *testing.T) map[string][]string {
	t.Helper()
	rules, err := impact.LoadRules(content.FS, "dependencies")
	if err != nil {
		t.Fatal(err)
	}
	var why, titles, tasks []string
	for _, r := range rules.All() {
		why = append(why, r.ID)
	}
	for _, threat := range flow.Threats() {
		titles = append(titles, string(threat))
	}
	for _, s := range []flow.TaskState{flow.TaskOpen, flow.TaskDoing, flow.TaskDone, flow.TaskSkipped} {
		tasks = append(tasks, string(s))
	}
	harm := []string{string(flow.ThreatLost), string(flow.ThreatDegraded)}
	return map[string][]string{
		"impact.why.": why, "incident.title.": titles, "plan.task-": tasks, "timeline.": acts(t),
		"timeline.outlook-": harm, "notice.service-": harm, "notice.services-": harm,
	}
}

// acts lists the names that correlate gives to what people do.
func acts(t *testing.T) (names []string) {
	t.Helper()
	for _, f := range packages(t)["../stage/correlate"] {
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.CompositeLit); ok && called(l.Type, "act") {
				for _, name := range field(l, "name") {
					if text, whole, ok := literal(name); ok && whole {
						names = append(names, text)
					}
				}
			}
			return true
		})
	}
	return names
}

// field gives what a composite literal puts into a field: one expression or none.
func field(l *ast.CompositeLit, name string) (values []ast.Expr) {
	for _, e := range l.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && called(kv.Key, name) {
			values = append(values, kv.Value)
		}
	}
	return values
}

// called tells whether an expression is a name, of this package or another.
func called(e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == name
	case *ast.SelectorExpr:
		return e.Sel.Name == name
	}
	return false
}

// scan looks for codes in one package: in the field Code of a text, and in what
// is handed to functions as a parameter named code.
type scan struct {
	takers map[string]int // functions by name, with the parameter's place
	say    func(ast.Expr)
}

func (s *scan) taker(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		s.take(n.Name.Name, n.Type)
	case *ast.AssignStmt:
		for i, e := range n.Rhs {
			f, isFunc := e.(*ast.FuncLit)
			name, isName := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident)
			if isFunc && isName {
				s.take(name.Name, f.Type)
			}
		}
	}
	return true
}

func (s *scan) take(name string, f *ast.FuncType) {
	at := 0
	for _, field := range f.Params.List {
		typ, isName := field.Type.(*ast.Ident)
		for _, p := range field.Names {
			if p.Name == "code" && isName && typ.Name == "string" {
				s.takers[name] = at
			}
			at++
		}
	}
}

func (s *scan) code(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if n.Type == nil || called(n.Type, "Text") {
			for _, v := range field(n, "Code") {
				s.say(v)
			}
		}
	case *ast.AssignStmt:
		for i, e := range n.Lhs {
			if to, ok := e.(*ast.SelectorExpr); ok && to.Sel.Name == "Code" && i < len(n.Rhs) {
				s.say(n.Rhs[i])
			}
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if at, ok := s.takers[name]; ok && at < len(n.Args) {
			s.say(n.Args[at])
		}
	}
	return true
}

// literal reads a string, or with whole = false the string that one begins with.
func literal(e ast.Expr) (text string, whole, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		ok = e.Kind == token.STRING && err == nil
		return text, ok, ok
	case *ast.BinaryExpr:
		text, _, ok = literal(e.X)
		return text, false, ok
	}
	return "", false, false
}

// packages parses the program's sources, by folder.
func packages(t *testing.T) map[string][]*ast.File {
	t.Helper()
	out := map[string][]*ast.File{}
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Join("..", filepath.Dir(name)))
		out[dir] = append(out[dir], f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
