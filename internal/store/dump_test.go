package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// dumped is a dump in memory.
type dumped struct {
	shape  store.Shape
	chunks []store.Chunk
}

func dump(t *testing.T, s *store.Store) dumped {
	t.Helper()
	sn, err := s.Snapshot(t.Context(), func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer sn.Close()
	d := dumped{shape: sn.Shape}
	if err := sn.Dump(t.Context(), func(c store.Chunk) error { d.chunks = append(d.chunks, c); return nil }); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d dumped) source(ctx context.Context, table string, take func(store.Chunk) error) error {
	for _, c := range d.chunks {
		if c.Table == table {
			if err := take(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d dumped) load(t *testing.T, o store.Options) error {
	t.Helper()
	return store.Load(t.Context(), o, d.shape, d.source, func(context.Context, *store.Tx) error { return nil })
}

// rows gives every table's rows in words that do not depend on order.
func (d dumped) rows(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range d.shape.Tables {
		for _, c := range d.chunks {
			if c.Table != table.Name {
				continue
			}
			in := cbor.NewDecoder(strings.NewReader(string(c.Data)))
			for range c.Rows {
				var row []any
				if err := in.Decode(&row); err != nil {
					t.Fatal(err)
				}
				all[table.Name] = append(all[table.Name], sentence(t, table, row))
			}
		}
		slices.Sort(all[table.Name])
	}
	return all
}

func sentence(t *testing.T, table store.Table, row []any) string {
	t.Helper()
	parts := make([]string, len(row))
	for i, v := range row {
		if b, ok := v.([]byte); ok && table.Columns[i].Kind == store.JSON { // an engine may write a document its own way
			var doc any
			if err := json.Unmarshal(b, &doc); err != nil {
				t.Fatal(err)
			}
			v = doc
		}
		parts[i] = fmt.Sprintf("%s=%#v", table.Columns[i].Name, v)
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// Words that both engines take, with quotes, accents and line ends among them.
func words() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 \n'\"\\%_;é漢🛡{}[]:,")), 0, 40, -1)
}

func value(kind store.Kind) *rapid.Generator[any] {
	switch kind {
	case store.Integer:
		return rapid.Int64().AsAny()
	case store.Boolean:
		return rapid.Bool().AsAny()
	case store.Bytes:
		return rapid.SliceOfN(rapid.Byte(), 0, 300).AsAny()
	case store.Double:
		return rapid.Float64().AsAny()
	case store.JSON:
		return rapid.Map(rapid.MapOfN(words(), words(), 0, 3), func(m map[string]string) any {
			text, _ := json.Marshal(m)
			return string(text)
		})
	}
	return words().AsAny()
}

// scribble fills every table with random rows.
func scribble(t *testing.T, s *store.Store, seed int) {
	t.Helper()
	shape := dump(t, s).shape
	err := s.Space("store").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO api_users (id, name, role, password, locale, theme, intended_use, created)
			VALUES ('somebody', 'n', 'r', 'p', 'l', 't', 0, 0)`); err != nil {
			return err
		}
		for n, table := range shape.Tables {
			for i := range 5 {
				if err := scribbleRow(ctx, tx, table, seed*1000+n*10+i); err != nil {
					return fmt.Errorf("%s: %w", table.Name, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func scribbleRow(ctx context.Context, tx *store.Tx, table store.Table, seed int) error {
	var names, places []string
	var args []any
	for i, c := range table.Columns {
		names, places = append(names, `"`+c.Name+`"`), append(places, fmt.Sprintf("$%d", i+1))
		v := value(c.Kind).Example(seed*100 + i)
		switch {
		case c.Name == "user_id":
			v = "somebody"
		case c.Name == "seq" || c.Name == "number":
			v = int64(seed) // must differ, and the order of the outbox goes on behind it
		case c.Kind == store.Text:
			v = fmt.Sprint(v, "#", seed)
		}
		args = append(args, v)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO "`+table.Name+`" (`+strings.Join(names, ",")+`) VALUES (`+strings.Join(places, ",")+`)`, args...)
	return err
}

// seeds is how often a property is tried: each makes two databases.
func seeds() int {
	if testing.Short() {
		return 1
	}
	return 5
}

// What is in the database comes back the same, from each engine into each.
func TestDumpComesBack(t *testing.T) {
	engines := map[string]func(testing.TB) store.Options{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
	for from, makeFrom := range engines {
		for to, makeTo := range engines {
			t.Run(from+" to "+to, func(t *testing.T) {
				for seed := range seeds() {
					s := storetest.Open(t, makeFrom(t))
					scribble(t, s, seed)
					before := dump(t, s)
					o := makeTo(t)
					if err := before.load(t, o); err != nil {
						t.Fatal(err)
					}
					back := storetest.Open(t, o)
					if diff := cmp.Diff(before.rows(t), dump(t, back).rows(t)); diff != "" {
						t.Fatalf("seed %d: %s", seed, diff)
					}
					write(t, back, emit("alert", 1)) // the outbox goes on behind what was there
					if err := before.load(t, o); fault.KindOf(err) != fault.Conflict {
						t.Errorf("a second load: %v, want a refusal", err)
					}
				}
			})
		}
	}
}

// A snapshot is one moment, and what the outbox held then is not on the topics.
func TestSnapshotIsOneMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		write(t, s, emit("alert", 1))
		sn, err := s.Snapshot(t.Context(), func(context.Context) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		defer sn.Close()
		for n := range 3 {
			write(t, s, emit("alert", n))
		}
		rows := 0
		if err := sn.Dump(t.Context(), func(c store.Chunk) error {
			if c.Table == "store_outbox" {
				rows += c.Rows
			}
			return nil
		}); err != nil || rows != 1 {
			t.Errorf("%d messages, %v; want the one from before", rows, err)
		}
	})
}

// What does not fit is refused, and nothing of it stays.
func TestLoadRefuses(t *testing.T) {
	source := storetest.Open(t, storetest.SQLite(t))
	scribble(t, source, 1)
	good := dump(t, source)
	spoilt := map[string]func(*dumped){
		"a newer version":  func(d *dumped) { d.shape.Migrations = append(slices.Clone(d.shape.Migrations), 99999) },
		"a missing table":  func(d *dumped) { d.shape.Tables = d.shape.Tables[1:] },
		"a foreign column": func(d *dumped) { d.shape.Tables[0].Columns[0].Name = "foreign" },
		"a row too few":    func(d *dumped) { d.chunks[3].Rows++ },
		"a torn row":       func(d *dumped) { d.chunks[3].Data = d.chunks[3].Data[:len(d.chunks[3].Data)-1] },
		"a row of another": func(d *dumped) { d.chunks[3].Data, d.chunks[3].Rows = d.chunks[0].Data, d.chunks[0].Rows },
	}
	for name, spoil := range spoilt {
		t.Run(name, func(t *testing.T) {
			storetest.EachOptions(t, func(t *testing.T, o store.Options) {
				d := dumped{shape: store.Shape{Migrations: good.shape.Migrations}, chunks: slices.Clone(good.chunks)}
				for _, table := range good.shape.Tables {
					d.shape.Tables = append(d.shape.Tables, store.Table{Name: table.Name, Columns: slices.Clone(table.Columns)})
				}
				spoil(&d)
				if err := d.load(t, o); fault.KindOf(err) == fault.Internal {
					t.Fatalf("error %v, want a refusal in words", err)
				}
				if err := store.Vacant(t.Context(), o); err != nil {
					t.Errorf("something stayed: %v", err)
				}
			})
		})
	}
}

func TestInstanceKeepsItsName(t *testing.T) {
	o := store.Options{Path: filepath.Join(t.TempDir(), "a.db")}
	s := storetest.Open(t, o)
	name, err := s.Instance(t.Context())
	if err != nil || name == "" {
		t.Fatal(name, err)
	}
	if again, err := s.Instance(t.Context()); err != nil || again != name {
		t.Errorf("%s became %s, %v", name, again, err)
	}
}

// BenchmarkDump measures how fast rows of the audit leave and come back.
func BenchmarkDump(b *testing.B) {
	for _, makeOne := range []func(testing.TB) store.Options{storetest.SQLite, storetest.Postgres} {
		s := storetest.Open(b, makeOne(b))
		const rows = 50_000
		err := s.Space("store").Write(b.Context(), func(ctx context.Context, tx *store.Tx) error {
			for n := range rows {
				if err := tx.Audit(ctx, store.Entry{Action: "probe", Subject: fmt.Sprint(n), Detail: map[string]any{"n": n}}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.Engine(), func(b *testing.B) {
			for b.Loop() {
				var d dumped
				sn, err := s.Snapshot(b.Context(), func(context.Context) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
				d.shape = sn.Shape
				if err := sn.Dump(b.Context(), func(c store.Chunk) error { d.chunks = append(d.chunks, c); return nil }); err != nil {
					b.Fatal(err)
				}
				sn.Close()
				if err := store.Load(b.Context(), makeOne(b), d.shape, d.source, func(context.Context, *store.Tx) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
