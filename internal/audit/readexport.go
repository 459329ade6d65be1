package audit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"warder/internal/audit/tiled"
	"warder/internal/store"
)

// mostLine bounds a line of an export that is read.
const mostLine = 4 << 20

// ErrNoExport says that a file is none of this program's exports, so that there
// is nothing to verify.
var ErrNoExport = errors.New("this is no export of the audit")

// reading is the verification of an export under way.
type reading struct {
	*Report
	head   header
	tree   tlog.Tree
	leaves *tiled.Tree
	kept   map[int64][]tlog.Hash
	last   int64 // place of the entry before
}

// VerifyExport verifies an export by itself, by a verifier key that was kept (or
// the file's own when it is empty), and against checkpoints that were kept.
func VerifyExport(from io.Reader, key string, against []string) (*Report, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, mostLine)
	r := &reading{Report: &Report{Key: key}, leaves: tiled.NewTree(nil), kept: map[int64][]tlog.Hash{}, last: -1}
	if !lines.Scan() {
		return nil, errors.Join(ErrNoExport, lines.Err())
	}
	if err := r.begin(lines.Bytes(), against); err != nil {
		return nil, err
	}
	ended := false
	for !ended && lines.Scan() {
		ended = r.line(lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the export: %w", err)
	}
	if !ended {
		r.add(-1, "", "the file was cut: its last line is missing")
	} else if lines.Scan() {
		r.add(-1, "", "something follows after the last line")
	}
	r.whole()
	return r.Report, nil
}

func (r *reading) begin(line []byte, against []string) error {
	if err := strict(line, &r.head); err != nil || r.head.Version == 0 {
		return ErrNoExport
	}
	if r.head.Version != exportVersion {
		return fmt.Errorf("%w that this program reads: it has version %d, this program reads %d", ErrNoExport, r.head.Version, exportVersion)
	}
	if r.Key == "" {
		r.Key = r.head.Verifier
	}
	var err error
	if r.tree, err = tiled.ReadCheckpoint([]byte(r.head.Checkpoint), r.Key); err != nil {
		r.add(-1, "", "the checkpoint: %v", err)
		r.tree = tlog.Tree{}
		return nil
	}
	if r.head.Verifier != r.Key {
		r.add(-1, "", "the file names another verifier key than the one that was given")
	}
	r.Origin, _, _ = tiled.PeekCheckpoint(r.head.Checkpoint) // it was read just now
	r.Size, r.Root = r.tree.N, r.tree.Hash
	return r.keep(against)
}

// keep sorts kept checkpoints by what they can be compared with: a complete
// export with all that are not newer, a part only with its own size.
func (r *reading) keep(against []string) error {
	for _, msg := range against {
		tree, err := tiled.ReadCheckpoint([]byte(msg), r.Key)
		switch {
		case err != nil:
			return fmt.Errorf("a checkpoint that was kept: %w", err)
		case tree.N == r.tree.N && tree.Hash != r.tree.Hash:
			r.add(-1, "", "a checkpoint of the same size that was kept has the root %s, the export has %s", tree.Hash, r.tree.Hash)
		case tree.N == r.tree.N:
			r.Against++
		case tree.N < r.tree.N && r.head.Complete:
			r.kept[tree.N] = append(r.kept[tree.N], tree.Hash)
			r.Against++
		default:
			r.Skipped++
		}
	}
	return nil
}

// line takes one line and tells whether it was the last.
func (r *reading) line(line []byte) (ended bool) {
	var end footer
	if strict(line, &end) == nil && end.End {
		if end.Entries != r.Checked {
			r.add(-1, "", "the file says that it has %d entries, and has %d", end.Entries, r.Checked)
		}
		return true
	}
	var it item
	if err := strict(line, &it); err != nil {
		r.add(-1, "", "line %d of the file cannot be read: %v", r.Checked+2, err)
		r.Checked++
		return false
	}
	r.entry(it)
	return false
}

func (r *reading) entry(it item) {
	r.Checked++
	if it.Place <= r.last || it.Place >= r.tree.N {
		r.add(it.Place, "", "it is out of order, or not in the signed log")
		return
	}
	if r.head.Complete && it.Place != r.last+1 {
		r.add(r.last+1, "", "it is missing, though the file says that it is complete")
	}
	r.last = it.Place
	line, err := decode(it.Leaf)
	if err != nil {
		r.add(it.Place, "", "%v", err)
	}
	r.digest(it, line)
	hash := tlog.RecordHash(it.Leaf)
	if !r.head.Complete {
		if err := tlog.CheckRecord(it.Proof, r.tree.N, r.tree.Hash, it.Place, hash); err != nil {
			r.add(it.Place, line.ID, "its proof does not lead to the signed root: entry, proof or place was changed")
		}
		return
	}
	if it.Hash == nil || *it.Hash != hash {
		r.add(it.Place, line.ID, "it does not hash to what the file says: it was changed")
	}
	r.leaves.Add(hash)
	for _, kept := range r.kept[r.leaves.Size()] {
		if root := r.leaves.Root(); root != kept {
			r.add(it.Place, "", "the first %d entries are not those that a kept checkpoint signed: their root is %s, and was %s", r.leaves.Size(), root, kept)
		}
	}
}

// digest checks the long leaf behind a digest.
func (r *reading) digest(it item, line store.AuditLine) {
	var f leaf
	if json.Unmarshal(it.Leaf, &f) != nil || f.Digest == "" && it.Long == nil {
		return
	}
	if sum := sha256.Sum256(it.Long); it.Long != nil && hex.EncodeToString(sum[:]) != f.Digest {
		r.add(it.Place, line.ID, "its long form is not the one that the log holds the digest of")
	}
}

// whole compares a complete export with its root.
func (r *reading) whole() {
	if !r.head.Complete || r.tree.N == 0 {
		return
	}
	if r.last != r.tree.N-1 {
		r.add(r.last+1, "", "the file ends before the signed log does, which has %d entries", r.tree.N)
	} else if root := r.leaves.Root(); root != r.tree.Hash {
		r.add(-1, "", "the entries give the root %s, the checkpoint signs %s: an entry was changed", root, r.tree.Hash)
	}
}

// strict reads a line that must be exactly as this program writes it: JSON leaves
// room (upper case, spaces, spare bits of base64) in which a change would not show.
func strict[T any](line []byte, into *T) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	again, err := compact(into)
	if err == nil && !bytes.Equal(again, line) {
		err = errors.New("it is not written as an export is")
	}
	return err
}
