package hospital

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// PlanIn names a floor plan.
type PlanIn struct {
	ID string `path:"id" doc:"id of the floor plan"`
}

func (m *Module) servePlan(w http.ResponseWriter, r *http.Request) {
	s := m.Snapshot()
	p, ok := s.Plan(r.PathValue("id"))
	if !ok || p.SVG == nil {
		m.refuse(w, r, fault.New(fault.NotFound, "There is no floor plan %q. Look for it in the list of floor plans.", shorten(r.PathValue("id"))))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	// The import refuses drawings that act; should one slip through, the browser
	// runs and fetches nothing when it is opened by itself.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-cache")
	tag := strconv.Quote(s.Version())
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(p.SVG) // the caller has gone away; there is nobody to tell
}

// ExportIn says which model is wanted in which form.
type ExportIn struct {
	Format  string `query:"format" doc:"yaml or csv" enum:"yaml,csv" default:"yaml"`
	Version string `query:"version" doc:"a version that was in place once; empty for the newest" maxLength:"40"`
}

func (m *Module) serveExport(w http.ResponseWriter, r *http.Request) {
	format := Format(r.URL.Query().Get("format"))
	switch format {
	case "":
		format = YAML
	case YAML, CSV:
	default:
		m.refuse(w, r, fault.New(fault.Invalid, "Unknown format %q. Ask for yaml or csv.", shorten(string(format))))
		return
	}
	version := r.URL.Query().Get("version")
	if version == "" {
		version = m.Snapshot().Version()
	}
	model, err := m.Stored(r.Context(), version)
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	var b bytes.Buffer
	if err := WriteZip(&b, model, format); err != nil {
		m.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="hospital-%s-%s.zip"`, version, format))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // the caller has gone away; there is nobody to tell
}

// ImportIn says how a model comes in; the body is a zip of the model's folder,
// or a single YAML file.
type ImportIn struct {
	Check bool `query:"check" doc:"only say what is wrong; change nothing"`
}

// Imported is the answer to an import.
type Imported struct {
	Version  string      `json:"version"`
	Replaced string      `json:"replaced"`
	Checked  bool        `json:"checked" doc:"true when nothing was changed"`
	Counts   ModelCounts `json:"counts"`
}

const mostUpload = 64 << 20

func (m *Module) serveImport(w http.ResponseWriter, r *http.Request) {
	check, ok := parseTruth(r.URL.Query().Get("check"))
	if !ok {
		m.refuse(w, r, fault.New(fault.Invalid, "check is true or false."))
		return
	}
	answer, err := m.upload(w, r, check)
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(answer) // the caller has gone away; there is nobody to tell
}

func (m *Module) upload(w http.ResponseWriter, r *http.Request, check bool) (*Imported, error) {
	if r.ContentLength > mostUpload {
		return nil, errTooLarge()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostUpload))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge()
	case err != nil:
		return nil, fault.New(fault.Invalid, "The model did not arrive whole: %w", err)
	}
	m.intake.Lock()
	defer m.intake.Unlock()
	model, problems := ImportBytes(headFile, body)
	if len(problems) > 0 {
		return nil, &ProblemsError{problems}
	}
	model.Demo = false // what a person brings is never demo data, which one action removes
	s, _ := Build(model)
	answer := &Imported{Version: s.Version(), Replaced: m.Snapshot().Version(), Checked: check, Counts: countsOf(s)}
	if !check {
		_, err = m.Import(r.Context(), model, module.Caller(r.Context()))
	}
	return answer, err
}

func errTooLarge() error {
	return fault.New(fault.TooLarge, "The model is larger than %s. Pack it as a zip, or use the command line on the server.", megabytes(mostUpload))
}
