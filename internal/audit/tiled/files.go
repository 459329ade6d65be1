package tiled

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Names of the files beside the tiles.
const (
	checkpointFile = "checkpoint"
	verifierFile   = "verifier"
)

// tilePath and entriesPath name files as tlog-tiles does: the number in groups
// of three digits, and how full a tile is when it is not.
func tilePath(level int, n int64, w int) string {
	return fmt.Sprintf("tile/%d/%s", level, number(n, w))
}

func entriesPath(n int64, w int) string { return "tile/entries/" + number(n, w) }

func number(n int64, w int) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	if w < width {
		s += fmt.Sprintf(".p/%d", w)
	}
	return s
}

// writing writes files that are to be durable together.
type writing struct {
	dir  string
	dirs map[string]bool // in which names changed
	err  error
}

func (w *writing) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writing) file(name string, data []byte) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	for dir := filepath.Dir(path); len(dir) >= len(w.dir); dir = filepath.Dir(dir) {
		w.dirs[dir] = true
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		w.fail(err)
		return
	}
	if err := writeFile(path, data); err != nil {
		w.fail(err)
	}
}

// settle makes the names durable too.
func (w *writing) settle() error {
	for dir := range w.dirs {
		if w.err == nil {
			w.fail(syncDir(dir))
		}
	}
	return w.err
}

// replaceFile puts a file in place, durably and at once.
func replaceFile(path string, data []byte) error {
	if err := writeFile(path, data); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func writeFile(path string, data []byte) (err error) {
	temporary := path + ".new"
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// tidy removes what newer files hold too. Whoever is reading by the checkpoint
// before finds the same in the wider files; that something stays is no harm.
func (l *Log) tidy(old int64) {
	for level := 0; l.tree.N>>(tileHeight*level) > 0; level++ {
		l.tidyTile(old>>(tileHeight*level), l.tree.N>>(tileHeight*level), func(n int64) string { return tilePath(level, n, width) })
	}
	l.tidyTile(old, l.tree.N, func(n int64) string { return entriesPath(n, width) })
}

func (l *Log) tidyTile(old, size int64, path func(int64) string) {
	partial := filepath.Join(l.Dir, filepath.FromSlash(path(old/width))) + ".p"
	if old/width != size/width {
		_ = os.RemoveAll(partial)
		return
	}
	names, err := os.ReadDir(partial)
	if err != nil {
		return
	}
	for _, d := range names {
		if w, err := strconv.ParseInt(strings.TrimSuffix(d.Name(), ".new"), 10, 64); err != nil || w < size%width {
			_ = os.Remove(filepath.Join(partial, d.Name()))
		}
	}
}
