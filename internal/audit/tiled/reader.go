package tiled

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Reader reads a log's files, also while its owner appends.
type Reader struct{ Dir string }

// Checkpoint reads the newest checkpoint; fs.ErrNotExist when there is none.
func (r Reader) Checkpoint() ([]byte, error) {
	return os.ReadFile(filepath.Join(r.Dir, checkpointFile))
}

// Verifier reads the verifier key that lies beside the log. Whoever can change
// the log can change it too: compare it with one that was kept elsewhere.
func (r Reader) Verifier() (string, error) {
	data, err := os.ReadFile(filepath.Join(r.Dir, verifierFile))
	return strings.TrimSpace(string(data)), err
}

// Entries reads the first w entries of a bundle. An error that is no fs.PathError
// speaks of the bundle's own form; what was read before it is returned too.
func (r Reader) Entries(bundle int64, w int) ([][]byte, error) {
	data, err := r.read(func(w int) string { return entriesPath(bundle, w) }, w)
	if err != nil {
		return nil, err
	}
	entries := make([][]byte, 0, w)
	for len(entries) < w {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return entries, damaged("the bundle of entries %d and on ends early", bundle*width)
		}
		size := int(binary.BigEndian.Uint16(data))
		entries, data = append(entries, data[2:2+size]), data[2+size:]
	}
	return entries, nil
}

// tile reads the first w hashes of a tile.
func (r Reader) tile(level int, n int64, w int) ([]byte, error) {
	data, err := r.read(func(w int) string { return tilePath(level, n, w) }, w)
	if err != nil {
		return nil, err
	}
	if len(data) < w*tlog.HashSize || len(data)%tlog.HashSize != 0 {
		return nil, damaged("the file %s has %d bytes, which is wrong", tilePath(level, n, w), len(data))
	}
	return data[:w*tlog.HashSize], nil
}

// read reads the file of a width, or one that holds more: the owner may have
// written further and tidied since the checkpoint was read.
func (r Reader) read(path func(w int) string, w int) ([]byte, error) {
	first := fs.ErrNotExist
	for range 3 { // between the looking and the opening it may move on once more
		for _, wide := range append([]int{w, width}, r.wider(path(width), w)...) {
			data, err := os.ReadFile(filepath.Join(r.Dir, filepath.FromSlash(path(wide))))
			if err == nil || !errors.Is(err, fs.ErrNotExist) {
				return data, err
			}
			if errors.Is(first, fs.ErrNotExist) && wide == w {
				first = err
			}
		}
	}
	return nil, first
}

func (r Reader) wider(full string, w int) (all []int) {
	names, err := os.ReadDir(filepath.Join(r.Dir, filepath.FromSlash(full)) + ".p")
	if err != nil {
		return nil
	}
	for _, d := range names {
		if n, err := strconv.Atoi(d.Name()); err == nil && n > w {
			all = append(all, n)
		}
	}
	return all
}

// Entry reads one entry of a tree.
func (r Reader) Entry(size, n int64) ([]byte, error) {
	if n < 0 || n >= size {
		return nil, fmt.Errorf("the log has no entry %d", n)
	}
	entries, err := r.Entries(n/width, int(min(width, size-n/width*width)))
	if err != nil {
		return nil, err
	}
	return entries[n%width], nil
}

// Prover proves that entries are in a tree. Tiles are read once, and checked
// against the tree's root.
func (r Reader) Prover(tree tlog.Tree) func(n int64) (tlog.RecordProof, error) {
	hashes := tlog.TileHashReader(tree, tiles{r, map[tlog.Tile][]byte{}})
	return func(n int64) (tlog.RecordProof, error) {
		proof, err := tlog.ProveRecord(tree.N, n, hashes)
		if err != nil {
			return nil, damaged("prove entry %d: %w", n, err)
		}
		return proof, nil
	}
}

// RootAt gives the root that a tree had when it was smaller.
func (r Reader) RootAt(tree tlog.Tree, n int64) (tlog.Hash, error) {
	if n == 0 {
		return tlog.TreeHash(0, nil)
	}
	root, err := tlog.TreeHash(n, tlog.TileHashReader(tree, tiles{r, map[tlog.Tile][]byte{}}))
	if err != nil {
		return root, damaged("compute the root of %d entries: %w", n, err)
	}
	return root, nil
}

// tiles reads tiles for tlog, which checks them.
type tiles struct {
	r    Reader
	read map[tlog.Tile][]byte
}

func (tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, w := range wanted {
		data, ok := t.read[w]
		if !ok {
			var err error
			if data, err = t.r.tile(w.L, w.N, w.W); err != nil {
				return nil, err
			}
		}
		out[i] = data
	}
	return out, nil
}

func (t tiles) SaveTiles(read []tlog.Tile, data [][]byte) {
	for i, tile := range read {
		t.read[tile] = data[i]
	}
}

// CompareTile compares hashes with those of a tile on disk, and tells the first
// entry of the log that a difference concerns.
func (r Reader) CompareTile(level int, n int64, hashes []byte) (entry int64, err error) {
	w := len(hashes) / tlog.HashSize
	first := n << (tileHeight * (level + 1))
	data, err := r.tile(level, n, w)
	if errors.Is(err, fs.ErrNotExist) {
		return first, damaged("the file %s is missing", tilePath(level, n, w))
	}
	if err != nil {
		return first, err
	}
	for i := range w {
		if at := i * tlog.HashSize; string(data[at:at+tlog.HashSize]) != string(hashes[at:at+tlog.HashSize]) {
			return first + int64(i)<<(tileHeight*level), damaged("the hash in %s is not that of the entries", tilePath(level, n, w))
		}
	}
	return first, nil
}
