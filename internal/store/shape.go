package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"warder/internal/kit/fault"
)

// Shape says what a dump holds: which migrations made its tables, and their columns.
type Shape struct {
	Migrations []int64 `json:"migrations"`
	Tables     []Table `json:"tables"`
}

// Table is one table of a dump.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is a column and what it holds, in words of neither engine.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Kind is what a column holds.
type Kind string

// The kinds: the types that migrations may use.
const (
	Text    Kind = "text"
	Integer Kind = "integer"
	Boolean Kind = "boolean"
	Bytes   Kind = "bytes"
	JSON    Kind = "json"
	Double  Kind = "double"
)

// kindOf reads a type as either engine names it.
func kindOf(named string) (Kind, bool) {
	switch strings.ToLower(named) {
	case "text":
		return Text, true
	case "bigint":
		return Integer, true
	case "boolean":
		return Boolean, true
	case "bytea":
		return Bytes, true
	case "jsonb":
		return JSON, true
	case "double precision":
		return Double, true
	}
	return "", false
}

// shapeOf reads which tables there are, but the one of the migrations.
func (e engine) shapeOf(ctx context.Context, r Reader) (Shape, error) {
	applied, err := appliedIn(ctx, r)
	if err != nil {
		return Shape{}, err
	}
	shape := Shape{Migrations: applied}
	rows, err := r.QueryContext(ctx, e.columns)
	if err != nil {
		return Shape{}, fmt.Errorf("list the tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column, named string
		if err := rows.Scan(&table, &column, &named); err != nil {
			return Shape{}, fmt.Errorf("list the tables: %w", err)
		}
		if table == migrationTable {
			continue
		}
		kind, ok := kindOf(named)
		if !ok {
			return Shape{}, fault.New(fault.Conflict, "column %s of table %s has the type %s, which is none of Warder's: "+
				"move tables that are not Warder's into another database or schema", column, table, named)
		}
		if n := len(shape.Tables); n == 0 || shape.Tables[n-1].Name != table {
			shape.Tables = append(shape.Tables, Table{Name: table})
		}
		last := &shape.Tables[len(shape.Tables)-1]
		last.Columns = append(last.Columns, Column{Name: column, Kind: kind})
	}
	// The engines sort and order columns in ways of their own.
	slices.SortFunc(shape.Tables, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return shape, rows.Err()
}

// Fits tells whether this program can read a dump of this shape: it knows every
// migration that made it.
func (s Shape) Fits() error {
	known, err := readMigrations(migrations())
	if err != nil {
		return err
	}
	if len(s.Migrations) == 0 {
		return fault.New(fault.Invalid, "the database in it has no version")
	}
	return refuseNewer(s.Migrations, known)
}

// same tells whether another shape has the same tables and columns, in any order.
func (s Shape) same(other Shape) bool {
	sorted := func(t Table) []Column {
		columns := slices.Clone(t.Columns)
		slices.SortFunc(columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
		return columns
	}
	return slices.EqualFunc(s.Tables, other.Tables, func(a, b Table) bool {
		return a.Name == b.Name && slices.Equal(sorted(a), sorted(b))
	})
}

// inOrder lists tables so that each comes after those that it refers to.
func (e engine) inOrder(ctx context.Context, tx *sql.Tx, tables []Table) ([]Table, error) {
	rows, err := tx.QueryContext(ctx, e.references)
	if err != nil {
		return nil, fmt.Errorf("list which table refers to which: %w", err)
	}
	defer rows.Close()
	refers := map[string][]string{}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, fmt.Errorf("list which table refers to which: %w", err)
		}
		refers[from] = append(refers[from], to)
	}
	var ordered []Table
	placed := map[string]bool{}
	var place func(Table)
	place = func(t Table) {
		if placed[t.Name] {
			return
		}
		placed[t.Name] = true // before those it refers to: a circle ends here
		for _, before := range tables {
			if slices.Contains(refers[t.Name], before.Name) {
				place(before)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		place(t)
	}
	return ordered, rows.Err()
}

// quoted names a table or column in SQL; words like "time" are names here.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (t Table) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoted(c.Name)
	}
	return strings.Join(names, ", ")
}
