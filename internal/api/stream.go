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

// Stream sends every change to whoever listens (server-sent events, WHATWG HTML
// section 9.2). An event's id is the change's offset; a client that comes back
// with Last-Event-ID gets what it missed. One that missed more than is kept is
// told to start afresh by an event "reset".
type Stream struct {
	log   ChangeLog
	topic string
	limit chan struct{}
	over  context.Context // ends with End
	end   context.CancelFunc
}

// Figures of the stream.
const (
	mostStreams  = 500
	heartbeat    = 15 * time.Second
	streamBatch  = 256
	streamBytes  = 4 << 20
	mostToReplay = 5_000
	writeTimeout = 20 * time.Second
)

// NewStream returns the stream of a topic's changes.
func NewStream(log ChangeLog, topic string) *Stream {
	s := &Stream{log: log, topic: topic, limit: make(chan struct{}, mostStreams)}
	s.over, s.end = context.WithCancel(context.Background())
	return s
}

// End ends all streams, which do not end by themselves, so that a server that
// shuts down need not wait for them. Clients come back with their last id.
func (s *Stream) End() { s.end() }

type streamInput struct {
	LastEventID string `header:"Last-Event-ID" doc:"id of the last event that was seen"`
}

// Routes is the stream itself.
func (s *Stream) Routes() []module.Route {
	return []module.Route{module.Serve[streamInput]("GET", "/stream", module.Op{ID: "get-stream",
		Summary: "Every change as it happens (server-sent events)", Tag: "stream", Permission: module.ReadIncidents},
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
	s.follow(ctx, out, after)
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

func (s *Stream) follow(ctx context.Context, out *eventWriter, after uint64) {
	for {
		msgs, err := s.log.Read(ctx, s.topic, after, streamBatch, streamBytes)
		if err != nil {
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
