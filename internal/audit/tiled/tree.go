package tiled

import "golang.org/x/mod/sumdb/tlog"

// Tree computes roots from leaves alone, in the order of the log, and the tiles
// that belong to them. It keeps the right edge only.
type Tree struct {
	n     int64
	stack []tlog.Hash // roots of complete subtrees, the largest first
	tiles [][]byte    // by level: the hashes of the tile that is not full yet
	full  func(level int, n int64, hashes []byte)
}

// NewTree returns an empty tree. Full, if given, is called with each tile that
// is complete, and for the others by Flush.
func NewTree(full func(level int, n int64, hashes []byte)) *Tree { return &Tree{full: full} }

// Size is how many leaves were added.
func (t *Tree) Size() int64 { return t.n }

// Add adds the hash of a leaf.
func (t *Tree) Add(h tlog.Hash) {
	t.n++
	t.tile(0, h)
	for level, n := 1, t.n; n%2 == 0; level, n = level+1, n/2 {
		last := len(t.stack) - 1
		h = tlog.NodeHash(t.stack[last], h)
		t.stack = t.stack[:last]
		if level%tileHeight == 0 {
			t.tile(level/tileHeight, h)
		}
	}
	t.stack = append(t.stack, h)
}

func (t *Tree) tile(level int, h tlog.Hash) {
	if level == len(t.tiles) {
		t.tiles = append(t.tiles, nil)
	}
	t.tiles[level] = append(t.tiles[level], h[:]...)
	if len(t.tiles[level]) == width*tlog.HashSize {
		t.report(level, t.n>>(tileHeight*(level+1))-1)
		t.tiles[level] = nil
	}
}

// Flush reports the tiles that are not full.
func (t *Tree) Flush() {
	for level, hashes := range t.tiles {
		if len(hashes) > 0 {
			t.report(level, t.n>>(tileHeight*(level+1)))
		}
	}
}

func (t *Tree) report(level int, n int64) {
	if t.full != nil {
		t.full(level, n, t.tiles[level])
	}
}

// Root is the root of what was added.
func (t *Tree) Root() tlog.Hash {
	if t.n == 0 {
		h, _ := tlog.TreeHash(0, nil) // needs no hashes, so it cannot fail
		return h
	}
	h := t.stack[len(t.stack)-1]
	for i := len(t.stack) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.stack[i], h)
	}
	return h
}
