package events

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

// What a segment's file looks like.
const (
	metaKey    = "warder.segment"
	suffix     = ".parquet"
	unfinished = ".tmp"
	pageBytes  = 256 << 10
	bloomBits  = 10 // for each different value: about 1 in 100 answers yes wrongly
)

// meta is what a segment says about itself, in the file's key-value metadata.
type meta struct {
	Version  int      `json:"version"`
	After    uint64   `json:"after"`   // offsets on topic raw: the events come from those above After
	Through  uint64   `json:"through"` // up to and including Through
	Rows     int      `json:"rows"`
	MinTime  int64    `json:"min_time"` // microseconds
	MaxTime  int64    `json:"max_time"`
	Writers  spans    `json:"writers"`          // of the events' ids
	Columns  string   `json:"columns"`          // sum of the columns' names and forms
	Folded   []string `json:"folded,omitempty"` // columns whose values are folded already
	Grams    int      `json:"grams,omitempty"`  // form of the filters for parts of words; 0 for none
	Replaces []string `json:"replaces,omitempty"`
	Kinds    kinds    `json:"kinds,omitempty"` // absent in segments of earlier versions
}

const metaVersion = 1

// spans tell which ids may be in a segment: for each writer, the lowest and the
// highest sequence. Ids of another form are under the empty writer.
type spans map[string][2]uint64

func (s spans) add(id string) {
	r, err := flow.ParseRecordID(id)
	if err != nil {
		s[""] = [2]uint64{}
		return
	}
	span, ok := s[r.Writer]
	if !ok {
		span = [2]uint64{r.Seq, r.Seq}
	}
	s[r.Writer] = [2]uint64{min(span[0], r.Seq), max(span[1], r.Seq)}
}

func (s spans) merge(other spans) {
	for writer, span := range other {
		mine, ok := s[writer]
		if !ok {
			mine = span
		}
		s[writer] = [2]uint64{min(mine[0], span[0]), max(mine[1], span[1])}
	}
}

// may tells whether an id can be in the segment.
func (s spans) may(id string) bool {
	r, err := flow.ParseRecordID(id)
	if err != nil {
		_, ok := s[""]
		return ok
	}
	span, ok := s[r.Writer]
	return ok && span[0] <= r.Seq && r.Seq <= span[1]
}

// segment is one immutable file of events. References keep the file in place
// while searches read it; a segment that was replaced is deleted with its last.
type segment struct {
	meta
	hidden
	disk Disk
	path string // <dir>/<date>/<hour>/<after>-<through>-<sum>.parquet
	size int64

	refs   atomic.Int64          // the store's own is one
	shelf  atomic.Pointer[shelf] // on which it may be open; nil for none
	gone   atomic.Bool           // delete with the last reference
	checks sync.Mutex
	whole  bool // the bytes have met their sum in this run
}

func (s *segment) hold() { s.refs.Add(1) }

func (s *segment) release() error {
	if s.refs.Add(-1) > 0 || !s.gone.Load() {
		return nil
	}
	return errors.Join(s.shut(), s.remove())
}

// shut closes the file if a shelf keeps it open.
func (s *segment) shut() error {
	if sh := s.shelf.Load(); sh != nil {
		return sh.drop(s)
	}
	return nil
}

// remove takes the file off the disk for good: without the sync a power cut
// could bring it back when the segment that replaced it is gone, replaced too.
func (s *segment) remove() error {
	return errors.Join(s.disk.Remove(s.path), s.disk.SyncFolder(filepath.Dir(s.path)))
}

// replacing are the files that a segment made of this one must name: itself, and
// what it replaced as far as somebody still reads that.
func (s *segment) replacing() []string {
	names := []string{filepath.Base(s.path)}
	for _, name := range s.Replaces {
		if f, err := s.disk.Open(filepath.Join(filepath.Dir(s.path), name)); err == nil {
			_ = f.Close() // nothing was written
			names = append(names, name)
		}
	}
	return names
}

// What can be wrong with a segment. A damaged one is set aside; one that is whole
// and still cannot be read is this program's fault, and stays where it is.
var (
	errDamaged    = errors.New("the segment is damaged")
	errUnreadable = errors.New("the segment cannot be read")
)

