package hospital

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"strings"
)

// csv reads one CSV file (RFC 4180); its name says which records it holds, its
// first row which columns, in any order. Semicolons between columns, as
// spreadsheets write them in half of Europe, are understood.
func (l *loader) csv(name string, data []byte) {
	table, ok := l.csvTable(name)
	if !ok {
		return
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	f := &csvFile{loader: l, name: name, reader: r, table: table}
	if f.header() {
		f.rows()
	}
}

// csvTable is what a kind of CSV file holds.
type csvTable struct {
	list     string
	columns  []string
	required []string
	row      func(*csvFile)
}

func (l *loader) csvTable(name string) (csvTable, bool) {
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.HasPrefix(base, "assets"):
		return csvTable{"assets", l.keys.asset, []string{"id", "kind", "name"}, (*csvFile).asset}, true
	case strings.HasPrefix(base, "dependencies"):
		return csvTable{"dependencies", l.keys.dependency, []string{"from", "to", "relation"}, (*csvFile).dependency}, true
	case strings.HasPrefix(base, "plans"):
		return csvTable{"plans", l.keys.plan, l.keys.plan, (*csvFile).plan}, true
	}
	l.lost(name, 0, RuleReadable, "a CSV file is named assets*.csv, dependencies*.csv or plans*.csv; rename it")
	return csvTable{}, false
}

// csvFile reads the rows of one file.
type csvFile struct {
	*loader
	name   string
	reader *csv.Reader
	table  csvTable
	column map[string]int
	width  int
	cells  []string
	line   int
}

func (f *csvFile) bad(rule Rule, format string, args ...any) {
	f.problem(f.name, f.line, rule, format, args...)
}

// next reads a row; badly quoted ones are problems and passed over.
func (f *csvFile) next() bool {
	for {
		cells, err := f.reader.Read()
		if errors.Is(err, io.EOF) {
			return false
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			f.lost(f.name, syntax.Line, RuleSyntax, "is not well-formed CSV: %s in column %d", syntax.Err, syntax.Column)
			continue
		}
		if err != nil {
			f.lost(f.name, f.line, RuleReadable, "cannot be read: %s", reason(err))
			return false
		}
		f.cells = cells
		f.line, _ = f.reader.FieldPos(0)
		return true
	}
}

// header reads the column names. Without the required ones no row can be read.
func (f *csvFile) header() bool {
	if !f.next() {
		f.problem(f.name, 0, RuleCSVColumn, "is empty; the first row names the columns: %s", strings.Join(f.table.columns, ","))
		return false
	}
	f.column = make(map[string]int, len(f.cells))
	f.width = len(f.cells)
	for i, c := range f.cells {
		c = strings.ToLower(strings.TrimSpace(c))
		_, twice := f.column[c]
		switch {
		case !contains(f.table.columns, c):
			f.bad(RuleCSVColumn, "unknown column %q%s", shorten(c), orList(c, f.table.columns))
		case twice:
			f.bad(RuleCSVColumn, "column %q stands twice", c)
		default:
			f.column[c] = i
		}
	}
	complete := true
	for _, c := range f.table.required {
		if _, ok := f.column[c]; !ok {
			f.lost(f.name, f.line, RuleCSVColumn, "column %q is missing", c)
			complete = false
		}
	}
	return complete
}

func (f *csvFile) rows() {
	for f.next() {
		switch {
		case strings.TrimSpace(strings.Join(f.cells, "")) == "":
			continue // spreadsheets leave empty rows behind
		case len(f.cells) > f.width:
			f.bad(RuleCSVColumn, "the row has %d cells, the first row %d; quote cells that hold a comma", len(f.cells), f.width)
			continue
		}
		if f.room(f.table.list, f.name, f.line) {
			f.table.row(f)
		}
	}
}

// cell is the text of a column in this row; "" when either is not there.
func (f *csvFile) cell(column string) string {
	i, ok := f.column[column]
	if !ok || i >= len(f.cells) {
		return ""
	}
	return unguard(f.cells[i])
}
