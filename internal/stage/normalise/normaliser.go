package normalise

import (
	"fmt"
	"sync"
	"time"

	"github.com/valyala/fastjson"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Normaliser makes events of raw records. It may be used by many goroutines.
type Normaliser struct {
	hospital hospital.Source
	mappings map[string]reader
	parse    map[flow.Format]func(*draft) error
	dialects map[string]dialect
	sayings  []saying
	json     fastjson.ParserPool
	syslog   sync.Pool
}

// New returns a normaliser that resolves against the newest hospital model and
// reads webhooks and sensors through the mappings given, which passed Validate.
func New(source hospital.Source, mappings map[string]Mapping) *Normaliser {
	n := &Normaliser{
		hospital: source, mappings: compile(mappings), dialects: dialects(), sayings: sayings(),
		syslog: sync.Pool{New: newMachine},
	}
	n.parse = map[flow.Format]func(*draft) error{
		flow.FormatSyslog:   n.parseSyslog,
		flow.FormatJSON:     n.parseJSON,
		flow.FormatSuricata: n.parseSuricata,
		flow.FormatFrigate:  n.parseFrigate,
		flow.FormatSensor:   n.parseMapped,
		flow.FormatWebhook:  n.parseMapped,
	}
	return n
}

// Event reads one record. It never fails: an unreadable record becomes an event
// that says so and keeps its bytes.
func (n *Normaliser) Event(id flow.RecordID, raw flow.Raw) flow.Event {
	snap := n.hospital.Snapshot()
	d := &draft{raw: &raw, zone: snap.Location(), ev: bare(id, &raw)}
	if d.zone == nil {
		d.zone = time.UTC
	}
	if err := n.read(d); err != nil {
		unreadable(d, err)
	} else if d.wrong != nil {
		d.ev.ParseError = clean(d.wrong.Error())
	}
	resolve(d, snap)
	return d.ev
}

func bare(id flow.RecordID, raw *flow.Raw) flow.Event {
	return flow.Event{
		ID: id.String(), Time: raw.Received, Received: raw.Received, Source: raw.Source,
		Format: raw.Format, Category: flow.CategoryOther, Truncated: raw.Truncated,
		Exercise: raw.Exercise, Raw: raw.Data,
	}
}

// read runs the format's parser. A parser that panics is a fault of ours, but it
// must not stop the way: the record stays, with the reason.
func (n *Normaliser) read(d *draft) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read %s: internal fault: %v", d.raw.Format, p)
		}
	}()
	if d.raw.Refused != "" {
		return fmt.Errorf("refused by its source: %s", d.raw.Refused)
	}
	parse, ok := n.parse[d.raw.Format]
	if !ok {
		return fmt.Errorf("no reader for format %q", d.raw.Format)
	}
	return parse(d)
}

// unreadable keeps whatever the parser understood before it gave up, but no
// category or action: no rule may fire on half a record.
func unreadable(d *draft, err error) {
	d.ev.Category = flow.CategoryOther
	d.ev.Action = ""
	d.ev.ParseError = clean(err.Error())
}
