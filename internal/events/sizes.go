package events

import "fmt"

// Sizes is what the segments take on the disk.
type Sizes struct {
	Events  int
	Bytes   int64            // of the files
	Columns map[string]int64 // of each column's pages; filters, indexes and footers are in Bytes only
}

// Sizes adds up what the segments take.
func (s *Store) Sizes() (Sizes, error) {
	v, err := s.view()
	if err != nil {
		return Sizes{}, err
	}
	defer v.release()
	all := Sizes{Columns: map[string]int64{}}
	for _, seg := range v.segments {
		r, err := s.layout.shelf.take(seg)
		if err != nil {
			return Sizes{}, fmt.Errorf("measure the event store: %w", err)
		}
		for _, group := range r.Metadata().RowGroups {
			for _, c := range group.Columns {
				all.Columns[c.MetaData.PathInSchema[0]] += c.MetaData.TotalCompressedSize
			}
		}
		all.Events, all.Bytes = all.Events+seg.Rows, all.Bytes+seg.size
		if err := r.Close(); err != nil {
			return Sizes{}, fmt.Errorf("measure the event store: %w", err)
		}
	}
	return all, nil
}
