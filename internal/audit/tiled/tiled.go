// Package tiled keeps a Merkle tree log in files: append-only, each state signed
// in a checkpoint. The files are those of C2SP tlog-tiles (entry bundles, tiles
// of 256 hashes, a checkpoint that is a signed note), so that foreign tools read
// and check them; the hashes are RFC 6962's.
//
// The checkpoint is the commit: it is renamed into place after everything that
// it covers is on disk. What lies beyond it is of an append that did not come to
// its end, and is written over by the next. Appends are synchronous, by one
// owner; readers need no lock.
package tiled

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	width      = 1 << tileHeight // entries of a bundle, hashes of a tile

	// MostLeaf is the greatest length of an entry, which a bundle gives in 16 bits.
	MostLeaf = 1<<16 - 1
)

// ErrDamaged says that the files contradict one another or the signature.
var ErrDamaged = errors.New("the audit's log is damaged or was changed")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDamaged, fmt.Errorf(format, args...))
}

// Log is a log that its owner appends to.
type Log struct {
	Reader
	key  *Key
	tree tlog.Tree
	note []byte // the checkpoint as it stands on disk; nil before the first
	// edge holds the data of each level's last tile while that is not full, and
	// bundle the same of the entries: all that an append needs to know.
	edge   map[int][]byte
	bundle []byte
}

// Open opens a log, or begins one in a folder without a checkpoint. It checks
// the signature and that the newest tiles give the signed root.
func Open(dir string, key *Key) (*Log, error) {
	l := &Log{Reader: Reader{dir}, key: key, edge: map[int][]byte{}}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("make the folder of the audit's log: %w", err)
	}
	if err := replaceFile(filepath.Join(dir, verifierFile), []byte(key.Verifier()+"\n")); err != nil {
		return nil, fmt.Errorf("write the verifier key of the audit's log: %w", err)
	}
	msg, err := l.Checkpoint()
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint of the audit's log: %w", err)
	}
	if l.tree, err = ReadCheckpoint(msg, key.Verifier()); err != nil {
		return nil, damaged("its checkpoint: %w", err)
	}
	l.note = msg
	return l, l.load()
}

// load reads the unfinished tiles and entries, and checks them.
func (l *Log) load() error {
	n := l.tree.N
	for level := 0; n>>(tileHeight*level) > 0; level++ {
		w := int(n >> (tileHeight * level) % width)
		if w == 0 {
			continue
		}
		data, err := l.tile(level, n>>(tileHeight*(level+1)), w)
		if err != nil {
			return unreadable(err)
		}
		l.edge[level] = data
	}
	if root, err := tlog.TreeHash(n, l.hashes(nil)); err != nil || root != l.tree.Hash {
		return damaged("its newest tiles do not give the root that was signed (%v)", err)
	}
	if n%width == 0 {
		return nil
	}
	entries, err := l.Entries(n/width, int(n%width))
	if err != nil {
		return unreadable(err)
	}
	for i, e := range entries {
		if hash := tlog.RecordHash(e); !bytes.Equal(hash[:], l.edge[0][i*tlog.HashSize:][:tlog.HashSize]) {
			return damaged("entry %d does not hash to what its tile says", n/width*width+int64(i))
		}
		l.bundle = appendEntry(l.bundle, e)
	}
	return nil
}

// unreadable tells missing and misshapen files, which are damage, from a disk
// that does not answer.
func unreadable(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return damaged("a file is missing: %w", err)
	}
	return err
}

// Tree is the size and the root of what was published.
func (l *Log) Tree() tlog.Tree { return l.tree }

// Note is the newest checkpoint; empty before the first.
func (l *Log) Note() []byte { return l.note }

// sign makes the checkpoint of a tree.
func (l *Log) sign(tree tlog.Tree) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", l.key.Name(), tree.N, tree.Hash)
	msg, err := note.Sign(&note.Note{Text: text}, l.key.signer)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of the audit's log: %w", err)
	}
	return msg, nil
}

// stillOurs refuses to write over a checkpoint that somebody else wrote.
func (l *Log) stillOurs() error {
	msg, err := l.Checkpoint()
	if errors.Is(err, fs.ErrNotExist) && l.note == nil {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Equal(msg, l.note) {
		return damaged("its checkpoint is not the one that was written last")
	}
	return err
}

func makeDir(dir string) error { return os.MkdirAll(dir, 0o700) }
