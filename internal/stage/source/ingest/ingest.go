// Package ingest takes records in over HTTP: POST /ingest/{format}.
//
// Guarantees: 202 is answered only after every accepted record is durable. A
// record longer than the limit is refused by its line; a record that cannot be
// read is kept as it came, marked, and listed, because nothing is to be lost.
// JSON in which a cloud service wraps many records becomes one record for each.
// When a request fails on its way, the answer says how many records were
// accepted; a client that sends the whole request again with the same
// Idempotency-Key makes none of them twice (within source.Options.Keys records,
// and across a restart within what source.Module remembers). Memory is bounded
// by the requests at a time, each holding one chunk of records.
package ingest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/stage/source"
)

// Options bound the endpoint; a zero field means the default given with it.
type Options struct {
	Body     int64         // most bytes of a body after decompression: 64 MiB
	Requests int           // most at a time: 32
	Patience time.Duration // longest wait for room before 429: 5s
	Upload   time.Duration // longest time that a body may take to arrive: 2m
}

// Endpoint is the ingest route over all http sources.
type Endpoint struct {
	inlets []*source.Inlet
	o      Options
	slots  chan struct{}
}

// New returns the endpoint; when several sources accept a format, the first in
// the configuration is meant unless a request names another.
func New(inlets []*source.Inlet, o Options) *Endpoint {
	if o.Body <= 0 {
		o.Body = 64 << 20
	}
	if o.Requests <= 0 {
		o.Requests = 32
	}
	if o.Patience <= 0 {
		o.Patience = 5 * time.Second
	}
	if o.Upload <= 0 {
		o.Upload = 2 * time.Minute
	}
	return &Endpoint{inlets: inlets, o: o, slots: make(chan struct{}, o.Requests)}
}

// input describes the parameters for the API document.
type input struct {
	Format      string `path:"format" enum:"ndjson,suricata,webhook" doc:"how the records are to be read"`
	Mapping     string `query:"mapping" doc:"for webhook: the name of a mapping of the source" maxLength:"64"`
	Source      string `query:"source" doc:"id of the source; by default the first one that accepts the format" maxLength:"64"`
	Key         string `header:"Idempotency-Key" doc:"the sender's own name for this request; sending it again makes no record twice" maxLength:"256"`
	Exercise    string `header:"X-Warder-Exercise" doc:"id of the running exercise that the records belong to" maxLength:"64"`
	ContentType string `header:"Content-Type" doc:"application/x-ndjson or application/json"`
	Encoding    string `header:"Content-Encoding" enum:"gzip,identity" doc:"gzip, or absent"`
}

// Routes implements module.Router.
func (e *Endpoint) Routes() []module.Route {
	op := module.Op{
		ID: "ingest", Summary: "Take records in: JSON lines, an array, or one object; answered when they are durable",
		Tag: "ingest", Permission: module.SendEvents, Status: http.StatusAccepted,
	}
	return []module.Route{
		module.Serve[input](http.MethodPost, "/ingest/{format}", op, []string{"application/json"}, e.ServeHTTP),
	}
}

// Answer is what became of a request's records. Lines count from 1; in an array
// they count elements.
type Answer struct {
	Accepted   int       `json:"accepted"` // durable, the unreadable ones included
	Refused    []Problem `json:"refused"`
	Unreadable []Problem `json:"unreadable,omitempty"`
	// MoreRefused and MoreUnreadable count what the lists had no room for.
	MoreRefused    int `json:"more_refused,omitempty"`
	MoreUnreadable int `json:"more_unreadable,omitempty"`
}

// Problem is one record that was refused or could not be read.
type Problem struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// mostListed bounds each list of an answer.
const mostListed = 1000

func (a *Answer) refuse(line int, reason string) {
	if len(a.Refused) == mostListed {
		a.MoreRefused++
		return
	}
	a.Refused = append(a.Refused, Problem{line, reason})
}

func (a *Answer) unreadable(line int, reason string) {
	if len(a.Unreadable) == mostListed {
		a.MoreUnreadable++
		return
	}
	a.Unreadable = append(a.Unreadable, Problem{line, reason})
}

// ServeHTTP takes one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		refuseRequest(w, Answer{}, errBusy)
		return
	}
	// A writer without deadlines (a test's recorder) has nobody slow behind it.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(e.o.Upload))
	in, err := e.inlet(r)
	if err != nil {
		refuseRequest(w, Answer{}, err)
		return
	}
	body, err := openBody(r, e.o.Body)
	if err != nil {
		in.Refused(1)
		refuseRequest(w, Answer{}, err)
		return
	}
	t := &take{in: in, patience: e.o.Patience, proto: prototype(r), answer: Answer{Refused: []Problem{}}}
	t.key, err = idempotencyKey(r)
	if err == nil {
		err = t.all(r.Context(), body)
	}
	if err != nil {
		refuseRequest(w, t.answer, err)
		return
	}
	writeJSON(w, http.StatusAccepted, "application/json", t.answer)
}

// prototype is what all records of a request have in common.
func prototype(r *http.Request) flow.Raw {
	return flow.Raw{
		Format: flow.Format(r.PathValue("format")), Mapping: r.URL.Query().Get("mapping"),
		Peer: r.RemoteAddr, Exercise: r.Header.Get("X-Warder-Exercise"),
	}
}

// Bounds of what a sender may write into headers that travel with each record.
const mostKey = 256

func idempotencyKey(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > mostKey {
		return "", fault.New(fault.Invalid, "the Idempotency-Key has %d characters; at most %d", len(key), mostKey)
	}
	return key, nil
}

// inlet finds the source that a request belongs to.
func (e *Endpoint) inlet(r *http.Request) (*source.Inlet, error) {
	format, mapping := flow.Format(r.PathValue("format")), r.URL.Query().Get("mapping")
	named := r.URL.Query().Get("source")
	if mapping == "" && format == flow.FormatWebhook {
		return nil, fault.New(fault.Invalid, "format webhook needs ?mapping=, the name of a mapping of the source")
	}
	for _, in := range e.inlets {
		s := in.Source()
		if named != "" && s.ID != named {
			continue
		}
		if slices.Contains(s.HTTP.Formats, format) && (format != flow.FormatWebhook || slices.Contains(s.HTTP.Mappings, mapping)) {
			return in, nil
		}
	}
	what := "format " + string(format)
	if format == flow.FormatWebhook {
		what += " with mapping " + mapping
	}
	if named != "" {
		return nil, fault.New(fault.NotFound, "no http source %q accepts %s; see the sources page for what is configured", named, what)
	}
	return nil, fault.New(fault.NotFound, "no http source accepts %s; add one to sources.list", what)
}

var errBusy = errors.New("too much is on its way at once; send again later, with the same Idempotency-Key")

// wait makes the end of patience tell itself from the end of the request.
func wait(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, patience, errBusy)
}