// sumOf returns the sum that a segment's name promises.
func sumOf(path string) (string, bool) {
	parts := strings.Split(strings.TrimSuffix(filepath.Base(path), suffix), "-")
	return parts[len(parts)-1], len(parts) == 3 && len(parts[2]) == 2*sumBytes
}

const sumBytes = 16 // of the SHA-256

func sumText(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:sumBytes]) }

// verify reads the whole file once in each run of the program and compares it
// with the sum in its name. Pages carry checksums too, but headers, dictionaries
// and the footer do not.
func (s *segment) verify() error {
	s.checks.Lock()
	defer s.checks.Unlock()
	if s.whole {
		return nil
	}
	want, ok := sumOf(s.path)
	if !ok {
		return fmt.Errorf("%w: its name has no sum", errDamaged)
	}
	f, err := s.disk.Open(s.path)
	if err != nil {
		return unopened(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("check a segment: %w", err)
	}
	if sumText(h) != want {
		return fmt.Errorf("%w: its bytes do not match the sum in its name", errDamaged)
	}
	s.whole = true
	return nil
}

func unopened(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: its file is gone", errDamaged)
	}
	return fmt.Errorf("open a segment: %w", err)
}

// reading is a segment that is open. The last of its users closes the file.
type reading struct {
	*parquet.File
	file    File
	of      *segment // on a shelf: whose it is
	users   atomic.Int64
	columns map[string]int          // name -> index
	grams   func() (gramsOf, error) // reads the filters once
}

// Close is called once by each user.
func (r *reading) Close() error {
	if r.users.Add(-1) > 0 {
		return nil
	}
	return r.file.Close()
}

// open opens the file for reading, after it has been checked once.
func (s *segment) open() (*reading, error) {
	if err := s.verify(); err != nil {
		return nil, err
	}
	return openFile(s.disk, s.path)
}

func openFile(disk Disk, path string) (*reading, error) {
	f, err := disk.Open(path)
	if err != nil {
		return nil, unopened(err)
	}
	size, err := f.Size()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open a segment: %w", err), f.Close())
	}
	p, err := safely(func() (*parquet.File, error) {
		return parquet.OpenFile(f, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(16<<10))
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", errUnreadable, err), f.Close())
	}
	r := &reading{File: p, file: f, columns: map[string]int{}}
	for i, leaf := range p.Schema().Columns() {
		r.columns[leaf[0]] = i
	}
	r.users.Add(1)
	r.grams = sync.OnceValues(r.readGrams)
	return r, nil
}

// safely turns a panic, which damaged input can cause in the Parquet library, into
// an error.
func safely[T any](fn func() (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic: %v\n%s", errUnreadable, p, debug.Stack())
		}
	}()
	return fn()
}

// readMeta reads what a file says about itself.
func readMeta(r *reading) (meta, error) {
	text, ok := r.Lookup(metaKey)
	if !ok {
		return meta{}, fmt.Errorf("%w: it does not say what it holds", errUnreadable)
	}
	var m meta
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return meta{}, fmt.Errorf("%w: what it says about itself: %w", errUnreadable, err)
	}
	if m.Version > metaVersion {
		return m, fmt.Errorf("a newer version of this program wrote it (form %d, this program reads up to %d)", m.Version, metaVersion)
	}
	if m.Rows != int(r.NumRows()) {
		return m, fmt.Errorf("%w: it holds %d events and says %d", errUnreadable, r.NumRows(), m.Rows)
	}
	return m, nil
}

// draft is a segment that is being written.
type draft struct {
	disk   Disk
	path   string
	file   File
	buffer *bufio.Writer
	sum    hash.Hash
	out    *parquet.GenericWriter[any]
	grams  *grams
}

