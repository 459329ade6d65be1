package events

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// texts is one column of a row group in memory: for each row the places of its
// values. Columns with a dictionary keep each different value once.
type texts struct {
	values []string
	places []int32 // place in values of each value; -1 for none
	starts []int32 // only lists: where each row's values begin in places, and the end
}

// row calls fn with the place of each value of a row until it returns true.
func (t *texts) row(i int, fn func(place int32) bool) bool {
	low, high := int32(i), int32(i)+1
	if t.starts != nil {
		low, high = t.starts[i], t.starts[i+1]
	}
	for _, place := range t.places[low:high] {
		if place >= 0 && fn(place) {
			return true
		}
	}
	return false
}

// one returns the value of a row that has at most one.
func (t *texts) one(i int) (string, bool) {
	if place := t.places[i]; place >= 0 {
		return t.values[place], true
	}
	return "", false
}

// readTexts reads a column of a row group, from the row first on.
func readTexts(chunk *parquet.FileColumnChunk, first, rows int, isList bool) (*texts, error) {
	t := &texts{places: make([]int32, 0, rows)}
	if isList {
		t.starts = make([]int32, 0, rows+1)
	}
	err := eachPage(chunk, first, rows, t.page)
	if err != nil {
		return nil, err
	}
	got := len(t.places)
	if isList {
		got = len(t.starts)
		t.starts = append(t.starts, int32(len(t.places)))
	}
	if got != rows {
		return nil, fmt.Errorf("%w: a column has %d rows of %d", errUnreadable, got, rows)
	}
	return t, nil
}

// eachPage hands the pages that hold the rows to fn, cut to them.
func eachPage(chunk *parquet.FileColumnChunk, first, rows int, fn func(parquet.Page) error) (err error) {
	if first > 0 {
		if err := indexed(chunk); err != nil {
			return err
		}
	}
	pages := chunk.Pages()
	defer func() {
		if closed := pages.Close(); err == nil {
			err = closed
		}
	}()
	if first > 0 {
		if err := pages.SeekToRow(int64(first)); err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
	}
	for left := int64(rows); left > 0; {
		page, err := pages.ReadPage()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
		part := page
		if page.NumRows() > left {
			part = page.Slice(0, left)
		}
		left -= part.NumRows()
		err = fn(part)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
	return nil
}

// page adds the values of one page. What it keeps is copied: the page's memory
// is used again.
func (t *texts) page(page parquet.Page) error {
	var places []int32
	data := page.Data()
	if dict := page.Dictionary(); dict != nil {
		if len(t.values) == 0 {
			t.values = dictionary(dict)
		}
		places = data.Int32()
	} else {
		body, offsets := data.ByteArray()
		if len(offsets) > 0 {
			all, base := string(body[offsets[0]:offsets[len(offsets)-1]]), offsets[0]
			places = make([]int32, len(offsets)-1)
			for i := range places {
				places[i] = int32(len(t.values))
				t.values = append(t.values, all[offsets[i]-base:offsets[i+1]-base])
			}
		}
	}
	definition, repetition := page.DefinitionLevels(), page.RepetitionLevels()
	if len(definition) == 0 { // a column that every row has
		t.places = append(t.places, places...)
		return nil
	}
	for i, level := range definition {
		if t.starts != nil && repetition[i] == 0 {
			t.starts = append(t.starts, int32(len(t.places)))
		}
		if level == 0 {
			t.places = append(t.places, -1)
			continue
		}
		if len(places) == 0 {
			return fmt.Errorf("%w: a page holds fewer values than it says", errUnreadable)
		}
		t.places = append(t.places, places[0])
		places = places[1:]
	}
	return nil
}

func dictionary(d parquet.Dictionary) []string {
	out := make([]string, d.Len())
	for i := range out {
		out[i] = string(d.Index(int32(i)).ByteArray())
	}
	return out
}

// readMoments reads a whole column of times: microseconds.
func readMoments(chunk *parquet.FileColumnChunk, rows int) ([]int64, error) {
	out := make([]int64, 0, rows)
	err := eachPage(chunk, 0, rows, func(page parquet.Page) error {
		data := page.Data()
		out = append(out, data.Int64()...)
		return nil
	})
	if err == nil && len(out) != rows {
		err = fmt.Errorf("%w: a column has %d rows of %d", errUnreadable, len(out), rows)
	}
	return out, err
}
