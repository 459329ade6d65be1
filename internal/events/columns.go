package events

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"warder/internal/flow"
)

// shape is how a column's values are kept.
type shape int

const (
	word   shape = iota // text with few different values: a dictionary
	prose               // text that is different in each event
	moment              // microseconds since 1970, UTC
	number
	list // several words
	document
	blob
)

// column is one column of a segment. Its name is what DuckDB and Spark see: an
// attribute's name with underscores for the dots.
type column struct {
	name  string
	attr  string // the attribute that it holds; empty for the event's own fields
	shape shape
	bloom bool
	inner bool                     // how the event is kept, and nothing of it
	get   func(*flow.Event) string // for words and prose: empty means absent
}

// Names of the columns that the code speaks of.
const (
	colID         = "id"
	colTime       = "time"
	colReceived   = "received"
	colTruncated  = "truncated"
	colAssetIDs   = "asset_ids"
	colAssets     = "assets"     // JSON: what each asset is to the event and why
	colUnknown    = "unknown"    // JSON
	colAttributes = "attributes" // JSON: the attributes that have no column
	colOriginal   = "original"   // JSON
	colRaw        = "raw"
	colCategory   = "category"
)

// layout is the columns of the segments that this program writes, in the order
// of their names, which is the order in which Parquet keeps them.
type layout struct {
	columns []column
	schema  *parquet.Schema
	sum     string            // of the schema
	attrs   map[string]string // attribute -> column
	codec   *zstd.Codec       // shared, for the buffers that it keeps
	shelf   *shelf            // of segments that are open
	apart   map[string]bool   // columns in which nearly each row has a text of its own
	disk    Disk
	drafts  atomic.Uint64 // names them
	// groupRows is how many events one row group holds: what a search reads,
	// skips and keeps in memory at a time.
	groupRows int64
}

const groupRows = 16384

func newLayout(disk Disk) *layout {
	all := []column{
		{name: colID, shape: prose, bloom: true, get: func(e *flow.Event) string { return e.ID }},
		{name: colTime, shape: moment}, {name: colReceived, shape: moment},
		{name: "source", get: func(e *flow.Event) string { return e.Source }},
		{name: "format", get: func(e *flow.Event) string { return string(e.Format) }},
		{name: "site", get: func(e *flow.Event) string { return e.Site }},
		{name: colCategory, get: func(e *flow.Event) string { return string(e.Category) }},
		{name: "action", get: func(e *flow.Event) string { return e.Action }},
		{name: "parse_error", get: func(e *flow.Event) string { return e.ParseError }},
		{name: "exercise", get: func(e *flow.Event) string { return e.Exercise }},
		{name: colTruncated, shape: number}, {name: colAssetIDs, shape: list, bloom: true},
		{name: colAssets, shape: document}, {name: colUnknown, shape: document},
		{name: colAttributes, shape: document}, {name: colOriginal, shape: document},
		{name: colRaw, shape: blob},
		{name: colOriginalIn, inner: true}, {name: colMessageIn, inner: true},
	}
	l := &layout{disk: disk, attrs: map[string]string{}, apart: map[string]bool{}, codec: newCodec(), shelf: newShelf(mostOpen), groupRows: groupRows}
	for _, a := range flow.Vocabulary() {
		if strings.HasSuffix(a.Name, "*") { // stands for many; they are kept in colAttributes
			continue
		}
		c := column{name: columnName(a.Name), attr: a.Name, bloom: sought(a.Name)}
		if a.Name == flow.AttrMessage {
			c.shape = prose
		}
		all = append(all, c)
		l.attrs[a.Name] = c.name
	}
	slices.SortFunc(all, func(a, b column) int { return strings.Compare(a.name, b.name) })
	group := parquet.Group{}
	for _, c := range all {
		group[c.name] = node(c)
		l.apart[c.name] = c.shape == prose || c.shape == document || c.shape == blob
	}
	l.columns, l.schema = all, parquet.NewSchema("event", group)
	sum := sha256.Sum256([]byte(l.schema.String()))
	l.sum = hex.EncodeToString(sum[:8])
	return l
}

func columnName(attr string) string { return strings.ReplaceAll(attr, ".", "_") }

// sought are the attributes whose values people and programs look for one by
// one among many: each gets a Bloom filter.
func sought(attr string) bool {
	switch attr {
	case flow.AttrUser, flow.AttrPerson, flow.AttrBadge, flow.AttrSourceIP, flow.AttrSourceMAC, flow.AttrDestIP,
		flow.AttrHost, flow.AttrHostIP, flow.AttrFileHash, flow.AttrDNSQuery, flow.AttrDoor, flow.AttrCamera,
		flow.AttrSensor, flow.AttrObjectID, flow.AttrRoom:
		return true
	}
	return false
}

func node(c column) parquet.Node {
	switch c.shape {
	case moment:
		return parquet.Encoded(parquet.Timestamp(parquet.Microsecond), &parquet.DeltaBinaryPacked)
	case number:
		return parquet.Optional(parquet.Int(64))
	case list:
		return parquet.Repeated(parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
	case document:
		return parquet.Optional(parquet.JSON())
	case blob:
		return parquet.Optional(parquet.Leaf(parquet.ByteArrayType))
	case prose:
		if c.name == colID { // ids of one batch differ in their last letters only
			return parquet.Encoded(parquet.String(), &parquet.DeltaByteArray)
		}
		return parquet.Optional(parquet.String())
	}
	return parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
}
