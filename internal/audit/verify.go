package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"warder/internal/audit/tiled"
	"warder/internal/store"
)

// Known is what verifying reads of the central database; the store is one.
type Known interface {
	AuditHead(ctx context.Context) (store.AuditHead, error)
	AuditPlaces(ctx context.Context, from int64, most int) ([]store.AuditPlace, error)
	AuditStrays(ctx context.Context, most int) ([]string, error)
}

// Source is what is verified: a log and the database that it belongs to.
type Source struct {
	Dir   string
	Known Known
	Key   string // verifier key
	// Against are checkpoints that were kept elsewhere, as notes.
	Against []string
}

// Report is what a verification found.
type Report struct {
	Time     time.Time // when; set by whoever asked
	Origin   string
	Key      string
	Size     int64
	Root     tlog.Hash
	Checked  int64     // entries that were looked at: of an export, fewer than Size
	Waiting  int64     // lines that the log does not hold yet
	Oldest   time.Time // of those
	Against  int       // kept checkpoints that it agrees with
	Skipped  int       // kept checkpoints that it could not be compared with
	Findings []Finding // by place
	more     int       // findings that were left out
}

// mostFindings bounds a report: where everything differs, the first say enough.
const mostFindings = 20

// Finding is one thing that is not as it must be.
type Finding struct {
	Place int64  `json:"place" doc:"entry of the log; -1 for the log as a whole"`
	ID    string `json:"id,omitempty" doc:"line of the audit"`
	What  string `json:"what"`
}

func (f Finding) String() string {
	switch {
	case f.Place >= 0 && f.ID != "":
		return fmt.Sprintf("entry %d (line %s): %s", f.Place, f.ID, f.What)
	case f.Place >= 0:
		return fmt.Sprintf("entry %d: %s", f.Place, f.What)
	case f.ID != "":
		return fmt.Sprintf("line %s: %s", f.ID, f.What)
	}
	return f.What
}

func (r *Report) add(place int64, id, format string, args ...any) {
	if len(r.Findings) == mostFindings {
		r.more++
		return
	}
	r.Findings = append(r.Findings, Finding{place, id, fmt.Sprintf(format, args...)})
}

// More is how many findings a report leaves out.
func (r *Report) More() int { return r.more }

// verifying is a verification under way.
type verifying struct {
	Source
	*Report
	tree   tlog.Tree
	tiles  map[[2]int64][]byte // by level and number: hashes computed from the entries
	leaves *tiled.Tree
	whole  bool // every entry could be read
	kept   map[int64][]tlog.Hash
}

// Verify recomputes the log's tree from its entries, and compares it with its
// tiles, its signed checkpoint, the checkpoints that were kept, and every entry
// with its line in the database, in both directions. Whatever is not as it must
// be is a finding; an error says that it could not be looked at.
func Verify(ctx context.Context, s Source) (*Report, error) {
	head, err := s.Known.AuditHead(ctx)
	if err != nil {
		return nil, err
	}
	v := &verifying{Source: s, Report: &Report{Key: s.Key, Waiting: head.Waiting, Oldest: head.Oldest}, whole: true, kept: map[int64][]tlog.Hash{}}
	if !v.checkpoint(head) { // there is no tree to compare with
		return v.Report, nil
	}
	v.Waiting += max(0, head.Placed-v.tree.N)
	if err := v.keptCheckpoints(head.Note); err != nil {
		return nil, err
	}
	if err := v.bundles(ctx); err != nil {
		return nil, err
	}
	v.roots()
	return v.Report, v.strays(ctx)
}

// checkpoint reads the signed state; false when there is none to go on with.
func (v *verifying) checkpoint(head store.AuditHead) bool {
	msg, err := tiled.Reader{Dir: v.Dir}.Checkpoint()
	if errors.Is(err, fs.ErrNotExist) {
		if head.Size > 0 {
			v.add(-1, "", "the log is gone: there is no checkpoint, and the database knows of one of %d entries", head.Size)
		}
		return false
	}
	if err == nil {
		v.tree, err = tiled.ReadCheckpoint(msg, v.Source.Key)
	}
	if err != nil {
		v.add(-1, "", "the log's checkpoint: %v", err)
		return false
	}
	if head.Size == v.tree.N && head.Note != "" && head.Note != string(msg) {
		v.add(-1, "", "the log's checkpoint and the one that the database keeps are not the same")
	}
	v.Origin, _, _ = tiled.PeekCheckpoint(string(msg)) // it was read just now
	v.Size, v.Root = v.tree.N, v.tree.Hash
	return true
}

