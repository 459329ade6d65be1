package tiled_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"warder/internal/audit/tiled"
)

func key(t testing.TB) *tiled.Key {
	t.Helper()
	k, made, err := tiled.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil || !made {
		t.Fatal(made, err)
	}
	return k
}

func open(t rapid.TB, dir string, k *tiled.Key) *tiled.Log {
	t.Helper()
	l, err := tiled.Open(dir, k)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func entries(from, n int) (all [][]byte) {
	for i := range n {
		all = append(all, fmt.Appendf(nil, "entry %d", from+i))
	}
	return all
}

// root computes the root of the first n entries in the plainest way.
func root(n int) tlog.Hash {
	var level []tlog.Hash
	for _, e := range entries(0, n) {
		level = append(level, tlog.RecordHash(e))
	}
	return halve(level)
}

func halve(h []tlog.Hash) tlog.Hash {
	if len(h) == 1 {
		return h[0]
	}
	k := 1
	for k*2 < len(h) {
		k *= 2
	}
	return tlog.NodeHash(halve(h[:k]), halve(h[k:]))
}

// TestAppends appends batches of any size, opening the log anew here and there,
// and reads everything back.
func TestAppends(t *testing.T) {
	k := key(t)
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "tiled")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		l, n := open(t, dir, k), 0
		tree := tiled.NewTree(nil)
		for range rapid.IntRange(1, 5).Draw(t, "batches") {
			batch := entries(n, rapid.SampledFrom([]int{1, 2, 17, 255, 256, 257, 300}).Draw(t, "size"))
			if err := l.Append(batch, nil); err != nil {
				t.Fatal(err)
			}
			for _, e := range batch {
				tree.Add(tlog.RecordHash(e))
			}
			n += len(batch)
			if got := l.Tree(); got.N != int64(n) || got.Hash != tree.Root() || got.Hash != root(n) {
				t.Fatalf("tree %v, want %d entries", got, n)
			}
			if rapid.Bool().Draw(t, "reopen") {
				l = open(t, dir, k)
			}
		}
		readsBack(t, tiled.Reader{Dir: dir}, k, n)
	})
}

func readsBack(t *rapid.T, r tiled.Reader, k *tiled.Key, n int) {
	msg, err := r.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := tiled.ReadCheckpoint(msg, k.Verifier())
	if err != nil || tree.N != int64(n) {
		t.Fatal(tree, err)
	}
	prove := r.Prover(tree)
	at := rapid.IntRange(0, n-1).Draw(t, "proved")
	entry, err := r.Entry(tree.N, int64(at))
	if err != nil || string(entry) != fmt.Sprintf("entry %d", at) {
		t.Fatalf("entry %d is %q, %v", at, entry, err)
	}
	proof, err := prove(int64(at))
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(at), tlog.RecordHash(entry)); err != nil {
		t.Fatal(err)
	}
	smaller := rapid.IntRange(0, n).Draw(t, "smaller")
	if h, err := r.RootAt(tree, int64(smaller)); err != nil || smaller > 0 && h != root(smaller) {
		t.Fatalf("root of %d: %v", smaller, err)
	}
}

// TestTornAppend leaves what an append that was cut short leaves: files beyond
// the checkpoint, with other entries than come next.
func TestTornAppend(t *testing.T) {
	k, dir := key(t), t.TempDir()
	l := open(t, dir, k)
	if err := l.Append(entries(0, 250), nil); err != nil {
		t.Fatal(err)
	}
	before := l.Note()
	if err := l.Append([][]byte{[]byte("lost"), []byte("lost too")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "checkpoint"), before, 0o600); err != nil {
		t.Fatal(err)
	}
	l = open(t, dir, k)
	if err := l.Append(entries(250, 300), nil); err != nil {
		t.Fatal(err)
	}
	if l.Tree().Hash != root(550) {
		t.Error("the root is not that of the entries")
	}
}

