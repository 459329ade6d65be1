package events

import (
	"path/filepath"
	"strings"
)

// Pinned is the segments of one moment. None of them is removed, whatever is
// joined, retired or emptied meanwhile, until Release is called.
type Pinned struct {
	// Through is the offset on topic raw up to which they hold everything.
	Through uint64
	// Files are their paths below the store's folder, and Bytes their sizes.
	Files []string
	Bytes int64
	// Notes are the small files beside them, by path: what was emptied, what must
	// not come again, and what is being erased. Without them erased events would be
	// seen in a copy of the segments, and with those of another moment, segments of
	// this one would be taken for such as were written anew.
	Notes map[string][]byte
	view  *view
}

// Pin keeps the segments as they are now. What is in memory only is not among
// them: it comes again from topic raw, above Through.
func (s *Store) Pin() (*Pinned, error) {
	p, err := s.pin()
	if err != nil {
		return nil, err
	}
	p.view.buffers = nil
	for _, seg := range p.view.segments {
		name, err := filepath.Rel(s.o.Dir, seg.path)
		if err != nil {
			p.Release()
			return nil, err
		}
		p.Files, p.Bytes = append(p.Files, name), p.Bytes+seg.size
	}
	return p, nil
}

func (s *Store) pin() (*Pinned, error) {
	s.mu.Lock() // with it segments and notes change
	defer s.mu.Unlock()
	p := &Pinned{Through: s.stored, Notes: map[string][]byte{}}
	if err := s.readNotes(s.o.Dir, "", p.Notes); err != nil {
		return nil, err
	}
	var err error
	p.view, err = s.viewLocked()
	return p, err
}

func (s *Store) readNotes(folder, prefix string, into map[string][]byte) error {
	entries, err := s.o.Disk.List(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name)
		switch {
		case e.Folder && prefix == "" && e.Name == erasures:
			err = s.readNotes(path, filepath.Join(prefix, e.Name), into)
		case e.Folder, strings.HasSuffix(e.Name, suffix), strings.HasSuffix(e.Name, unfinished):
		default:
			into[filepath.Join(prefix, e.Name)], err = readWhole(s.o.Disk, path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Release lets the segments go.
func (p *Pinned) Release() { p.view.release() }
