package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"warder/internal/kit/fault"
)

// mostOwn bounds the entries that are read into memory: the lists of a backup.
const mostOwn = 256 << 20

// Contents is what was found in a backup that is whole.
type Contents struct {
	Head     Head
	Database Database
	Parts    map[string]Part
	Entries  int
}

// sink takes the entries of a backup, in order. What it is given may be of a
// damaged backup: only when Read returned without error it was whole.
type sink interface {
	// begin is told what comes, before any entry.
	begin(Head) error
	// database is told what the rows are, before any of them.
	database(Database) error
	// entry takes one entry and reads it to its end.
	entry(name string, size int64, r io.Reader) error
}

// read reads a decrypted backup to its end and compares it with its own list.
// Nothing may be missing, doubled, moved or added.
func read(r io.Reader, to sink) (*Contents, error) {
	in := &reading{tar: tar.NewReader(r), to: to, seen: map[string]bool{}}
	if err := in.head(); err != nil {
		return nil, err
	}
	for in.end == nil {
		if err := in.next(); err != nil {
			return nil, err
		}
	}
	if err := in.compare(); err != nil {
		return nil, err
	}
	if err := nothingMore(in.tar, r); err != nil {
		return nil, err
	}
	return &Contents{Head: in.first, Database: *in.db, Parts: in.end.Parts, Entries: len(in.entries)}, nil
}

type reading struct {
	tar     *tar.Reader
	to      sink
	first   Head
	db      *Database
	end     *End
	entries []Entry
	seen    map[string]bool
}

// broken says what a failure of the stream below means.
func broken(err error) error {
	var known *fault.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("it ends too early")
	}
	return damaged("%w", err)
}

func (in *reading) head() error {
	h, err := in.tar.Next()
	if err != nil {
		if errors.Is(err, tar.ErrHeader) || errors.Is(err, io.EOF) {
			return notABackup()
		}
		return broken(err)
	}
	if h.Name != headName || !plain(h) {
		return notABackup()
	}
	if err := in.own(h, &in.first); err != nil {
		return err
	}
	if err := in.first.fits(); err != nil {
		return err
	}
	return in.to.begin(in.first)
}

// plain tells a file whose bytes are all there from links, folders, and sparse
// files, which may claim any size.
func plain(h *tar.Header) bool {
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return false
		}
	}
	return h.Typeflag == tar.TypeReg
}

// own reads one of the backup's own entries.
func (in *reading) own(h *tar.Header, into any) error {
	if h.Size > mostOwn {
		return damaged("%s has %d bytes", h.Name, h.Size)
	}
	sum := sha256.New()
	text, err := io.ReadAll(io.TeeReader(in.tar, sum))
	if err != nil {
		return broken(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return damaged("%s cannot be read: %w", h.Name, err)
	}
	in.note(h, hex.EncodeToString(sum.Sum(nil)))
	return nil
}

func (in *reading) note(h *tar.Header, sum string) {
	in.seen[h.Name] = true
	if h.Name != endName {
		in.entries = append(in.entries, Entry{Name: h.Name, Size: h.Size, SHA256: sum})
	}
}

// next reads one entry after the first.
func (in *reading) next() error {
	h, err := in.tar.Next()
	if err != nil {
		return broken(err)
	}
	if err := checkEntryName(h.Name); err != nil {
		return err
	}
	if in.seen[h.Name] {
		return damaged("there is an entry %q twice", h.Name)
	}
	if !plain(h) {
		return damaged("the entry %q is no file", h.Name)
	}
	switch h.Name {
	case databaseName:
		in.db = &Database{}
		if err := in.own(h, in.db); err != nil {
			return err
		}
		if err := in.db.Shape.Fits(); err != nil {
			return err
		}
		return in.to.database(*in.db)
	case endName:
		in.end = &End{}
		return in.own(h, in.end)
	}
	if in.db == nil && partOf(h.Name) == storePart {
		return damaged("there are rows before it is said what they are")
	}
	if partOf(h.Name) == storePart && h.Size > mostChunk {
		return damaged("%s has %d bytes", h.Name, h.Size)
	}
	sum := sha256.New()
	if err := in.to.entry(h.Name, h.Size, io.TeeReader(in.tar, sum)); err != nil {
		return broken(err)
	}
	if left, err := io.Copy(io.Discard, in.tar); err != nil || left > 0 {
		return broken(errors.Join(err, fmt.Errorf("%d bytes of %s were not read", left, h.Name)))
	}
	in.note(h, hex.EncodeToString(sum.Sum(nil)))
	return nil
}

// compare holds what came against the list at the end.
func (in *reading) compare() error {
	if in.db == nil {
		return damaged("the database is missing")
	}
	for i, want := range in.end.Entries {
		switch {
		case i >= len(in.entries):
			return damaged("%s is missing", want.Name)
		case in.entries[i].Name != want.Name:
			return damaged("%s is where %s should be", in.entries[i].Name, want.Name)
		case in.entries[i] != want:
			return damaged("%s is not what was written", want.Name)
		}
	}
	if len(in.entries) > len(in.end.Entries) {
		return damaged("%s is in it, which was not written", in.entries[len(in.end.Entries)].Name)
	}
	return nil
}

// nothingMore reads the rest, which is zeros: the end of the encrypted stream is
// authenticated only when it is reached.
func nothingMore(t *tar.Reader, r io.Reader) error {
	if _, err := t.Next(); !errors.Is(err, io.EOF) {
		return damaged("something follows its end")
	}
	rest := bufio.NewReader(r)
	for {
		switch b, err := rest.ReadByte(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return broken(err)
		case b != 0:
			return damaged("something follows its end")
		}
	}
}
