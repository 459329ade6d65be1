package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"warder/internal/events"
	"warder/internal/kit/fault"
)

const (
	deletionForm    = "warder.deletion/1"
	deletionPurpose = "warder deletion record"
	mostRecord      = 256 << 20
)

// Deletion is the record of events that were removed: what, when, why, by whose
// will. It never holds what they said.
type Deletion struct {
	Form     string    `json:"form"`
	Number   int       `json:"number"`   // counts up from 1
	Previous string    `json:"previous"` // SHA-256 of the record before; empty for the first
	Instance string    `json:"instance"`
	Version  string    `json:"version"`
	At       time.Time `json:"at"`
	// One of them:
	Erasure    *events.Removed `json:"erasure,omitempty"`
	Retention  *RetentionRun   `json:"retention,omitempty"`
	Quarantine *Discarded      `json:"quarantine,omitempty"`
}

// RetentionRun is what became too old.
type RetentionRun struct {
	Keep     events.Retention       `json:"keep"`
	Dropped  []events.Kind          `json:"dropped"`
	Stripped []events.Kind          `json:"stripped"` // their raw bytes only
	Segments []events.SegmentChange `json:"segments"`
	Kept     int                    `json:"kept"` // too old, and kept for an incident or a hold
}

// Discarded is a damaged file that a person removed.
type Discarded struct {
	Name string `json:"name"`
	By   string `json:"by"`
	Who  string `json:"who"`
	Why  string `json:"why"`
}

// Records are the deletion records of an instance: one file each, never changed.
type Records struct {
	dir string
	key Key

	mu   sync.Mutex
	last int
	sum  string
}

// OpenRecords opens the folder of deletion records.
func OpenRecords(dir string, key Key) (*Records, error) {
	r := &Records{dir: dir, key: key}
	numbers, err := r.numbers()
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return r, nil
	}
	r.last = numbers[len(numbers)-1]
	body, err := os.ReadFile(r.path(r.last))
	if err != nil {
		return nil, fmt.Errorf("read the last deletion record: %w", err)
	}
	r.sum = sumOf(body)
	return r, nil
}

func (r *Records) path(n int) string { return filepath.Join(r.dir, fmt.Sprintf("%08d.json", n)) }

func (r *Records) numbers() ([]int, error) {
	entries, err := os.ReadDir(r.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the deletion records: %w", err)
	}
	var out []int
	for _, e := range entries {
		if n, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ".json")); err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Add writes a record, durably, and returns its number.
func (r *Records) Add(d Deletion) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.Form, d.Number, d.Previous, d.At = deletionForm, r.last+1, r.sum, d.At.UTC()
	body, err := json.Marshal(d)
	if err != nil {
		return 0, fmt.Errorf("write a deletion record: %w", err)
	}
	body = append(body, '\n')
	body = append(body, r.key.seal(deletionPurpose, body)...)
	if err := writeDurably(r.path(d.Number), body); err != nil {
		return 0, fmt.Errorf("write a deletion record: %w", err)
	}
	r.last, r.sum = d.Number, sumOf(body)
	return d.Number, nil
}

// Bytes returns a record as its file is.
func (r *Records) Bytes(n int) ([]byte, error) {
	body, err := os.ReadFile(r.path(n))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no deletion record %d", n)
	}
	return body, err
}

// Newest returns up to so many records, newest first.
func (r *Records) Newest(most int) ([]Deletion, error) {
	numbers, err := r.numbers()
	if err != nil {
		return nil, err
	}
	out := []Deletion{}
	for _, n := range slices.Backward(numbers) {
		if len(out) == most {
			break
		}
		body, err := r.Bytes(n)
		if err != nil {
			return nil, fmt.Errorf("read deletion record %d: %w", n, err)
		}
		d, _, err := readRecord(body, "")
		if err != nil {
			return nil, fmt.Errorf("deletion record %d: %w", n, err)
		}
		out = append(out, d)
	}
	return out, nil
}

// erasure tells whether an erasure has its record already: a crash may have come
// between the record and the end of the erasure.
func (r *Records) erasure(id string) (bool, error) {
	recent, err := r.Newest(50)
	return slices.ContainsFunc(recent, func(d Deletion) bool { return d.Erasure != nil && d.Erasure.ID == id }), err
}

func verifyRecord(r io.Reader, key string) (Report, error) {
	body, err := io.ReadAll(io.LimitReader(r, mostRecord+1))
	if err != nil {
		return Report{}, fmt.Errorf("read the record: %w", err)
	}
	if len(body) > mostRecord {
		return Report{}, fmt.Errorf("the record is larger than %d bytes", mostRecord)
	}
	d, signed, err := readRecord(body, key)
	if err != nil {
		return Report{}, &AlteredError{[]string{err.Error()}}
	}
	n := 0
	if d.Erasure != nil {
		n = len(d.Erasure.Removed)
	}
	return Report{Form: d.Form, Key: signed, Events: n, Deletion: &d}, nil
}

// readRecord reads a record: a line of JSON and a line with its signature.
func readRecord(body []byte, key string) (d Deletion, signed string, err error) {
	at := bytes.IndexByte(body, '\n') + 1
	if at == 0 {
		return d, "", errors.New("the record has no signature")
	}
	if signed, err = checkSeal(deletionPurpose, body[:at], body[at:], key); err != nil {
		return d, signed, err
	}
	if err := json.Unmarshal(body[:at], &d); err != nil {
		return d, signed, fmt.Errorf("the record cannot be read: %w", err)
	}
	if d.Form != deletionForm {
		return d, signed, fmt.Errorf("a newer program made the record (form %.40q; this one reads %s)", d.Form, deletionForm)
	}
	if e := d.Erasure; e != nil && e.Events != len(e.Removed) {
		return d, signed, fmt.Errorf("the record says %d events and lists %d", e.Events, len(e.Removed))
	}
	return d, signed, nil
}