func TestRefusals(t *testing.T) {
	k := key(t)
	cases := map[string]func(t *testing.T, dir string, l *tiled.Log){
		"another key":        func(t *testing.T, _ string, _ *tiled.Log) { k = key(t) },
		"no newest tile":     func(t *testing.T, dir string, _ *tiled.Log) { remove(t, dir, "tile/0/001.p/44") },
		"no newest bundle":   func(t *testing.T, dir string, _ *tiled.Log) { remove(t, dir, "tile/entries/001.p/44") },
		"a changed tile":     func(t *testing.T, dir string, _ *tiled.Log) { flip(t, dir, "tile/0/001.p/44", 5) },
		"a changed entry":    func(t *testing.T, dir string, _ *tiled.Log) { flip(t, dir, "tile/entries/001.p/44", 5) },
		"a changed length":   func(t *testing.T, dir string, _ *tiled.Log) { flip(t, dir, "tile/entries/001.p/44", 0) },
		"a changed root":     func(t *testing.T, dir string, _ *tiled.Log) { flip(t, dir, "checkpoint", 30) },
		"a changed checksum": func(t *testing.T, dir string, _ *tiled.Log) { flip(t, dir, "checkpoint", 120) },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			own, dir := k, t.TempDir()
			l := open(t, dir, k)
			if err := l.Append(entries(0, 300), nil); err != nil {
				t.Fatal(err)
			}
			spoil(t, dir, l)
			if _, err := tiled.Open(dir, k); !errors.Is(err, tiled.ErrDamaged) {
				t.Errorf("opened: %v", err)
			}
			k = own
		})
	}
}

func TestForeignCheckpointIsNotWrittenOver(t *testing.T) {
	k, dir := key(t), t.TempDir()
	l, other := open(t, dir, k), open(t, dir, k)
	if err := other.Append(entries(0, 1), nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(entries(0, 2), nil); !errors.Is(err, tiled.ErrDamaged) {
		t.Errorf("appended: %v", err)
	}
}

func TestCheckStopsAnAppend(t *testing.T) {
	dir, no := t.TempDir(), errors.New("no")
	l := open(t, dir, key(t))
	if err := l.Append(entries(0, 1), func(tlog.Tree) error { return no }); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if _, err := l.Checkpoint(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a checkpoint was published: %v", err)
	}
}

// TestReadersLagBehind reads by an older checkpoint after the owner went on.
func TestReadersLagBehind(t *testing.T) {
	k, dir := key(t), t.TempDir()
	l := open(t, dir, k)
	for n := 0; n < 300; n += 20 {
		if err := l.Append(entries(n, 20), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{20, 240, 260, 300} {
		got, err := l.Entries(int64(n-1)/256, (n-1)%256+1)
		if err != nil || string(got[len(got)-1]) != fmt.Sprintf("entry %d", n-1) {
			t.Errorf("of %d entries the last is %q, %v", n, slices.Concat(got[max(0, len(got)-1):]...), err)
		}
	}
}

func TestKeyIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	first, _, err := tiled.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, made, err := tiled.LoadKey(path)
	if err != nil || made || again.Verifier() != first.Verifier() {
		t.Errorf("made %v, %v", made, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("PRIVATE+KEY+x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tiled.LoadKey(path); err == nil {
		t.Error("a broken key was read")
	}
}

func FuzzReadCheckpoint(f *testing.F) {
	k, dir := key(f), f.TempDir()
	l, err := tiled.Open(dir, k)
	if err == nil {
		err = l.Append(entries(0, 3), nil)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Add(l.Note())
	f.Add([]byte("x\n-1\n\n"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		if tree, err := tiled.ReadCheckpoint(msg, k.Verifier()); err == nil && tree != l.Tree() {
			t.Errorf("a checkpoint that nobody signed: %v", tree)
		}
	})
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func flip(t *testing.T, dir, name string, at int) {
	t.Helper()
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
