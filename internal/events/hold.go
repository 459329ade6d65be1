package events

import "path/filepath"

// Held is the segments of one moment. None of them is removed, whatever is
// joined, retired or emptied meanwhile, until Release is called.
type Held struct {
	// Through is the offset on topic raw up to which they hold everything.
	Through uint64
	// Files are their paths below the store's folder, and Bytes their sizes.
	Files []string
	Bytes int64
	view  *view
}

// Hold keeps the segments as they are now. What is in memory only is not among
// them: it comes again from topic raw, above Through.
func (s *Store) Hold() (*Held, error) {
	through := s.StoredThrough() // before the segments are listed: they may reach further
	v, err := s.view()
	if err != nil {
		return nil, err
	}
	v.buffers = nil
	h := &Held{view: v, Through: through}
	for _, seg := range v.segments {
		name, err := filepath.Rel(s.o.Dir, seg.path)
		if err != nil {
			v.release()
			return nil, err
		}
		h.Files, h.Bytes = append(h.Files, name), h.Bytes+seg.size
	}
	return h, nil
}

// Release lets the segments go.
func (h *Held) Release() { h.view.release() }
