package hospital

import (
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
)

// Cells that hold a list separate its entries by ';', a key from its value by
// '=', and the parts of a protection by '|'; a backslash before one of these, or
// before a backslash, makes it ordinary.
const cellSpecials = `\;=|`

// Spreadsheets take a cell that begins with one of these for a formula. An
// export puts an apostrophe before it, which spreadsheets show as text and an
// import takes away; an apostrophe is guarded too, so that this is exact.
const formulaStarts = "=+-@'"

func guard(cell string) string {
	if cell != "" && strings.IndexByte(formulaStarts, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// unguard is the inverse of guard.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(formulaStarts, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// splitCell splits at a separator that no backslash stands before, and leaves
// the backslashes for plain. At most n parts when n is above 0.
func splitCell(s string, sep byte, n int) []string {
	var parts []string
	begin := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			if n > 0 && len(parts) == n-1 {
				continue
			}
			parts = append(parts, s[begin:i])
			begin = i + 1
		}
	}
	return append(parts, s[begin:])
}

// plain removes white space around a part, and its backslashes.
func plain(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(cellSpecials, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escapeCell is the inverse of plain.
func escapeCell(s string) string {
	if !strings.ContainsAny(s, cellSpecials) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(cellSpecials, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// entries lists the parts of a cell that are not empty, still with backslashes.
func (f *csvFile) entries(column string) []string {
	cell := f.cell(column)
	if cell == "" {
		return nil
	}
	var out []string
	for _, e := range splitCell(cell, ';', 0) {
		if strings.TrimSpace(e) != "" {
			out = append(out, e)
		}
	}
	return out
}

func (f *csvFile) texts(column string) []string {
	out := f.entries(column)
	for i := range out {
		out[i] = plain(out[i])
	}
	return out
}

// pairs calls for each key=value of a cell.
func (f *csvFile) pairs(column string, pair func(key, value string)) {
	for _, e := range f.entries(column) {
		parts := splitCell(e, '=', 2)
		if len(parts) != 2 {
			f.bad(RuleType, "%s: want key=value;key=value, found %q", column, shorten(e))
			continue
		}
		pair(plain(parts[0]), plain(parts[1]))
	}
}

func (f *csvFile) truth(column string) bool {
	v, ok := parseTruth(strings.TrimSpace(f.cell(column)))
	if !ok {
		f.wrong(column, f.cell(column), "true or false")
	}
	return v
}

// number reads a whole number; left out it is 0, a written 0 becomes zero.
func (f *csvFile) number(column string, zero int) int {
	s := strings.TrimSpace(f.cell(column))
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil {
		f.wrong(column, s, "a whole number")
		return 0
	}
	if v == 0 {
		return zero
	}
	return v
}

// likelihood reads a number; left out it is 0, a written 0 is out of range.
func (f *csvFile) likelihood(column string) float64 {
	s := strings.TrimSpace(f.cell(column))
	if s == "" {
		return 0
	}
	v, ok := parseReal(s)
	if !ok {
		f.wrong(column, s, "a number")
		return 0
	}
	if v == 0 {
		return outOfRange
	}
	return v
}

func (f *csvFile) duration(column string) time.Duration {
	s := strings.TrimSpace(f.cell(column))
	if s == "" {
		return 0
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		f.wrong(column, s, "a duration such as 30m, 1h30m or 90s")
	}
	return v
}

// protections reads against=degree|by by|note.
func (f *csvFile) protections(column string) (out []Protection) {
	for _, e := range f.entries(column) {
		parts := splitCell(e, '|', 3)
		head := splitCell(parts[0], '=', 2)
		if len(head) != 2 {
			f.wrong(column, e, "against=degree|asset asset|note")
			continue
		}
		p := Protection{Against: flow.Threat(plain(head[0]))}
		degree, ok := parseReal(plain(head[1]))
		if !ok {
			f.wrong(column, head[1], "a number for the degree")
			continue
		}
		p.Degree = degree
		if len(parts) > 1 {
			p.By = nilIfEmpty(strings.Fields(plain(parts[1])))
		}
		if len(parts) > 2 {
			p.Note = plain(parts[2])
		}
		out = append(out, p)
	}
	return out
}

func (f *csvFile) wrong(column, found, want string) {
	f.bad(RuleType, "%s: want %s, found %q", column, want, shorten(found))
}

func nilIfEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
