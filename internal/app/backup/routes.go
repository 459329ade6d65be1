package backup

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// State is how backups stand.
type State struct {
	Recipients []string   `json:"recipients" doc:"public halves of the recovery keys; none: no backups are made"`
	Folder     string     `json:"folder"`
	Every      float64    `json:"every" doc:"seconds between two; 0 for by hand only"`
	Keep       int        `json:"keep"`
	Due        *time.Time `json:"due,omitempty" doc:"when the next one is due"`
	Running    *Running   `json:"running,omitempty"`
	Failed     string     `json:"failed,omitempty" doc:"why the last one failed"`
	Items      []Made     `json:"items" doc:"newest first"`
}

// Running is a backup that is being made.
type Running struct {
	Began time.Time `json:"began"`
	Progress
}

type nameInput struct {
	Name string `path:"name" maxLength:"100"`
}

// Routes are for administrators.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "backup", Permission: module.ManageInstance}
	}
	begin := op("make-backup", "Make a backup now; it goes on after the answer")
	begin.Status = http.StatusAccepted
	return []module.Route{
		module.Handle("GET", "/backups", op("list-backups", "How backups stand, and which there are"), m.state),
		module.Handle("POST", "/backups", begin, m.begin),
		module.Serve[nameInput]("GET", "/backups/{name}", op("download-backup", "A backup, encrypted as it is"),
			[]string{"application/octet-stream"}, m.download),
	}
}

func (m *Module) state(context.Context, *module.None) (*State, error) {
	all, err := m.shelf.list()
	if err != nil {
		return nil, err
	}
	s := &State{Recipients: m.o.Config.Recipients, Folder: m.o.Folder, Every: m.o.Config.Every.Seconds(), Keep: m.o.Config.Keep, Items: all}
	if s.Recipients == nil {
		s.Recipients = []string{}
	}
	if s.Items == nil {
		s.Items = []Made{}
	}
	if at, ok := m.next(); ok {
		at = at.UTC()
		s.Due = &at
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s.Running, s.Failed = m.running, sentence(m.failed)
	return s, nil
}

func (m *Module) begin(ctx context.Context, _ *module.None) (*State, error) {
	if err := m.ask(module.Caller(ctx)); err != nil {
		return nil, err
	}
	return m.state(ctx, nil)
}

// download sends a file; who took it is noted before.
func (m *Module) download(w http.ResponseWriter, r *http.Request) {
	made, err := m.shelf.read(r.PathValue("name"))
	if err != nil {
		refuse(w, err)
		return
	}
	f, err := os.Open(filepath.Join(m.shelf.dir, made.Name))
	if err != nil {
		refuse(w, err)
		return
	}
	defer f.Close()
	if err := m.audit(r.Context(), module.Caller(r.Context()), "backup.download", made); err != nil {
		refuse(w, err)
		return
	}
	// A large file over a slow line takes longer than any other answer.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+made.Name+`"`)
	http.ServeContent(w, r, "", made.Made, f)
}

// refuse answers with a problem document.
func refuse(w http.ResponseWriter, err error) {
	kind := fault.KindOf(err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(kind.Status())
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "urn:warder:problem:" + string(kind), "status": kind.Status(),
		"title": http.StatusText(kind.Status()), "detail": sentence(err)}) // the caller has gone away; there is nobody to tell
}
