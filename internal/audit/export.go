package audit

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"warder/internal/audit/tiled"
	"warder/internal/kit/fault"
	"warder/internal/store"
)

// exportVersion is the form of exports; docs/reference/audit-export.md describes
// it.
const exportVersion = 1

// header is an export's first line.
type header struct {
	Version    int       `json:"warder_audit_export"`
	Made       time.Time `json:"made"`
	Verifier   string    `json:"verifier"`
	Checkpoint string    `json:"checkpoint"`
	// Complete says that every entry of the checkpoint's tree follows, so that
	// the root is computed from them; otherwise each entry has its proof.
	Complete bool    `json:"complete"`
	Filter   *Filter `json:"filter,omitempty"`
}

// Filter is what an export was limited to.
type Filter struct {
	By      string     `json:"by,omitempty"`
	Who     string     `json:"who,omitempty"`
	Action  string     `json:"action,omitempty"`
	Subject string     `json:"subject,omitempty"`
	From    *time.Time `json:"from,omitempty"`
	To      *time.Time `json:"to,omitempty"`
	Place   *int64     `json:"place,omitempty"`
}

// item is a line of an export: an entry with its place.
type item struct {
	Place int64           `json:"place"`
	Leaf  json.RawMessage `json:"leaf"`
	Proof []tlog.Hash     `json:"proof,omitempty"`
	// Hash is the leaf's, in a complete export: it lets a changed entry be named.
	Hash *tlog.Hash `json:"hash,omitempty"`
	// Long is the leaf that a digest stands for.
	Long json.RawMessage `json:"long,omitempty"`
}

// footer is an export's last line; without it the file was cut.
type footer struct {
	End     bool  `json:"end"`
	Entries int64 `json:"entries"`
}

// exporting writes one export.
type exporting struct {
	Source
	out    *bufio.Writer
	tree   tlog.Tree
	note   []byte
	prove  func(int64) (tlog.RecordProof, error)
	filter *Filter
	count  int64
}

// begin reads the signed state that everything in the export is proved against.
func (s Source) begin(out io.Writer) (*exporting, error) {
	r := tiled.Reader{Dir: s.Dir}
	msg, err := r.Checkpoint()
	if err != nil {
		return nil, fault.New(fault.Unavailable, "There is no signed log of the audit to export from: %w", err)
	}
	tree, err := tiled.ReadCheckpoint(msg, s.Key)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint of the audit's log: %w", err)
	}
	return &exporting{Source: s, out: bufio.NewWriter(out), tree: tree, note: msg, prove: r.Prover(tree)}, nil
}

// Export writes the entries that a query chooses, with what is needed to verify
// them elsewhere. A query that chooses all gives a complete export. Lines that
// are not in the log yet are not in it.
func Export(ctx context.Context, s Source, q store.AuditQuery, now time.Time, to io.Writer) error {
	x, err := s.begin(to)
	if err != nil {
		return err
	}
	x.filter = filterOf(q)
	if err := x.line(x.header(now)); err != nil {
		return err
	}
	for first := int64(0); first < x.tree.N; first += bundle {
		places, err := s.Known.AuditPlaces(ctx, first, int(min(bundle, x.tree.N-first)))
		if err != nil {
			return err
		}
		if err := x.bundle(first, places, q); err != nil {
			return err
		}
	}
	return x.end()
}

func filterOf(q store.AuditQuery) *Filter {
	f := &Filter{By: q.By, Who: q.Who, Action: q.Action, Subject: q.Subject}
	if !q.From.IsZero() {
		f.From = &q.From
	}
	if !q.To.IsZero() {
		f.To = &q.To
	}
	if *f == (Filter{}) {
		return nil
	}
	return f
}

// Prove writes an export of one entry: the proof that it is in the log.
func Prove(ctx context.Context, s Source, place int64, now time.Time, to io.Writer) error {
	x, err := s.begin(to)
	if err != nil {
		return err
	}
	if place < 0 || place >= x.tree.N {
		return fault.New(fault.NotFound, "The log has no entry %d: it has %d entries, from 0.", place, x.tree.N)
	}
	entry, err := tiled.Reader{Dir: s.Dir}.Entry(x.tree.N, place)
	if err != nil {
		return err
	}
	places, err := s.Known.AuditPlaces(ctx, place, 1)
	if err != nil {
		return err
	}
	x.filter = &Filter{Place: &place}
	if err := x.line(x.header(now)); err != nil {
		return err
	}
	if err := x.entry(place, entry, long(places, place)); err != nil {
		return err
	}
	return x.end()
}

func (x *exporting) header(now time.Time) header {
	return header{Version: exportVersion, Made: now.UTC(), Verifier: x.Key, Checkpoint: string(x.note), Complete: x.filter == nil, Filter: x.filter}
}

// bundle writes those entries of a bundle that the query chooses. What is
// written and what is chosen by is the log's text, not the database's.
func (x *exporting) bundle(first int64, places []store.AuditPlace, q store.AuditQuery) error {
	entries, err := tiled.Reader{Dir: x.Dir}.Entries(first/bundle, int(min(bundle, x.tree.N-first)))
	if err != nil {
		return err
	}
	for i, data := range entries {
		place := first + int64(i)
		l := long(places, place)
		if x.filter != nil && !chosen(q, data, l) {
			continue
		}
		if err := x.entry(place, data, l); err != nil {
			return err
		}
	}
	return nil
}

func chosen(q store.AuditQuery, data, long []byte) bool {
	if long != nil {
		data = long
	}
	line, err := decode(data)
	return err != nil || q.Takes(line.Entry) // what cannot be read is shown rather than hidden
}

// long gives the leaf that the digest at a place stands for, nil where there is
// none.
func long(places []store.AuditPlace, place int64) []byte {
	for _, p := range places {
		if p.Place == place && p.Line != nil {
			_, l, err := encode(p.Line)
			if err == nil {
				return l
			}
		}
	}
	return nil
}

func (x *exporting) entry(place int64, data, long []byte) error {
	it := item{Place: place, Leaf: data, Long: long}
	if x.filter != nil {
		proof, err := x.prove(place)
		if err != nil {
			return err
		}
		it.Proof = proof
	} else {
		hash := tlog.RecordHash(data)
		it.Hash = &hash
	}
	x.count++
	return x.line(it)
}

// line writes one line. The leaf's bytes go out as they are: they are what is
// hashed.
func (x *exporting) line(v any) error {
	data, err := compact(v)
	if err != nil {
		return err
	}
	_, err = x.out.Write(append(data, '\n'))
	return err
}

func (x *exporting) end() error {
	if err := x.line(footer{End: true, Entries: x.count}); err != nil {
		return err
	}
	return x.out.Flush()
}
