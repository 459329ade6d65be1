package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"warder/internal/audit/tiled"
	"warder/internal/store"
)

// batch is how many lines are appended at once. Lines that come together share
// the cost of one append.
const batch = 1024

// follower appends committed lines to the log, one step at a time.
type follower struct {
	lines Lines
	dir   string
	key   *tiled.Key
	log   *tiled.Log // nil until it is open, and after an error
	// owed is the newest checkpoint that the database knows of, while the log is
	// shorter: what is appended must lead to it.
	owed tlog.Tree
	tell func(error)
}

// step appends what waits, at most a batch, and tells how many lines that were.
func (f *follower) step(ctx context.Context) (n int, err error) {
	if f.log == nil {
		if err := f.open(ctx); err != nil {
			return 0, err
		}
	}
	if _, err := f.lines.PlaceAudit(ctx, batch); err != nil {
		return 0, err
	}
	n, err = f.append(ctx)
	if err != nil {
		f.log = nil
	}
	return n, err
}

func (f *follower) append(ctx context.Context) (int, error) {
	size, most := f.log.Tree().N, int64(batch)
	if size < f.owed.N {
		most = min(most, f.owed.N-size)
	}
	places, err := f.lines.AuditPlaces(ctx, size, int(most))
	if err != nil || len(places) == 0 {
		return 0, err
	}
	leaves, err := encodeAll(places, size)
	if err != nil {
		return 0, err
	}
	if err := f.log.Append(leaves, f.leadsThere); err != nil {
		return 0, err
	}
	if f.log.Tree().N < f.owed.N {
		return len(leaves), nil
	}
	return len(leaves), f.lines.KeepAuditCheckpoint(ctx, f.log.Tree().N, string(f.log.Note()))
}

func encodeAll(places []store.AuditPlace, from int64) ([][]byte, error) {
	leaves := make([][]byte, len(places))
	for i, p := range places {
		if p.Place != from+int64(i) {
			return nil, contradiction("the database has no line for place %d of the log", from+int64(i))
		}
		if p.Line == nil {
			return nil, contradiction("the line %s, place %d of the log, is gone from the database", p.ID, p.Place)
		}
		data, _, err := encode(p.Line)
		if err != nil {
			return nil, err
		}
		leaves[i] = data
	}
	return leaves, nil
}

// leadsThere refuses to write what does not lead to the checkpoint that is owed.
func (f *follower) leadsThere(tree tlog.Tree) error {
	if tree.N == f.owed.N && tree.Hash != f.owed.Hash {
		return contradiction("entries are missing in the log, and the database's lines are not those that it held: "+
			"its root at %d entries would be %s, and was %s", tree.N, tree.Hash, f.owed.Hash)
	}
	return nil
}

// errContradiction says that log and database do not tell the same.
var errContradiction = errors.New("the audit's log and the database contradict one another")

func contradiction(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errContradiction, fmt.Errorf(format, args...))
}

// open opens the log and compares it with what the database knows of it.
func (f *follower) open(ctx context.Context) error {
	log, err := tiled.Open(f.dir, f.key)
	if err != nil {
		return err
	}
	head, err := f.lines.AuditHead(ctx)
	if err != nil {
		return err
	}
	tree := log.Tree()
	if tree.N > head.Placed {
		return contradiction("the log holds %d entries, the database knows of %d: one of them is of another time, such as an older backup", tree.N, head.Placed)
	}
	if f.owed, err = f.known(head, log); err != nil {
		return err
	}
	if tree.N < f.owed.N {
		f.tell(fmt.Errorf("entries %d to %d are missing in the audit's log: they are appended again from the database, "+
			"if that leads to the root that was signed", tree.N, f.owed.N-1))
	}
	f.log = log
	if tree.N > f.owed.N {
		return f.lines.KeepAuditCheckpoint(ctx, tree.N, string(log.Note()))
	}
	return nil
}

// known reads the database's checkpoint and checks that the log agrees.
func (f *follower) known(head store.AuditHead, log *tiled.Log) (tlog.Tree, error) {
	if head.Note == "" || bytes.Equal([]byte(head.Note), log.Note()) {
		return log.Tree(), nil
	}
	origin, known, err := tiled.PeekCheckpoint(head.Note)
	if err != nil {
		return known, contradiction("the checkpoint that the database keeps: %w", err)
	}
	if origin != f.key.Name() {
		f.tell(fmt.Errorf("the audit's log was signed by the key %s until now, and is signed by %s from now on: the old key is gone", origin, f.key.Name()))
	}
	tree := log.Tree()
	if known.N > tree.N {
		return known, nil
	}
	root, err := log.RootAt(tree, known.N)
	if err == nil && root != known.Hash {
		err = contradiction("the log's root at %d entries is %s, the database knows %s", known.N, root, known.Hash)
	}
	return known, err
}
