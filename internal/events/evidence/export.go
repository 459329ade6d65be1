package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Bounds of an export.
const (
	mostExported  = 1_000_000
	longestExport = 30 * time.Minute
	mostAsk       = 64 << 10
)

// Export asks for a bundle: of an incident, or of what meets a query.
type Export struct {
	Incident string    `json:"incident,omitempty" maxLength:"128" doc:"an incident's id: it with the events that its alerts name"`
	Query    string    `json:"query,omitempty" maxLength:"8192" doc:"in the query language"`
	From     time.Time `json:"from,omitzero" doc:"for a query: at or after this time"`
	To       time.Time `json:"to,omitzero" doc:"for a query: before this time"`
	Why      string    `json:"why,omitempty" maxLength:"500" doc:"for whom: it stands in the chain of custody"`
}

// ExportIn is the body of the route.
type ExportIn struct{ Body Export }

func (m *Module) serveExport(w http.ResponseWriter, r *http.Request) {
	var ask Export
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostAsk))
	d.DisallowUnknownFields()
	if err := d.Decode(&ask); err != nil {
		m.refuse(w, r, fault.New(fault.Invalid, "the body is no JSON of an export: %w", err))
		return
	}
	out := &late{w: w, name: fileName(ask, m.Now())}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longestExport)) // not every writer has one
	err := m.Export(r.Context(), out, ask)
	switch {
	case err == nil:
	case !out.begun:
		m.refuse(w, r, err)
	default:
		// The bundle has no signature: whoever checks it sees that it is not whole.
		m.Log.Error("an export of evidence was not finished", "error", err)
		panic(http.ErrAbortHandler)
	}
}

func fileName(ask Export, now time.Time) string {
	what := "events"
	if ask.Incident != "" {
		what = "incident"
	}
	return fmt.Sprintf("warder-%s-%s.tar", what, now.UTC().Format("20060102-150405"))
}

// late sends the header with the first byte, until which an error can be told.
type late struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

func (l *late) Write(p []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", "application/x-tar")
		l.w.Header().Set("Cache-Control", "no-store")
		l.w.Header().Set("Content-Disposition", `attachment; filename="`+l.name+`"`)
	}
	return l.w.Write(p)
}

// Export writes a bundle to w. It is noted before anything leaves.
func (m *Module) Export(ctx context.Context, w io.Writer, ask Export) error {
	ctx, cancel := context.WithTimeout(ctx, longestExport)
	defer cancel()
	if (ask.Incident == "") == (strings.TrimSpace(ask.Query) == "" && ask.From.IsZero() && ask.To.IsZero()) {
		return fault.New(fault.Invalid, "say what to export: an incident, or a query or a time")
	}
	sel, story, err := m.selection(ctx, ask)
	if err != nil {
		return err
	}
	if err := m.countFirst(ctx, ask); err != nil {
		return err
	}
	if err := m.audit(ctx, "evidence.export", ask.subject(), map[string]any{"why": ask.Why}); err != nil {
		return err
	}
	who := module.Caller(ctx)
	b, err := NewWriter(w, Custody{Instance: m.Instance, Version: m.Version, At: m.Now(), By: who.ID, Name: who.Name, Why: ask.Why,
		Incident: ask.Incident, Query: ask.Query, From: ask.From, To: ask.To}, story)
	if err != nil {
		return err
	}
	missing := missingOf(sel.IDs)
	unreadable, err := m.Store.Each(ctx, sel, func(e *flow.Event, from events.Origin) error {
		if b.custody.Events >= mostExported {
			return errTooMany()
		}
		delete(missing, e.ID)
		return b.Add(e, from)
	})
	if err != nil {
		return err
	}
	return b.Finish(m.key, sorted(missing), unreadable)
}

func errTooMany() error {
	return fault.New(fault.TooLarge, "these are more than %d events: ask for a shorter time, or name a field", mostExported)
}

// countFirst refuses what is too much before anything is sent.
func (m *Module) countFirst(ctx context.Context, ask Export) error {
	if ask.Incident != "" {
		return nil
	}
	n, err := m.Store.Count(ctx, events.Query{Text: ask.Query, From: ask.From, To: ask.To})
	if err == nil && n > mostExported {
		err = errTooMany()
	}
	return err
}

func (e Export) subject() string {
	if e.Incident != "" {
		return "incident " + e.Incident
	}
	return "events: " + e.Query
}

// selection says which events an export holds, and the story for an incident.
func (m *Module) selection(ctx context.Context, ask Export) (events.Selection, any, error) {
	sel := events.Selection{Query: events.Query{Text: ask.Query, From: ask.From, To: ask.To}}
	if ask.Incident == "" {
		return sel, nil, nil
	}
	if ask.Query != "" || !ask.From.IsZero() || !ask.To.IsZero() {
		return sel, nil, fault.New(fault.Invalid, "an export is of an incident or of a query, not of both")
	}
	s, err := m.Incidents.Story(ctx, ask.Incident)
	if err != nil {
		return sel, nil, err
	}
	sel.IDs = []string{}
	for _, j := range s.Joins {
		sel.IDs = append(sel.IDs, j.Alert.Events...)
	}
	return sel, s, nil
}

func missingOf(ids []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func sorted(ids map[string]bool) []string {
	var out []string
	for id := range ids {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// refuse answers a route that speaks HTTP itself with an error by its kind.
func (m *Module) refuse(w http.ResponseWriter, r *http.Request, err error) {
	kind, detail := fault.KindOf(err), err.Error()
	var f *fault.Error
	if errors.As(err, &f) {
		detail = f.Sentence
	}
	if kind == fault.Internal {
		m.Log.Error("a request on the evidence failed", "method", r.Method, "path", r.URL.Path, "error", err)
		detail = "Warder could not do this because of an error of its own. Try again; if it stays, look into the log."
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(kind.Status())
	_ = json.NewEncoder(w).Encode(map[string]any{ // the caller may have gone away
		"type": "urn:warder:problem:" + string(kind), "title": http.StatusText(kind.Status()), "status": kind.Status(), "detail": detail})
}
