package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// View turns a message of a topic into JSON that people can read and change, and
// back.
type View struct {
	Show func(body []byte) (json.RawMessage, error)
	Read func(shown json.RawMessage) ([]byte, error)
}

// ViewOf shows the records of a topic as the JSON of their type.
func ViewOf[T any](topic exchange.Topic[T]) View {
	codec := topic.Codec()
	return View{
		Show: func(body []byte) (json.RawMessage, error) {
			var v T
			if err := codec.Decode(body, &v); err != nil {
				return nil, err
			}
			return json.Marshal(v)
		},
		Read: func(shown json.RawMessage) ([]byte, error) {
			var v T
			if err := strictly(shown, &v); err != nil {
				return nil, err
			}
			return codec.Encode(v)
		},
	}
}

// strictly reads JSON that a person wrote: a key that nothing reads is a slip.
func strictly(shown json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(shown))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fault.New(fault.Invalid, "the corrected message cannot be read: %s", err.Error())
	}
	return nil
}

// rawShown is a raw record with its bytes as text, where they are text.
type rawShown struct {
	flow.Raw
	Data []byte `json:"bytes,omitempty"` // what is no text, in base64
	Text string `json:"text,omitempty"`
	// Own stands before the field that Raw brings along, which nothing would read.
	Own json.RawMessage `json:"Data,omitempty"`
}

// ViewOfRaw shows batches of raw records.
func ViewOfRaw(topic exchange.Topic[flow.RawBatch]) View {
	codec := topic.Codec()
	type batch struct {
		Records []rawShown `json:"records"`
	}
	return View{
		Show: func(body []byte) (json.RawMessage, error) {
			var b flow.RawBatch
			if err := codec.Decode(body, &b); err != nil {
				return nil, err
			}
			shown := batch{Records: make([]rawShown, len(b.Records))}
			for i, r := range b.Records {
				shown.Records[i] = rawShown{Raw: r}
				if utf8.Valid(r.Data) {
					shown.Records[i].Text = string(r.Data)
				} else {
					shown.Records[i].Data = r.Data
				}
			}
			return json.Marshal(shown)
		},
		Read: func(shown json.RawMessage) ([]byte, error) {
			var in batch
			if err := strictly(shown, &in); err != nil {
				return nil, err
			}
			out := flow.RawBatch{Records: make([]flow.Raw, len(in.Records))}
			for i, r := range in.Records {
				if len(r.Own) > 0 && string(r.Own) != "null" {
					return nil, fault.New(fault.Invalid, "record %d has its content in Data, which is not read; write it as text, or in base64 as bytes", i+1)
				}
				if r.Text != "" && len(r.Data) > 0 {
					return nil, fault.New(fault.Invalid, "record %d has both text and bytes; it may have one of them", i+1)
				}
				out.Records[i] = r.Raw
				out.Records[i].Data = append(r.Data, r.Text...)
			}
			return codec.Encode(out)
		},
	}
}

// printable is what can be shown of bytes that could not be read.
func printable(body []byte) string {
	const most = 4 << 10
	if len(body) > most {
		body = body[:most]
	}
	if utf8.Valid(body) {
		return string(body)
	}
	return fmt.Sprintf("%q", body)
}
