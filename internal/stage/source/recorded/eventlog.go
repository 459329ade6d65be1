package recorded

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"warder/internal/flow"
	"warder/internal/stage/source/evtx"
)

// eventLog reads an event log of Windows; each record becomes the JSON that
// converters of such logs give.
func (l *log) eventLog(in *bufio.Reader) error {
	r, err := evtx.NewReader(in)
	if err != nil {
		return err
	}
	at := 0
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		at++
		if err := l.eventRecord(at, rec); err != nil {
			return err
		}
	}
	if d := r.Damage(); d != (evtx.Damage{}) {
		return l.refuse(0, nil, fmt.Sprintf("%d chunks and %d records of the event log are damaged and were passed over", d.Chunks, d.Records))
	}
	return nil
}

func (l *log) eventRecord(at int, rec evtx.Record) error {
	if rec.Err != nil {
		return l.refuse(at, nil, rec.Err.Error())
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rec.Event); err != nil {
		return l.refuse(at, nil, err.Error())
	}
	return l.give(at, flow.Raw{Format: flow.FormatJSON, Data: bytes.TrimSpace(out.Bytes())})
}
