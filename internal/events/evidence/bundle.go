package evidence

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
)

// The form of a bundle: docs/reference/evidence-bundle.md.
const (
	bundleForm    = "warder.evidence/1"
	bundlePurpose = "warder evidence bundle"

	readmeName    = "README.txt"
	incidentName  = "incident.json"
	custodyName   = "custody.json"
	manifestName  = "manifest.json"
	signatureName = "signature.json"

	chunkBytes = 4 << 20  // events of a file in a bundle
	mostFile   = 64 << 20 // of any file in a bundle
	mostFiles  = 100_000
)

// Custody is how the evidence came to be in a bundle.
type Custody struct {
	Instance string    `json:"instance"`
	Version  string    `json:"version"` // of the program
	At       time.Time `json:"at"`
	By       string    `json:"by"`   // principal id
	Name     string    `json:"name"` // as people know them
	Why      string    `json:"why,omitempty"`
	Incident string    `json:"incident,omitempty"`
	Query    string    `json:"query,omitempty"`
	From     time.Time `json:"from,omitzero"`
	To       time.Time `json:"to,omitzero"`
	Events   int       `json:"events"`
	// Missing are events that the incident names and the store has no more, or
	// cannot read; Unreadable are damaged files.
	Missing    []string        `json:"missing,omitempty"`
	Unreadable int             `json:"unreadable,omitempty"`
	First      time.Time       `json:"first_accepted,omitzero"`
	Last       time.Time       `json:"last_accepted,omitzero"`
	Segments   []CustodySource `json:"segments"`
}

// CustodySource is a file of the event store that events were taken from. Its
// name ends with the first half of the SHA-256 of its bytes.
type CustodySource struct {
	Name    string `json:"name"` // empty: memory, before the events reached a file
	After   uint64 `json:"after"`
	Through uint64 `json:"through"`
	Rows    int    `json:"rows"`
	Taken   int    `json:"taken"`
}

// Manifest lists the files of a bundle; the signature is over its bytes.
type Manifest struct {
	Form   string         `json:"form"`
	At     time.Time      `json:"at"`
	Events int            `json:"events"`
	Files  []ManifestFile `json:"files"`
}

