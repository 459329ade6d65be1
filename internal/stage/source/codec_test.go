package source

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// anyBatch draws batches whose records share some fields with the one before.
func anyBatch(t *rapid.T) flow.RawBatch {
	few := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	records := make([]flow.Raw, rapid.IntRange(0, 20).Draw(t, "records"))
	for i := range records {
		records[i] = flow.Raw{
			Source: few("source", "a", "b"), Format: flow.Format(few("format", "syslog", "sensor")), Mapping: few("mapping", "", "beia"),
			Received: time.UnixMicro(rapid.Int64Range(-1<<50, 1<<55).Draw(t, "received")).UTC(),
			Peer:     few("peer", "", "10.0.0.1:1", "10.0.0.2:2"), Channel: few("channel", "", "t/\xff"), Exercise: few("exercise", "", "ex"),
			Key: few("key", "", "k\x80"), Truncated: rapid.IntRange(0, 9).Draw(t, "truncated"), Refused: few("refused", "", "why"),
			Data: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data"),
		}
	}
	return flow.RawBatch{Records: records}
}

func TestCodecKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, codec := anyBatch(t), Codec()
		data, err := codec.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		var got flow.RawBatch
		if err := codec.Decode(data, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Batches that were on disk before an upgrade are read after it.
func TestCodecReadsCBOR(t *testing.T) {
	want := flow.RawBatch{Records: []flow.Raw{{Source: "s", Format: flow.FormatSyslog, Received: time.Unix(1_800_000_000, 0).UTC(), Data: []byte("<1>x")}}}
	data, err := exchange.CBOR[flow.RawBatch]().Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	var got flow.RawBatch
	if err := Codec().Decode(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); diff != "" {
		t.Error(diff)
	}
}

// What is cut short is an error, wherever it is cut, and never a shorter batch.
func TestCodecRefusesWhatIsCut(t *testing.T) {
	data := packBatch(flow.RawBatch{Records: []flow.Raw{{Source: "s", Data: []byte("one")}, {Source: "s", Key: "k", Data: []byte("two")}}})
	for n := range data {
		var got flow.RawBatch
		if err := Codec().Decode(data[:n], &got); err == nil {
			t.Errorf("%d of %d bytes are taken for whole: %v", n, len(data), got)
		}
	}
}

func FuzzCodec(f *testing.F) {
	f.Add(packBatch(flow.RawBatch{Records: []flow.Raw{{Source: "s", Peer: "p", Truncated: 3, Data: []byte("data")}}}))
	f.Add([]byte{batchMark, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var b flow.RawBatch
		if err := Codec().Decode(data, &b); err != nil || len(data) == 0 || data[0] != batchMark {
			return
		}
		var again flow.RawBatch
		if err := Codec().Decode(packBatch(b), &again); err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		if diff := cmp.Diff(b, again, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}