func (l *layout) newDraft(folder string) (*draft, error) {
	path := filepath.Join(folder, fmt.Sprintf("segment-%d%s", l.drafts.Add(1), unfinished))
	f, err := l.disk.Create(path)
	if err != nil {
		return nil, fmt.Errorf("begin a segment: %w", err)
	}
	d := &draft{disk: l.disk, path: path, file: f, sum: sha256.New(), grams: newGrams(l)}
	d.buffer = bufio.NewWriterSize(io.MultiWriter(f, d.sum), 256<<10)
	options := []parquet.WriterOption{
		l.schema, parquet.Compression(l.codec), parquet.MaxRowsPerRowGroup(l.groupRows),
		parquet.PageBufferSize(pageBytes), parquet.CreatedBy("warder", "", ""),
		parquet.SortingWriterConfig(parquet.SortingColumns(parquet.Ascending(colTime))),
		parquet.SkipPageBounds(colRaw), parquet.SkipPageBounds(colOriginal), parquet.SkipPageBounds(colAttributes),
	}
	var filters []parquet.BloomFilterColumn
	for _, c := range l.columns {
		if c.bloom {
			filters = append(filters, parquet.SplitBlockFilter(bloomBits, c.name))
		}
	}
	d.out = parquet.NewGenericWriter[any](d.buffer, append(options, parquet.BloomFilters(filters...))...)
	return d, nil
}

// WriteRows writes rows and takes up what the filters must know of them.
func (d *draft) WriteRows(rows []parquet.Row) (int, error) {
	for _, row := range rows {
		d.grams.row(row)
	}
	return d.out.WriteRows(rows)
}

// finish makes the segment durable under its name: file, then folder.
func (d *draft) finish(m meta) (*segment, error) {
	m.Grams = gramsVersion
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("finish a segment: %w", err)
	}
	d.out.SetKeyValueMetadata(metaKey, string(text))
	filters, err := d.grams.text()
	if err != nil {
		return nil, fmt.Errorf("finish a segment: %w", err)
	}
	d.out.SetKeyValueMetadata(gramsKey, filters)
	for _, step := range []func() error{d.out.Close, d.buffer.Flush, d.file.Sync} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("finish a segment: %w", err)
		}
	}
	size, err := d.file.Size()
	if err != nil {
		return nil, fmt.Errorf("finish a segment: %w", err)
	}
	folder := filepath.Dir(d.path)
	path := filepath.Join(folder, fmt.Sprintf("%020d-%020d-%s%s", m.After, m.Through, sumText(d.sum), suffix))
	if err := errors.Join(d.file.Close(), d.disk.Rename(d.path, path), d.disk.SyncFolder(folder)); err != nil {
		return nil, fmt.Errorf("finish a segment: %w", err)
	}
	s := &segment{meta: m, disk: d.disk, path: path, size: size, whole: true}
	s.hold()
	return s, nil
}

// abandon removes a draft that came to nothing.
func (d *draft) abandon() {
	_ = d.file.Close()        // it may be closed already
	_ = d.disk.Remove(d.path) // what stays is removed at the next start
}

// rowsAtOnce is how many rows the Parquet writer is handed at a time: what it does
// for each column costs the same for one row as for many.
const rowsAtOnce = 256

// writeSegment writes events, which are in order of time, into a folder.
func (l *layout) writeSegment(folder string, m meta, all []*flow.Event) (s *segment, err error) {
	d, err := l.newDraft(folder)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			d.abandon()
		}
	}()
	enc := newEncoder(l)
	m.Version, m.Columns, m.Rows, m.Writers = metaVersion, l.sum, len(all), spans{}
	m.MinTime, m.MaxTime, m.Kinds = all[0].Time.UnixMicro(), all[len(all)-1].Time.UnixMicro(), kindsOf(all)
	rows := make([]parquet.Row, min(len(all), rowsAtOnce))
	for len(all) > 0 {
		n := min(len(all), rowsAtOnce)
		for i, e := range all[:n] {
			if rows[i], err = enc.row(e, rows[i]); err != nil {
				return nil, err
			}
			m.Writers.add(e.ID)
		}
		if _, err = d.WriteRows(rows[:n]); err != nil {
			return nil, fmt.Errorf("write a segment: %w", err)
		}
		all = all[n:]
	}
	m.Folded = enc.folded()
	return d.finish(m)
}
