package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"

	"warder/internal/store"
)

// archive writes the entries of a backup and keeps the list of them.
type archive struct {
	tar    *tar.Writer
	end    End
	made   time.Time
	zip    *zstd.Encoder
	chunks map[string]int           // of each table
	told   func(part string, n int) // bytes that were written; nil for nobody
}

func newArchive(w io.Writer, made time.Time, told func(part string, n int)) (*archive, error) {
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("begin a backup: %w", err)
	}
	return &archive{tar: tar.NewWriter(w), end: End{Entries: []Entry{}, Parts: map[string]Part{}}, made: made, zip: zip,
		chunks: map[string]int{}, told: told}, nil
}

// add writes one entry of exactly size bytes.
func (a *archive) add(name string, size int64, from io.Reader) error {
	if err := a.tar.WriteHeader(a.header(name, size)); err != nil {
		return fmt.Errorf("write %s into the backup: %w", name, err)
	}
	sum := sha256.New()
	part := partOf(name)
	n, err := io.Copy(io.MultiWriter(a.tar, sum, counter{part, a.told}), io.LimitReader(from, size))
	if err != nil {
		return fmt.Errorf("write %s into the backup: %w", name, err)
	}
	if n != size {
		return fmt.Errorf("write %s into the backup: it became shorter meanwhile", name)
	}
	a.end.Entries = append(a.end.Entries, Entry{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	if part != "" {
		p := a.end.Parts[part]
		p.Entries, p.Bytes = p.Entries+1, p.Bytes+size
		a.end.Parts[part] = p
	}
	return nil
}

func (a *archive) header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: a.made, Format: tar.FormatPAX}
}

// counter tells how many bytes of a part came.
type counter struct {
	part string
	told func(string, int)
}

func (c counter) Write(p []byte) (int, error) {
	if c.told != nil {
		c.told(c.part, len(p))
	}
	return len(p), nil
}

// addFile writes a file as it is.
func (a *archive) addFile(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read %s for the backup: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read %s for the backup: %w", name, err)
	}
	return a.add(name, info.Size(), f)
}

func (a *archive) addJSON(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s into the backup: %w", name, err)
	}
	return a.add(name, int64(len(text)), bytes.NewReader(text))
}

// addChunk writes rows of a table.
func (a *archive) addChunk(c store.Chunk) error {
	a.chunks[c.Table]++
	data := a.zip.EncodeAll(c.Data, nil)
	if err := a.add(chunkName(c.Table, a.chunks[c.Table], c.Rows), int64(len(data)), bytes.NewReader(data)); err != nil {
		return err
	}
	p := a.end.Parts[storePart]
	p.Rows += int64(c.Rows)
	a.end.Parts[storePart] = p
	return nil
}

// close writes the list of everything, which ends the backup.
func (a *archive) close() error {
	text, err := json.Marshal(a.end)
	if err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	if err := a.tar.WriteHeader(a.header(endName, int64(len(text)))); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	if _, err := a.tar.Write(text); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	if err := a.tar.Close(); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	return nil
}
