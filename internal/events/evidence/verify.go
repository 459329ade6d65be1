package evidence

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Report is what is known of a bundle or record that was checked and is whole.
type Report struct {
	Form     string    `json:"form"`
	Key      string    `json:"key"` // that signed it: compare it with the one that the console shows
	Events   int       `json:"events"`
	Custody  *Custody  `json:"custody,omitempty"`
	Deletion *Deletion `json:"deletion,omitempty"`
}

// AlteredError says what differs from what was signed.
type AlteredError struct{ Differs []string }

// Error lists what differs.
func (e *AlteredError) Error() string {
	return "it is not what was signed: " + strings.Join(e.Differs, "; ")
}

// mostDiffers bounds the list of what differs.
const mostDiffers = 20

// Verify checks a bundle or a deletion record. Key, when not empty, must be the
// one that signed it. The error is an *AlteredError when the file can be read far
// enough to say what differs.
func Verify(r io.Reader, key string) (Report, error) {
	head := make([]byte, 1)
	if _, err := io.ReadFull(r, head); err != nil {
		return Report{}, errors.New("the file is empty")
	}
	r = io.MultiReader(bytes.NewReader(head), r)
	if head[0] == '{' { // no name in a bundle begins so
		return verifyRecord(r, key)
	}
	c := &checking{source: &replay{from: r}, key: key}
	return c.bundle()
}

// replay hands bytes on and remembers those that were not yet compared.
type replay struct {
	from io.Reader
	read bytes.Buffer
	at   int64 // of the first that was not compared
	off  int64 // the first that differs; -1 before
	bad  bool
}

func (p *replay) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.read.Write(b[:n])
	return n, err
}

// Write compares what a bundle with this content must look like.
func (p *replay) Write(want []byte) (int, error) {
	got := p.read.Next(len(want))
	if !p.bad && !bytes.Equal(got, want) {
		p.bad = true
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				p.off = p.at + int64(i)
				break
			}
		}
	}
	p.at += int64(len(want))
	return len(want), nil
}

// checking is a bundle that is being checked.
type checking struct {
	source  *replay
	key     string
	again   *tar.Writer
	seen    []ManifestFile
	differs []string
	lines   int
	custody []byte
	body    []byte // of the file that is being looked at
}

func (c *checking) differ(format string, args ...any) {
	if len(c.differs) < mostDiffers {
		c.differs = append(c.differs, fmt.Sprintf(format, args...))
	}
}

func (c *checking) bundle() (Report, error) {
	in := tar.NewReader(c.source)
	c.again = tar.NewWriter(c.source)
	var manifest, signature []byte
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			c.differ("after %d files, at byte %d, there is no file's header: %v", len(c.seen), c.source.at, err)
			return Report{}, &AlteredError{c.differs}
		}
		if err := c.entry(h, in); err != nil {
			c.differ("%v", err)
			return Report{}, &AlteredError{c.differs}
		}
		switch h.Name {
		case manifestName:
			manifest = c.body
		case signatureName:
			signature = c.body
		case custodyName:
			c.custody = c.body
		}
	}
	c.end()
	return c.judge(manifest, signature)
}

// entry reads one file and writes it again, to be compared with what is there.
func (c *checking) entry(h *tar.Header, in io.Reader) error {
	if len(c.seen) >= mostFiles+2 {
		return fmt.Errorf("it has more than %d files", mostFiles)
	}
	if h.Typeflag != tar.TypeReg || h.Size < 0 || h.Size > mostFile || len(h.Name) > 99 {
		return fmt.Errorf("the header of file %d (%.40q), at byte %d, is none of a bundle", len(c.seen)+1, h.Name, c.source.at)
	}
	body, err := io.ReadAll(in) // h.Size bounds it
	if err != nil {
		return fmt.Errorf("%s ends at byte %d of %d", h.Name, len(body), h.Size)
	}
	c.body = body
	if err := c.again.WriteHeader(header(h.Name, h.Size)); err != nil {
		return fmt.Errorf("the header of file %d, at byte %d, is none of a bundle", len(c.seen)+1, c.source.at)
	}
	if c.source.bad {
		return fmt.Errorf("the header of %.40q differs at byte %d", h.Name, c.source.off)
	}
	if _, err := c.again.Write(body); err != nil {
		return fmt.Errorf("read %s: %w", h.Name, err)
	}
	c.seen = append(c.seen, ManifestFile{h.Name, h.Size, sumOf(body)})
	if isEventsFile(h.Name) {
		c.events(h.Name, body)
	}
	return nil
}

