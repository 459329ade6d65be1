package tiled

import (
	"encoding/binary"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Append adds entries at the end and publishes a checkpoint of the new tree; it
// returns after the fsync. Check, if it is given, is asked before anything is
// written whether the new tree may be. After an error the log must be opened
// anew: what is on disk is as before, or as after.
func (l *Log) Append(entries [][]byte, check func(tlog.Tree) error) error {
	if len(entries) == 0 {
		return nil
	}
	added, tree, err := l.grow(entries)
	if err != nil {
		return err
	}
	if check != nil {
		if err := check(tree); err != nil {
			return err
		}
	}
	if err := l.stillOurs(); err != nil {
		return err
	}
	msg, err := l.sign(tree)
	if err != nil {
		return err
	}
	w := &writing{dir: l.Dir, dirs: map[string]bool{}}
	edge, bundle := l.writeTiles(w, added, tree.N), l.writeEntries(w, entries)
	if err := w.settle(); err != nil {
		return fmt.Errorf("append to the audit's log: %w", err)
	}
	if err := replaceFile(filepath.Join(l.Dir, checkpointFile), msg); err != nil {
		return fmt.Errorf("publish the checkpoint of the audit's log: %w", err)
	}
	old := l.tree.N
	l.tree, l.note, l.bundle = tree, msg, bundle
	maps.Copy(l.edge, edge)
	l.tidy(old)
	return nil
}

// grow computes the hashes that the entries add, and the new tree.
func (l *Log) grow(entries [][]byte) (added map[int64]tlog.Hash, tree tlog.Tree, err error) {
	added = map[int64]tlog.Hash{}
	hashes := l.hashes(added)
	for i, e := range entries {
		if len(e) > MostLeaf {
			return nil, tree, fmt.Errorf("append to the audit's log: an entry of %d bytes is too long", len(e))
		}
		n := l.tree.N + int64(i)
		more, err := tlog.StoredHashes(n, e, hashes)
		if err != nil {
			return nil, tree, fmt.Errorf("append to the audit's log: %w", err)
		}
		first := tlog.StoredHashIndex(0, n)
		for j, h := range more {
			added[first+int64(j)] = h
		}
	}
	tree.N = l.tree.N + int64(len(entries))
	tree.Hash, err = tlog.TreeHash(tree.N, hashes)
	return added, tree, err
}

// hashes reads what an append needs: what it adds itself, and the tiles at the
// edge.
func (l *Log) hashes(added map[int64]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			h, ok := added[index]
			if !ok {
				var err error
				tile := tlog.TileForIndex(tileHeight, index)
				if h, err = tlog.HashFromTile(tile, l.edge[tile.L], index); err != nil {
					return nil, err
				}
			}
			out[i] = h
		}
		return out, nil
	})
}

// writeTiles writes the tiles that changed and returns the new edge.
func (l *Log) writeTiles(w *writing, added map[int64]tlog.Hash, size int64) map[int][]byte {
	edge := map[int][]byte{}
	hashes := l.hashes(added)
	for _, t := range tlog.NewTiles(tileHeight, l.tree.N, size) {
		data, err := tlog.ReadTileData(t, hashes)
		if err != nil {
			w.fail(err)
			return nil
		}
		w.file(tilePath(t.L, t.N, t.W), data)
		if edge[t.L] = data; t.W == width {
			edge[t.L] = nil
		}
	}
	return edge
}

// writeEntries writes the bundles that changed and returns the unfinished one.
func (l *Log) writeEntries(w *writing, entries [][]byte) []byte {
	bundle := slices.Clone(l.bundle)
	n := l.tree.N
	for i, e := range entries {
		bundle = appendEntry(bundle, e)
		if n++; n%width == 0 {
			w.file(entriesPath(n/width-1, width), bundle)
			bundle = nil
		} else if i == len(entries)-1 {
			w.file(entriesPath(n/width, int(n%width)), bundle)
		}
	}
	return bundle
}

func appendEntry(bundle, entry []byte) []byte {
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...)
}
