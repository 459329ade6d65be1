package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// ChangeLog is where the live stream reads from: the topic of changes.
type ChangeLog interface {
	Read(ctx context.Context, topic string, after uint64, max, maxBytes int) ([]exchange.Message, error)
	Wait(ctx context.Context, topic string, after uint64) error
	Last(ctx context.Context, topic string) (uint64, error)
}

// Readers says whether the caller of a request may still do what needs a
// permission. It returns an error when not.
type Readers interface {
	Still(r *http.Request, need module.Permission) error
}

// Stream sends every change to whoever listens (server-sent events, WHATWG HTML
// section 9.2). An event's id is the change's offset; a client that comes back
// with Last-Event-ID gets what it missed. One that missed more than is kept is
// told to start afresh by an event "reset".
//
// A stream outlives the question who asks. So it asks again, before it sends
// anything and at each heartbeat, and ends when its reader may no longer read.
// A withdrawn right holds on for as long as an answer is trusted at most.
type Stream struct {
	log     ChangeLog
	topic   string
	readers Readers
	now     func() time.Time
	limit   chan struct{}
	over    context.Context // ends with End
	end     context.CancelFunc
}

// Figures of the stream.
const (
	mostStreams  = 500
	heartbeat    = 15 * time.Second
	trusted      = 2 * time.Second // how long an answer about a reader holds
	streamBatch  = 256
	streamBytes  = 4 << 20
	mostToReplay = 5_000
	writeTimeout = 20 * time.Second
)

// NewStream returns the stream of a topic's changes to those who may read.
func NewStream(log ChangeLog, topic string, readers Readers) *Stream {
	s := &Stream{log: log, topic: topic, readers: readers, now: time.Now, limit: make(chan struct{}, mostStreams)}
	s.over, s.end = context.WithCancel(context.Background())
	return s
}

// End ends all streams, which do not end by themselves, so that a server that
// shuts down need not wait for them. Clients come back with their last id.
func (s *Stream) End() { s.end() }

type streamInput struct {
	LastEventID string `header:"Last-Event-ID" doc:"id of the last event that was seen"`
}

// readStream is what a reader needs, when the stream begins and for as long as it lasts.
const readStream = module.ReadIncidents

// Routes is the stream itself.
func (s *Stream) Routes() []module.Route {
	return []module.Route{module.Serve[streamInput]("GET", "/stream", module.Op{ID: "get-stream",
		Summary: "Every change as it happens (server-sent events)", Tag: "stream", Permission: readStream},
		[]string{"text/event-stream"}, s.serve)}
}

func (s *Stream) serve(w http.ResponseWriter, r *http.Request) {
	select {
	case s.limit <- struct{}{}:
		defer func() { <-s.limit }()
	default:
		w.Header().Set("Retry-After", "5")
		writeProblem(w, r, http.StatusServiceUnavailable, "Too many live streams are open. Try again in a moment.", nil)
		return
	}
	after, reset, err := s.begin(r)
	if err != nil {
		writeProblem(w, r, fault.KindOf(err).Status(), err.Error(), nil)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	_ = out.control.SetReadDeadline(time.Time{}) // the server's read timeout would end the stream
	if err := out.greet(after, reset); err != nil {
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.over, cancel)()
	s.follow(ctx, out, after, s.watch(r))
}

// watch returns a function that tells whether the caller of a request, who has
// just been let in, may still read. It asks anew when the last answer is too old.
func (s *Stream) watch(r *http.Request) func() bool {
	asked := s.now()
	return func() bool {
		now := s.now()
		if now.Sub(asked) < trusted {
			return true
		}
		asked = now
		return s.readers.Still(r, readStream) == nil // an outage ends the stream too: the client comes back
	}
}

// begin finds where to start: after what the client saw last, or now.
func (s *Stream) begin(r *http.Request) (after uint64, reset bool, err error) {
	last, err := s.log.Last(r.Context(), s.topic)
	if err != nil {
		return 0, false, err
	}
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		return last, false, nil
	}
	seen, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, false, fault.New(fault.Invalid, "The header Last-Event-ID must be the id of an event of this stream.")
	}
	if seen > last || last-seen > mostToReplay {
		return last, true, nil
	}
	return seen, false, nil
}

func (s *Stream) follow(ctx context.Context, out *eventWriter, after uint64, may func() bool) {
	for {
		msgs, err := s.log.Read(ctx, s.topic, after, streamBatch, streamBytes)
		if err != nil || !may() {
			return // the client comes back with its last id
		}
		for _, m := range msgs {
			if out.event(m.Offset, m.Body) != nil {
				return
			}
			after = m.Offset
		}
		if len(msgs) > 0 {
			if out.flush() != nil {
				return
			}
			continue
		}
		wait, cancel := context.WithTimeout(ctx, heartbeat)
		_ = s.log.Wait(wait, s.topic, after) // its end, early or late, means: look again
		quiet := wait.Err() != nil
		cancel()
		if ctx.Err() != nil || (quiet && out.beat() != nil) {
			return
		}
	}
}

// eventWriter writes events with a deadline each, so that a client that stopped
// reading does not hold its goroutine for ever.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (e *eventWriter) greet(after uint64, reset bool) error {
	name := "hello"
	if reset {
		name = "reset"
	}
	if _, err := fmt.Fprintf(e.w, "retry: 1000\nid: %d\nevent: %s\ndata: {}\n\n", after, name); err != nil {
		return err
	}
	return e.flush()
}

// event writes a change, named by its kind.
func (e *eventWriter) event(offset uint64, body []byte) error {
	var change struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(body, &change); err != nil {
		return nil // no change at all: there is nothing to tell the client
	}
	_, err := fmt.Fprintf(e.w, "id: %d\nevent: %s\ndata: %s\n\n", offset, change.Kind, body)
	return err
}

func (e *eventWriter) beat() error {
	if _, err := e.w.Write([]byte(": still here\n\n")); err != nil {
		return err
	}
	return e.flush()
}

func (e *eventWriter) flush() error {
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTimeout)) // unsupported only where tests record answers
	return e.control.Flush()
}