// keptCheckpoints reads what the log is compared with, the database's own first.
func (v *verifying) keptCheckpoints(own string) error {
	if own != "" {
		if _, tree, err := tiled.PeekCheckpoint(own); err != nil {
			v.add(-1, "", "the checkpoint that the database keeps: %v", err)
		} else if tree.N > v.tree.N {
			v.add(-1, "", "the log was cut: it has %d entries, the database knows a checkpoint of %d", v.tree.N, tree.N)
		} else {
			v.kept[tree.N] = append(v.kept[tree.N], tree.Hash)
		}
	}
	for _, msg := range v.Source.Against {
		tree, err := tiled.ReadCheckpoint([]byte(msg), v.Source.Key)
		switch {
		case err != nil:
			return fmt.Errorf("a checkpoint that was kept: %w", err)
		case tree.N > v.tree.N:
			v.add(-1, "", "the log was cut: it has %d entries, a checkpoint that was kept has %d", v.tree.N, tree.N)
		default:
			v.kept[tree.N] = append(v.kept[tree.N], tree.Hash)
			v.Report.Against++
		}
	}
	return nil
}

// bundle is how many entries are looked at together.
const bundle = 256

// bundles looks at every entry.
func (v *verifying) bundles(ctx context.Context) error {
	v.tiles = map[[2]int64][]byte{}
	v.leaves = tiled.NewTree(func(level int, n int64, hashes []byte) { v.tiles[[2]int64{int64(level), n}] = hashes })
	v.reach()
	for first := int64(0); first < v.tree.N; first += bundle {
		n := min(bundle, v.tree.N-first)
		places, err := v.Known.AuditPlaces(ctx, first, int(n))
		if err != nil {
			return err
		}
		entries, err := tiled.Reader{Dir: v.Dir}.Entries(first/bundle, int(n))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, tiled.ErrDamaged) {
			return fmt.Errorf("read the audit's log: %w", err)
		}
		v.entries(first, n, entries, places)
		if err := v.compareTiles(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	v.leaves.Flush()
	return v.compareTiles()
}

// entries compares the entries of a bundle with their lines.
func (v *verifying) entries(first, n int64, entries [][]byte, places []store.AuditPlace) {
	lines := map[int64]store.AuditPlace{}
	for _, p := range places {
		lines[p.Place] = p
	}
	for i := range n {
		place := first + i
		if i >= int64(len(entries)) {
			if i == int64(len(entries)) {
				v.add(place, lines[place].ID, "it and what follows in its bundle is missing in the log, or cannot be read")
			}
			v.whole = false
			continue
		}
		if p, ok := lines[place]; !ok {
			v.add(place, "", "the database knows nothing at its place")
		} else {
			v.compare(p, entries[i])
		}
		v.Checked++
		if v.whole {
			v.leaves.Add(tlog.RecordHash(entries[i]))
			v.reach()
		}
	}
}

// compare compares an entry with its line and says what differs.
func (v *verifying) compare(p store.AuditPlace, entry []byte) {
	if p.Line == nil {
		v.add(p.Place, p.ID, "its line is gone from the database")
		return
	}
	want, _, err := encode(p.Line)
	if err != nil {
		v.add(p.Place, p.ID, "its line in the database: %v", err)
		return
	}
	if string(want) == string(entry) {
		return
	}
	held, err := decode(entry)
	if err != nil {
		v.add(p.Place, p.ID, "the log holds something else at its place: %v", err)
		return
	}
	v.add(p.Place, p.ID, "the log and the database differ in its %s: log %s, database %s", differing(held, *p.Line), entry, want)
}

func differing(log, row store.AuditLine) string {
	switch {
	case log.ID != row.ID:
		return "id"
	case !log.Time.Equal(row.Time):
		return "time"
	case log.By != row.By || log.Name != row.Name:
		return "author"
	case log.Action != row.Action:
		return "action"
	case log.Subject != row.Subject:
		return "subject"
	}
	return "detail"
}

// compareTiles compares the tiles that the entries gave since the last time with
// those on disk.
func (v *verifying) compareTiles() error {
	if !v.whole {
		return nil
	}
	for at, hashes := range v.tiles {
		delete(v.tiles, at)
		place, err := tiled.Reader{Dir: v.Dir}.CompareTile(int(at[0]), at[1], hashes)
		switch {
		case errors.Is(err, tiled.ErrDamaged), errors.Is(err, fs.ErrNotExist):
			v.add(place, "", "%v", err)
		case err != nil:
			return fmt.Errorf("read the audit's log: %w", err)
		}
	}
	return nil
}

// reach compares the root so far with the checkpoints that were kept of it.
func (v *verifying) reach() {
	for _, kept := range v.kept[v.leaves.Size()] {
		if root := v.leaves.Root(); root != kept {
			v.add(max(0, v.leaves.Size()-1), "", "the first %d entries are not those that a kept checkpoint signed: their root is %s, and was %s",
				v.leaves.Size(), root, kept)
		}
	}
}

func (v *verifying) roots() {
	if root := v.leaves.Root(); v.whole && root != v.tree.Hash {
		v.add(-1, "", "the entries give the root %s, the checkpoint signs %s", root, v.tree.Hash)
	}
}

// strays looks for lines that never came to the log.
func (v *verifying) strays(ctx context.Context) error {
	ids, err := v.Known.AuditStrays(ctx, mostFindings)
	for _, id := range ids {
		v.add(-1, id, "it is in the database, has no place in the log and does not wait for one: it was not written by Warder")
	}
	return err
}
