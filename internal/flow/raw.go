package flow

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// RecordID names one accepted record for ever: who wrote the batch, the batch's
// sequence with that writer, and the record's place in the batch. Five identical
// failed logons are five records.
type RecordID struct {
	Writer string
	Seq    uint64
	Index  uint32
}

// String gives the id as "writer.sequence.index"; writers hold no dot.
func (r RecordID) String() string {
	return r.Writer + "." + strconv.FormatUint(r.Seq, 10) + "." + strconv.FormatUint(uint64(r.Index), 10)
}

// ParseRecordID reads what String wrote.
func ParseRecordID(s string) (RecordID, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || parts[0] == "" {
		return RecordID{}, fmt.Errorf("read record id %q: want writer.sequence.index", s)
	}
	seq, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return RecordID{}, fmt.Errorf("read record id %q: sequence: %w", s, err)
	}
	index, err := strconv.ParseUint(parts[2], 10, 32)
	if err != nil {
		return RecordID{}, fmt.Errorf("read record id %q: index: %w", s, err)
	}
	return RecordID{Writer: parts[0], Seq: seq, Index: uint32(index)}, nil
}

// Format says how a raw record is to be read.
type Format string

// The formats that sources hand on.
const (
	FormatSyslog   Format = "syslog"   // RFC 5424 or RFC 3164, one message without framing
	FormatJSON     Format = "ndjson"   // one JSON object
	FormatSuricata Format = "suricata" // one EVE record
	FormatWebhook  Format = "webhook"  // JSON, read through a named mapping
	FormatFrigate  Format = "frigate"  // a message of a Frigate topic
	FormatSensor   Format = "sensor"   // sensor JSON, read through a named mapping
)

// Raw is one record as it came from outside, with its bytes untouched.
// The cbor tags keep a batch small on disk; numbers are never reused.
type Raw struct {
	Source    string    `cbor:"1,keyasint"`            // the configured source's id
	Format    Format    `cbor:"2,keyasint"`            //
	Mapping   string    `cbor:"3,keyasint,omitempty"`  // for webhook and sensor: the mapping's name
	Received  time.Time `cbor:"4,keyasint"`            // by Warder's clock
	Peer      string    `cbor:"5,keyasint,omitempty"`  // sender's address, where there is one
	Channel   string    `cbor:"6,keyasint,omitempty"`  // MQTT topic or file path
	Key       string    `cbor:"7,keyasint,omitempty"`  // the sender's own key, by which its retry is known
	Truncated int       `cbor:"8,keyasint,omitempty"`  // bytes that were cut off; 0 when whole
	Exercise  string    `cbor:"9,keyasint,omitempty"`  // id of the exercise that it belongs to
	Refused   string    `cbor:"10,keyasint,omitempty"` // why the source already knows that it cannot be read
	Data      []byte    `cbor:"11,keyasint"`
}

// RawBatch is what travels on topic raw: one message and one fsync for many records.
type RawBatch struct {
	Records []Raw `cbor:"1,keyasint"`
}
