package hospital

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Format is the form of an export.
type Format string

// The forms of an export.
const (
	YAML Format = "yaml"
	CSV  Format = "csv" // with hospital.yaml for what is no table
)

// exported is one file of an export.
type exported struct {
	name string
	data []byte
}

// exportFiles writes a model as the files of its folder. Importing them gives
// the same model: normal form in, the same normal form out.
func exportFiles(m *Model, format Format) ([]exported, error) {
	m = normal(m)
	var files []exported
	switch format {
	case YAML:
		files = yamlFiles(m)
	case CSV:
		files = csvFiles(m)
	default:
		return nil, fmt.Errorf("export the model: unknown format %q; want yaml or csv", format)
	}
	for _, p := range m.Plans {
		if p.SVG == nil {
			continue
		}
		if !fs.ValidPath(p.File) {
			return nil, fmt.Errorf("export the model: plan %q: %q is no path within a folder", p.ID, p.File)
		}
		files = append(files, exported{p.File, p.SVG})
	}
	return files, nil
}

// WriteZip writes a model as a zip of its folder; the same model gives the same bytes.
func WriteZip(w io.Writer, m *Model, format Format) error {
	files, err := exportFiles(m, format)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: zipEpoch()})
		if err == nil {
			_, err = out.Write(f.data)
		}
		if err != nil {
			return fmt.Errorf("export the model: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("export the model: %w", err)
	}
	return nil
}

// zipEpoch is the date of every file in a zip: the first that zips know, so that
// the same model gives the same bytes.
func zipEpoch() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// ExportPath writes a model to a folder, which must be empty or absent, or to a
// new file whose name ends in .zip.
func ExportPath(m *Model, to string, csv bool) error {
	format := YAML
	if csv {
		format = CSV
	}
	if strings.EqualFold(path.Ext(to), ".zip") {
		return exportZip(m, to, format)
	}
	files, err := exportFiles(m, format)
	if err != nil {
		return err
	}
	found, err := os.ReadDir(to)
	if len(found) > 0 {
		return fmt.Errorf("export the model: folder %s is not empty; name a new one", to)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export the model: %w", err)
	}
	for _, f := range files {
		name := filepath.Join(to, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("export the model: %w", err)
		}
		if err := os.WriteFile(name, f.data, 0o644); err != nil {
			return fmt.Errorf("export the model: %w", err)
		}
	}
	return nil
}

func exportZip(m *Model, to string, format Format) error {
	var b bytes.Buffer
	if err := WriteZip(&b, m, format); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("export the model: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("export the model: %w", err)
	}
	return nil
}

// parts gathers the records of a list into files that each keep well below what
// one file may have, and whose names sort in the order of the records.
type parts struct {
	base, ext string
	most      int // bytes after which a file is full
	head      string
	now       bytes.Buffer
	full      []exported
}

func newParts(base, ext, head string, most int) *parts {
	p := &parts{base: base, ext: ext, head: head, most: most}
	p.now.WriteString(head)
	return p
}

// next is where the next record is written.
func (p *parts) next() *bytes.Buffer {
	if p.now.Len() > p.most {
		p.close()
		p.now.WriteString(p.head)
	}
	return &p.now
}

func (p *parts) close() {
	name := fmt.Sprintf("%s-%04d%s", p.base, len(p.full)+1, p.ext)
	p.full = append(p.full, exported{name, bytes.Clone(p.now.Bytes())})
	p.now.Reset()
}

// files returns what was written; a list without records is no file.
func (p *parts) files() []exported {
	if p.now.Len() > len(p.head) {
		p.close()
	}
	if len(p.full) == 1 {
		p.full[0].name = p.base + p.ext
	}
	return p.full
}
