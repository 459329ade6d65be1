package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// queryInput chooses lines.
type queryInput struct {
	By      string    `query:"by" maxLength:"100" doc:"id of the person or program"`
	Who     string    `query:"who" maxLength:"100" doc:"part of a name"`
	Action  string    `query:"action" maxLength:"100" doc:"an action; with a dot at its end all that begin so, as incident. does"`
	Subject string    `query:"subject" maxLength:"200" doc:"what it was done to"`
	From    time.Time `query:"from" doc:"at or after this time"`
	To      time.Time `query:"to" doc:"before this time"`
}

func (in queryInput) query() store.AuditQuery {
	return store.AuditQuery{By: in.By, Who: in.Who, Action: in.Action, Subject: in.Subject, From: in.From, To: in.To}
}

// ListInput asks for a page of the audit.
type ListInput struct {
	queryInput
	module.Page
}

type lineInput struct {
	ID string `path:"id" maxLength:"100" doc:"id of a line of the audit"`
}

// exportType is the media type of exports: a JSON value on each line.
const exportType = "application/x-ndjson"

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "audit", Permission: module.ReadAudit}
	}
	list := op("list-audit", "Who did what, newest first")
	list.Look = "audit.look"
	return []module.Route{
		module.Handle("GET", "/audit", list, m.list),
		module.Handle("GET", "/audit/state", op("get-audit-state", "How the tamper-evident log stands"),
			func(ctx context.Context, _ *module.None) (*LogState, error) { return m.State(ctx) }),
		module.Handle("POST", "/audit/verify", op("verify-audit", "Verify the whole log soon; the state tells what was found"), m.askToVerify),
		module.Serve[queryInput]("GET", "/audit/export", op("export-audit", "The entries of the log, with what is needed to verify them elsewhere"),
			[]string{exportType}, m.serveExport),
		module.Serve[lineInput]("GET", "/audit/{id}/proof", op("prove-audit", "The proof that a line is in the log"), []string{exportType}, m.serveProof),
	}
}

func (m *Module) list(ctx context.Context, in *ListInput) (*module.List[store.AuditLine], error) {
	q := in.query()
	q.Cursor, q.Limit = in.Cursor, in.Limit
	lines, next, err := m.o.Lines.AuditLog(ctx, q)
	return &module.List[store.AuditLine]{Items: lines, Next: next}, err
}

func (m *Module) askToVerify(ctx context.Context, _ *module.None) (*module.None, error) {
	if err := m.record(ctx, "audit.verify", "audit", nil); err != nil {
		return nil, err
	}
	m.ask()
	return nil, nil
}

// record writes down that somebody took the audit elsewhere or had it verified.
func (m *Module) record(ctx context.Context, action, subject string, detail map[string]any) error {
	who := module.Caller(ctx)
	return m.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: m.o.Now(), By: who.ID, Name: who.Name, Action: action, Subject: subject, Detail: detail})
	})
}

func (m *Module) source() Source {
	return Source{Dir: m.o.Dir, Known: m.o.Lines, Key: m.key.Verifier()}
}

func (m *Module) serveExport(w http.ResponseWriter, r *http.Request) {
	in, err := readQuery(r)
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	q := in.query()
	detail := map[string]any{}
	if f := filterOf(q); f != nil {
		detail["filter"] = f
	}
	if err := m.record(r.Context(), "audit.export", "audit", detail); err != nil {
		m.refuse(w, r, err)
		return
	}
	m.send(w, r, "audit-"+m.o.Now().UTC().Format("20060102-150405"), func(to io.Writer) error {
		return Export(r.Context(), m.source(), q, m.o.Now(), to)
	})
}

func readQuery(r *http.Request) (in queryInput, err error) {
	v := r.URL.Query()
	in = queryInput{By: v.Get("by"), Who: v.Get("who"), Action: v.Get("action"), Subject: v.Get("subject")}
	for name, into := range map[string]*time.Time{"from": &in.From, "to": &in.To} {
		if text := v.Get(name); text != "" {
			if *into, err = time.Parse(time.RFC3339, text); err != nil {
				return in, fault.New(fault.Invalid, "%s: %q is no time as 2026-01-31T08:00:00Z is", name, text)
			}
		}
	}
	return in, nil
}

func (m *Module) serveProof(w http.ResponseWriter, r *http.Request) {
	place, err := m.o.Lines.AuditPlaceOf(r.Context(), r.PathValue("id"))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "The log holds no such line yet. A line that was written just now is there in a moment.")
	}
	if err == nil {
		err = m.record(r.Context(), "audit.prove", r.PathValue("id"), nil)
	}
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	m.send(w, r, fmt.Sprintf("audit-entry-%d", place), func(to io.Writer) error {
		return Prove(r.Context(), m.source(), place, m.o.Now(), to)
	})
}

// send answers with a file. What fails before its first byte is a refusal; later
// the answer breaks off, and the file lacks its last line.
func (m *Module) send(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) {
	out := &begun{w: w, name: name}
	err := write(out)
	if err == nil {
		return
	}
	if !out.wrote {
		m.refuse(w, r, err)
		return
	}
	m.o.Log.Warn("an export of the audit broke off", "error", err)
	panic(http.ErrAbortHandler)
}

// begun sets the headers of a file with its first byte.
type begun struct {
	w     http.ResponseWriter
	name  string
	wrote bool
}

func (b *begun) Write(p []byte) (int, error) {
	if !b.wrote {
		b.wrote = true
		h := b.w.Header()
		h.Set("Content-Type", exportType)
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.ndjson"`, b.name))
		h.Set("Cache-Control", "no-store")
	}
	return b.w.Write(p)
}

// refuse answers a route that speaks HTTP itself with an error by its kind, in
// the form that the API gives all its errors.
func (m *Module) refuse(w http.ResponseWriter, r *http.Request, err error) {
	kind, sentence := fault.KindOf(err), err.Error()
	if kind == fault.Internal {
		m.o.Log.Error("a request on the audit failed", "path", r.URL.Path, "error", err)
		sentence = "Warder could not do this because of an error of its own. Try again; if it stays, look into the log."
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(kind.Status())
	_ = json.NewEncoder(w).Encode(map[string]any{ // the caller has gone away; there is nobody to tell
		"type": "urn:warder:problem:" + string(kind), "title": http.StatusText(kind.Status()), "status": kind.Status(), "detail": sentence,
	})
}
