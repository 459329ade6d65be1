package exchange

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func drawMessage(t *rapid.T) Message {
	seq := rapid.Uint64().Draw(t, "sequence")
	return Message{
		Offset: seq, Seq: seq, Writer: rapid.String().Draw(t, "writer"), Key: rapid.String().Draw(t, "key"),
		Time: time.UnixMicro(rapid.Int64().Draw(t, "time")).UTC(),
		Body: rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "body"),
	}
}

func TestMessagesAreDecodedAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		place := messageKey("topic", m.Offset)
		got, err := decodeMessage(place, encodeMessage(nil, place, m), m.Offset)
		if diff := cmp.Diff(m, got); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	})
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		place := messageKey("topic", m.Offset)
		value := encodeMessage(nil, place, m)
		value[rapid.IntRange(0, len(value)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := decodeMessage(place, value, m.Offset); err == nil {
			t.Fatal("not noticed")
		}
	})
}

func TestMessageInAnothersPlaceIsNoticed(t *testing.T) {
	m := Message{Offset: 5, Seq: 5, Body: []byte("x")}
	value := encodeMessage(nil, messageKey("a", 5), m)
	if _, err := decodeMessage(messageKey("b", 5), value, 5); err != errChecksum {
		t.Errorf("another topic: got %v", err)
	}
	m.Seq = 4
	value = encodeMessage(nil, messageKey("a", 5), m)
	if _, err := decodeMessage(messageKey("a", 5), value, 5); err != errSequence {
		t.Errorf("another sequence: got %v", err)
	}
}

// FuzzDecodeMessage seals whatever comes, so that the parser behind the checksum
// is reached; what it accepts must come out the same again.
func FuzzDecodeMessage(f *testing.F) {
	place := messageKey("a", 1)
	f.Add(encodeMessage(nil, place, Message{Offset: 1, Seq: 1, Writer: "w", Key: "k", Body: []byte("body")}))
	f.Add(encodeMessage(nil, place, Message{Offset: 1, Seq: 1}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, value []byte) {
		if _, err := decodeMessage(place, value, 1); err == nil && len(value) < sealed {
			t.Fatal("accepted too little")
		}
		if len(value) < sealed {
			return
		}
		seal(place, value)
		m, err := decodeMessage(place, value, 1)
		if err != nil {
			return
		}
		again, err := decodeMessage(place, encodeMessage(nil, place, m), 1)
		if err != nil || again.Key != m.Key || again.Writer != m.Writer || !bytes.Equal(again.Body, m.Body) || !again.Time.Equal(m.Time) {
			t.Fatalf("%+v came back as %+v, %v", m, again, err)
		}
	})
}

func FuzzDecodeCheckpoint(f *testing.F) {
	place := checkpointKey("a", "c")
	f.Add(encodeCheckpoint(place, Checkpoint{Offset: 7, State: []byte("state")}))
	f.Fuzz(func(t *testing.T, value []byte) {
		if len(value) >= sealed {
			seal(place, value)
		}
		cp, err := decodeCheckpoint(place, value)
		if err == nil && !bytes.Equal(encodeCheckpoint(place, cp), value) {
			t.Fatalf("%+v is not stored as %x", cp, value)
		}
	})
}