// ManifestFile is one file of a bundle.
type ManifestFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`
}

// line is one event in a bundle.
type line struct {
	Event   json.RawMessage   `json:"event"`
	Sum     string            `json:"sha256"`
	RawSum  string            `json:"raw_sha256,omitempty"`
	Fields  map[string]string `json:"fields"` // the beginning of each field's SHA-256
	Segment string            `json:"segment,omitempty"`
}

// Writer writes a bundle, file after file, to w; it keeps one file in memory. A
// bundle that was not finished has no signature and is refused.
type Writer struct {
	out      *tar.Writer
	manifest Manifest
	custody  Custody
	sources  map[string]int
	chunk    bytes.Buffer
	chunks   int
}

// NewWriter begins a bundle. Incident may be nil.
func NewWriter(w io.Writer, c Custody, incident any) (*Writer, error) {
	c.At = c.At.UTC()
	b := &Writer{out: tar.NewWriter(w), custody: c, sources: map[string]int{}, manifest: Manifest{Form: bundleForm, At: c.At}}
	if err := b.file(readmeName, []byte(readme)); err != nil {
		return nil, err
	}
	if incident == nil {
		return b, nil
	}
	body, err := json.MarshalIndent(incident, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the incident into the bundle: %w", err)
	}
	return b, b.file(incidentName, append(body, '\n'))
}

const readme = `This is evidence of Warder, a tar file with a signature.

  incident.json      the incident with its timeline, the reasons of its joins and its impacts, if it was exported
  events/*.ndjson    one event a line, its raw bytes in base64, its sums, and the file of the event store it came from
  custody.json       who exported what, when, from where
  manifest.json      the SHA-256 of each of the files above
  signature.json     an ed25519 signature over manifest.json

Check it, without a server:  warder evidence verify FILE --key KEY
KEY is what the console of the instance shows under Storage. The form is described in docs/reference/evidence-bundle.md.
`

// Add adds an event.
func (b *Writer) Add(e *flow.Event, from events.Origin) error {
	body, err := newLine(e, from.Segment)
	if err != nil {
		return fmt.Errorf("write event %s into the bundle: %w", e.ID, err)
	}
	if b.chunk.Len() > 0 && b.chunk.Len()+len(body) > chunkBytes {
		if err := b.flush(); err != nil {
			return err
		}
	}
	b.chunk.Write(body)
	b.note(e, from)
	return nil
}

func (b *Writer) note(e *flow.Event, from events.Origin) {
	c := &b.custody
	c.Events++
	if c.First.IsZero() || e.Received.Before(c.First) {
		c.First = e.Received
	}
	if e.Received.After(c.Last) {
		c.Last = e.Received
	}
	at, known := b.sources[from.Segment]
	if !known {
		at = len(c.Segments)
		b.sources[from.Segment] = at
		c.Segments = append(c.Segments, CustodySource{Name: from.Segment, After: from.After, Through: from.Through, Rows: from.Rows})
	}
	c.Segments[at].Taken++
}

func newLine(e *flow.Event, segment string) ([]byte, error) {
	body, err := events.Canonical(e)
	if err != nil {
		return nil, err
	}
	l := line{Event: body, Sum: sumOf(body), Segment: segment}
	if len(e.Raw) > 0 {
		l.RawSum = sumOf(e.Raw)
	}
	if l.Fields, err = fieldSums(body); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

const fieldSum = 16 // digits: they only help to name what differs

func fieldSums(event []byte) (map[string]string, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(event, &fields); err != nil {
		return nil, err
	}
	out := make(map[string]string, len(fields))
	for name, value := range fields {
		out[name] = sumOf(value)[:fieldSum]
	}
	return out, nil
}

func (b *Writer) flush() error {
	if b.chunk.Len() == 0 {
		return nil
	}
	b.chunks++
	err := b.file(fmt.Sprintf("events/%06d.ndjson", b.chunks), b.chunk.Bytes())
	b.chunk.Reset()
	return err
}

// Finish completes and signs the bundle. Missing and unreadable are what could not
// be given.
func (b *Writer) Finish(key Key, missing []string, unreadable int) error {
	if err := b.flush(); err != nil {
		return err
	}
	b.custody.Missing, b.custody.Unreadable = missing, unreadable
	if b.custody.Segments == nil {
		b.custody.Segments = []CustodySource{}
	}
	custody, err := json.MarshalIndent(b.custody, "", " ")
	if err != nil {
		return fmt.Errorf("write the chain of custody: %w", err)
	}
	if err := b.file(custodyName, append(custody, '\n')); err != nil {
		return err
	}
	b.manifest.Events = b.custody.Events
	manifest, err := json.MarshalIndent(b.manifest, "", " ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	manifest = append(manifest, '\n')
	if err := errors.Join(b.entry(manifestName, manifest), b.entry(signatureName, key.seal(bundlePurpose, manifest))); err != nil {
		return err
	}
	return b.out.Close()
}

// file adds a file that the manifest lists.
func (b *Writer) file(name string, body []byte) error {
	if len(body) > mostFile || len(b.manifest.Files) == mostFiles {
		return fmt.Errorf("write %s into the bundle: it is too large; ask for less at a time", name)
	}
	b.manifest.Files = append(b.manifest.Files, ManifestFile{name, int64(len(body)), sumOf(body)})
	return b.entry(name, body)
}

func (b *Writer) entry(name string, body []byte) error {
	if err := b.out.WriteHeader(header(name, int64(len(body)))); err != nil {
		return fmt.Errorf("write %s into the bundle: %w", name, err)
	}
	if _, err := b.out.Write(body); err != nil {
		return fmt.Errorf("write %s into the bundle: %w", name, err)
	}
	return nil
}

// header is the one form that a file's header has: the same content is the same
// bytes, and Verify knows every one of them beforehand.
func header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
}

// isEventsFile tells whether a file holds events.
func isEventsFile(name string) bool {
	ok, err := regexp.MatchString(`^events/[0-9]{6}\.ndjson$`, name)
	return ok && err == nil
}

func rawOf(event json.RawMessage) ([]byte, error) {
	var e struct {
		Raw string `json:"raw"`
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(e.Raw)
}