// events looks at each event of a file, so that the one that differs is named.
func (c *checking) events(name string, body []byte) {
	for n, text := range bytes.Split(bytes.TrimSuffix(body, []byte("\n")), []byte("\n")) {
		c.lines++
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			c.differ("%s: line %d cannot be read: %v", name, n+1, err)
			continue
		}
		if sumOf(l.Event) != l.Sum {
			c.differ("%s: line %d: event %s: %s", name, n+1, idOf(l.Event), whatDiffers(l))
			continue
		}
		if raw, err := rawOf(l.Event); err != nil || len(raw) > 0 && sumOf(raw) != l.RawSum {
			c.differ("%s: line %d: event %s: the sum of its raw bytes", name, n+1, idOf(l.Event))
		}
	}
}

func idOf(event []byte) string {
	var e struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(event, &e) != nil {
		return "?"
	}
	return fmt.Sprintf("%.80q", e.ID)
}

// whatDiffers names the fields whose sums do not match.
func whatDiffers(l line) string {
	sums, err := fieldSums(l.Event)
	if err != nil {
		return "it cannot be read"
	}
	var names []string
	for name, sum := range sums {
		if l.Fields[name] != sum {
			names = append(names, name)
		}
	}
	for name := range l.Fields {
		if _, ok := sums[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	switch len(names) {
	case 0:
		return "its sum, or the order of its fields"
	case 1:
		return fmt.Sprintf("the field %.60q", names[0])
	}
	return fmt.Sprintf("the fields %.200q", names)
}

// end looks at what lies behind the last file.
func (c *checking) end() {
	if err := c.again.Close(); err != nil {
		c.differ("the end of the file cannot be checked: %v", err)
	}
	if c.source.bad {
		c.differ("the bytes around the files differ at byte %d", c.source.off)
	}
	var one [1]byte
	n, err := c.source.from.Read(one[:])
	if n > 0 || err != io.EOF || c.source.read.Len() > 0 {
		c.differ("there is something behind the end, at byte %d", c.source.at)
	}
}

func (c *checking) judge(manifest, signature []byte) (Report, error) {
	names := len(c.seen)
	if manifest == nil || signature == nil || names < 2 || c.seen[names-2].Name != manifestName || c.seen[names-1].Name != signatureName {
		c.differ("it ends before its manifest and signature: the export was not finished, or it was cut off")
		return Report{}, &AlteredError{c.differs}
	}
	key, err := checkSeal(bundlePurpose, manifest, signature, c.key)
	if err != nil {
		c.differ("%s: %v", signatureName, err)
	}
	var m Manifest
	if err := json.Unmarshal(manifest, &m); err != nil || m.Form != bundleForm {
		c.differ("%s cannot be read, or a newer program made it (form %.40q; this one reads %s)", manifestName, m.Form, bundleForm)
		return Report{}, &AlteredError{c.differs}
	}
	c.compare(m)
	var custody Custody
	if err := json.Unmarshal(c.custody, &custody); err != nil {
		c.differ("%s cannot be read: %v", custodyName, err)
	}
	if c.lines != m.Events {
		c.differ("it holds %d events and was signed with %d", c.lines, m.Events)
	}
	if len(c.differs) > 0 {
		return Report{}, &AlteredError{c.differs}
	}
	return Report{Form: m.Form, Key: key, Events: m.Events, Custody: &custody}, nil
}

// compare compares the files with those that were signed, in their order.
func (c *checking) compare(m Manifest) {
	seen := c.seen[:len(c.seen)-2]
	for i, want := range m.Files {
		switch {
		case i >= len(seen):
			c.differ("%.60q is missing", want.Name)
		case seen[i].Name != want.Name:
			c.differ("in the place of %.60q stands %.60q", want.Name, seen[i].Name)
		case seen[i] != want:
			c.differ("%.60q has not the sum that was signed", want.Name)
		}
	}
	if len(seen) > len(m.Files) {
		c.differ("%.60q was not signed", seen[len(m.Files)].Name)
	}
}
