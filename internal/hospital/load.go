package hospital

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

// headFile is the file that says what the hospital is.
const headFile = "hospital.yaml"

// limits bound what a load may take, so that no file, however made, takes the
// machine's memory.
type limits struct {
	files        int   // YAML, CSV and SVG files
	file         int64 // bytes of one file
	all          int64 // bytes of all files
	svg          int64 // bytes of one plan
	assets       int
	dependencies int
	plans        int
	problems     int // kept; more are counted
}

func defaultLimits() limits {
	return limits{
		files: 2_000, file: 32 << 20, all: 256 << 20, svg: 2 << 20,
		assets: 500_000, dependencies: 2_000_000, plans: 1_000, problems: 10_000,
	}
}

// LoadFolder reads a model from a folder: hospital.yaml, every other .yaml,
// .yml and .csv file at any depth in the order of their paths, and the drawings
// that plans name. Names that begin with a dot or underscore are passed over.
//
// The problems are those of reading; Build finds those of the model, and Check
// both. A model with problems holds what could be read.
func LoadFolder(fsys fs.FS) (*Model, []Problem) {
	l := newLoader(fsys, defaultLimits())
	l.folder()
	return l.done()
}

// LoadYAML reads a model from one YAML file, which may hold everything that
// hospital.yaml and the others hold, except drawings.
func LoadYAML(name string, data []byte) (*Model, []Problem) {
	l := newLoader(nil, defaultLimits())
	if l.admit(name, data) {
		l.yaml(name, data, true)
	}
	return l.done()
}

// loader gathers a model from files.
type loader struct {
	fsys     fs.FS
	limits   limits
	model    *Model
	origins  *origins
	problems []Problem
	dropped  int // problems beyond the limit
	files    int
	bytes    int64
	full     map[string]bool // lists that are at their limit
	keys     columns
}

func newLoader(fsys fs.FS, lim limits) *loader {
	o := new(origins)
	return &loader{fsys: fsys, limits: lim, model: &Model{origins: o}, origins: o, full: make(map[string]bool), keys: allColumns()}
}

func (l *loader) problem(file string, line int, rule Rule, format string, args ...any) {
	if len(l.problems) >= l.limits.problems {
		l.dropped++
		return
	}
	l.problems = append(l.problems, Problem{File: file, Line: line, Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// count is how many problems there are, kept or not.
func (l *loader) count() int { return len(l.problems) + l.dropped }

// lost notes a problem that made a whole file, or the rest of it, unreadable:
// what refers to its assets is then no problem of its own.
func (l *loader) lost(file string, line int, rule Rule, format string, args ...any) {
	l.origins.partial = true
	l.problem(file, line, rule, format, args...)
}

func (l *loader) done() (*Model, []Problem) {
	if l.dropped > 0 {
		l.problems = append(l.problems, Problem{Rule: RuleBounds,
			Text: fmt.Sprintf("%d more problems are not listed; correct these first", l.dropped)})
	}
	return normal(l.model), sortProblems(l.problems)
}

func (l *loader) folder() {
	if _, err := fs.Stat(l.fsys, headFile); err != nil {
		l.lost(headFile, 0, RuleHospital, "the folder has no hospital.yaml; write one with name and time_zone")
		if errors.Is(err, fs.ErrNotExist) && !l.anyModelFile() {
			return
		}
	}
	err := fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			l.lost(name, 0, RuleReadable, "cannot be read: %s", reason(err))
			return nil
		}
		return l.visit(name, d)
	})
	if err != nil && !errors.Is(err, errTooMany) {
		l.lost("", 0, RuleReadable, "the folder cannot be read: %s", reason(err))
	}
	l.origins.drawn = true
	for i := range l.model.Plans {
		l.drawing(i)
	}
}

// anyModelFile tells a folder of something else from a model without its head.
func (l *loader) anyModelFile() bool {
	for _, pattern := range []string{"*.yaml", "*.yml", "*.csv"} {
		if found, _ := fs.Glob(l.fsys, pattern); len(found) > 0 {
			return true
		}
	}
	return false
}

var errTooMany = errors.New("too many files")

func (l *loader) visit(name string, d fs.DirEntry) error {
	if base := d.Name(); name != "." && (base[0] == '.' || base[0] == '_') {
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if d.IsDir() {
		return nil
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		if data, ok := l.read(name, l.limits.file); ok {
			l.yaml(name, data, name == headFile)
		}
	case ".csv":
		if data, ok := l.read(name, l.limits.file); ok {
			l.csv(name, data)
		}
	}
	if l.files > l.limits.files {
		return errTooMany
	}
	return nil
}

// read takes a file in, within the bounds.
func (l *loader) read(name string, most int64) ([]byte, bool) {
	if l.files++; l.files > l.limits.files {
		l.lost("", 0, RuleBounds, "the folder has more than %d files; put assets together", l.limits.files)
		return nil, false
	}
	if info, err := fs.Stat(l.fsys, name); err == nil && !info.Mode().IsRegular() { // to open a pipe may wait for ever
		l.lost(name, 0, RuleReadable, "cannot be read: it is no regular file")
		return nil, false
	}
	f, err := l.fsys.Open(name)
	if err != nil {
		l.lost(name, 0, RuleReadable, "cannot be read: %s", reason(err))
		return nil, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		l.lost(name, 0, RuleReadable, "cannot be read: %s", reason(err))
		return nil, false
	}
	if int64(len(data)) > most {
		l.lost(name, 0, RuleBounds, "is larger than %s; split it", megabytes(most))
		return nil, false
	}
	if !l.admit(name, data) {
		return nil, false
	}
	return data, true
}

// admit checks what every file must be, and counts its bytes.
func (l *loader) admit(name string, data []byte) bool {
	if l.bytes += int64(len(data)); l.bytes > l.limits.all {
		l.lost(name, 0, RuleBounds, "brings the files above %s together", megabytes(l.limits.all))
		return false
	}
	if int64(len(data)) > l.limits.file {
		l.lost(name, 0, RuleBounds, "is larger than %s; split it", megabytes(l.limits.file))
		return false
	}
	if !utf8.Valid(data) {
		l.lost(name, lineOfBadByte(data), RuleReadable, "is not UTF-8; save it again as UTF-8")
		return false
	}
	return true
}

// drawing reads the SVG of a plan.
func (l *loader) drawing(i int) {
	p := &l.model.Plans[i]
	where := at(l.origins.plans, i)
	if l.fsys == nil || !fs.ValidPath(p.File) || !strings.EqualFold(path.Ext(p.File), ".svg") {
		return // a rule of the model says what is wrong
	}
	if _, err := fs.Stat(l.fsys, p.File); errors.Is(err, fs.ErrNotExist) {
		l.problem(where.file, where.of("file"), RulePlanFile, "plan %q: there is no file %s in the folder", p.ID, p.File)
		p.SVG = nil
		return
	}
	p.SVG, _ = l.read(p.File, l.limits.svg)
}

// reason is an I/O error without the paths of the machine that it happened on.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func megabytes(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

func lineOfBadByte(data []byte) int {
	for n := 0; n < len(data); {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size <= 1 {
			return 1 + bytes.Count(data[:n], []byte("\n"))
		}
		n += size
	}
	return 0
}
