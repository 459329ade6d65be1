package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"warder/internal/kit/fault"
	"warder/internal/kit/id"
)

// Problem is an error as callers see it (RFC 9457).
type Problem struct {
	Type     string   `json:"type" doc:"urn:warder:problem:<kind>"`
	Title    string   `json:"title" doc:"the status in words"`
	Status   int      `json:"status"`
	Detail   string   `json:"detail" doc:"what was being done, what is wrong and what to do next"`
	Instance string   `json:"instance,omitempty" doc:"id under which the log has the rest"`
	Errors   []Detail `json:"errors,omitempty" doc:"every single thing that is wrong"`
}

// Detail is one of several things that are wrong with an input.
type Detail struct {
	Where   string `json:"where,omitempty" doc:"field, or file and line"`
	Message string `json:"message"`
	// Position is there when the input is a text in a language of Warder's.
	Position *Position `json:"position,omitempty"`
}

// Position is a place in a text.
type Position struct {
	Line   int `json:"line" doc:"from 1"`
	Column int `json:"column" doc:"from 1, in characters"`
	Offset int `json:"offset" doc:"characters before it"`
}

// Positioned is the role of an error that lies at one place of a text.
type Positioned interface {
	Position() (line, column, offset int, why string)
}

// Details is the role of an error that lists several things at once.
type Details interface {
	Details() [][2]string // where, message
}

// fail answers with an error by its kind. What has no kind is internal: the
// caller gets an id, the log gets the error under it.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := fault.KindOf(err).Status()
	if status == http.StatusInternalServerError {
		instance := id.New()
		a.log.Error("an API request failed", "instance", instance, "method", r.Method, "path", r.URL.Path, "error", err)
		write(w, Problem{Type: "urn:warder:problem:internal", Status: http.StatusInternalServerError, Instance: instance,
			Detail: "Warder could not do this because of an error of its own. Try again; if it stays, look for this instance in the log."})
		return
	}
	var f *fault.Error
	errors.As(err, &f)
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds()+0.999)))
	}
	p := Problem{Type: "urn:warder:problem:" + string(f.Kind), Status: status, Detail: f.Sentence}
	var several Details
	if errors.As(err, &several) {
		for _, d := range several.Details() {
			p.Errors = append(p.Errors, Detail{Where: d[0], Message: d[1]})
		}
	}
	var placed Positioned
	if errors.As(err, &placed) {
		line, column, offset, why := placed.Position()
		p.Errors = append(p.Errors, Detail{Message: why, Position: &Position{line, column, offset}})
	}
	write(w, p)
}

// writeProblem answers with a status that is no failure of a handler: an unknown
// route, a caller who may not.
func writeProblem(w http.ResponseWriter, _ *http.Request, status int, detail string, errs []Detail) {
	write(w, Problem{Type: "about:blank", Status: status, Detail: detail, Errors: errs})
}

func write(w http.ResponseWriter, p Problem) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller has gone away; there is nobody to tell
}
