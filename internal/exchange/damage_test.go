package exchange_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/exchange"
)

// stored is what a test wrote: the body at each offset, from 1.
type stored []string

func fillTopic(t *testing.T, dir string, messages, size int) stored {
	t.Helper()
	l, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var s stored
	random := rand.NewChaCha8([32]byte{byte(messages)})
	for range messages {
		body := make([]byte, 1+rand.IntN(size))
		_, _ = random.Read(body) // never fails
		if _, err := l.Append(t.Context(), "a", one(string(body))); err != nil {
			t.Fatal(err)
		}
		s = append(s, string(body))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

func flip(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[rand.IntN(len(data))] ^= 1 << rand.IntN(8)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// account reads a topic to its end and fails on anything that is neither as it
// was written nor reported. It returns how many messages were reported damaged.
func (s stored) account(t *testing.T, l exchange.Log) (lost int) {
	t.Helper()
	for after := uint64(0); after < uint64(len(s)); {
		msgs, err := l.Read(t.Context(), "a", after, 100, 0)
		var d *exchange.Damage
		switch {
		case errors.As(err, &d):
			if !errors.Is(err, exchange.ErrDamaged) || d.From != after+1 || d.Through < d.From || d.Topic != "a" {
				t.Fatalf("after %d: odd damage %v", after, err)
			}
			lost += int(d.Through - after)
			after = d.Through
		case err != nil:
			t.Fatalf("read after %d: %v", after, err)
		case len(msgs) == 0:
			t.Fatalf("the topic ends at %d of %d, unreported", after, len(s))
		}
		for _, m := range msgs {
			if m.Offset != after+1 || string(m.Body) != s[m.Offset-1] {
				t.Fatalf("offset %d after %d was changed, unreported", m.Offset, after)
			}
			after = m.Offset
		}
	}
	return lost
}

func TestFlippedBitsInTables(t *testing.T) { flipIn(t, "*.sst") }

// What is large lies beside the tables.
func TestFlippedBitsBesideTables(t *testing.T) { flipIn(t, "*.blob") }

func flipIn(t *testing.T, files string) {
	for range rounds(2, 100) {
		dir := t.TempDir()
		s := fillTopic(t, dir, 800, 60_000)
		tables, err := filepath.Glob(filepath.Join(dir, files))
		if err != nil || len(tables) == 0 {
			t.Fatalf("no %s were written: %v", files, err)
		}
		flip(t, tables[rand.IntN(len(tables))])
		l, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
		if err != nil {
			if !errors.Is(err, exchange.ErrDamaged) {
				t.Fatalf("open: %v", err)
			}
			continue
		}
		lost := s.account(t, l)
		t.Logf("%d of %d messages reported damaged", lost, len(s))
		if _, err := l.Append(t.Context(), "a", one("goes on")); err != nil {
			t.Errorf("append after damage: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFlippedBitsInTheWriteAheadLog(t *testing.T) {
	for range rounds(6, 200) {
		dir := t.TempDir()
		s := fillTopic(t, dir, 30, 3000)
		logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
		if err != nil || len(logs) == 0 {
			t.Fatalf("no write-ahead log: %v", err)
		}
		flip(t, logs[len(logs)-1])
		l, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
		if err != nil {
			if !errors.Is(err, exchange.ErrDamaged) || !strings.Contains(err.Error(), dir) {
				t.Errorf("open: %v", err)
			}
			t.Logf("refused: %v", err)
			continue
		}
		lost := s.account(t, l)
		t.Logf("%d of %d messages reported damaged", lost, len(s))
		if first, err := l.Append(t.Context(), "a", one("goes on")); err != nil || first != uint64(len(s)+1) {
			t.Errorf("append after damage: offset %d, %v", first, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}
