package hospital

import (
	"encoding/json"
	"errors"
	"net/http"

	"warder/internal/kit/fault"
)

// refusal is an error as callers see it (RFC 9457), in the form that the API
// gives all its errors, with one entry for each problem of a model.
type refusal struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Errors []refusedEntry `json:"errors,omitempty"`
	More   int            `json:"more,omitempty"` // problems that are not listed
}

type refusedEntry struct {
	Where   string `json:"where,omitempty"`
	Message string `json:"message"`
	Problem
}

// mostRefused bounds an answer; who corrects a thousand problems asks again.
const mostRefused = 1000

// refuse answers a route that speaks HTTP itself with an error by its kind.
func (m *Module) refuse(w http.ResponseWriter, r *http.Request, err error) {
	kind := fault.KindOf(err)
	answer := refusal{Type: "urn:warder:problem:" + string(kind), Status: kind.Status(), Detail: err.Error()}
	if kind == fault.Internal {
		m.log.Error("a request on the hospital model failed", "method", r.Method, "path", r.URL.Path, "error", err)
		answer.Detail = "Warder could not do this because of an error of its own. Try again; if it stays, look into the log."
	}
	var wrong *ProblemsError
	if errors.As(err, &wrong) {
		for i, p := range wrong.Problems[:min(len(wrong.Problems), mostRefused)] {
			d := wrong.detail(i)
			answer.Errors = append(answer.Errors, refusedEntry{Where: d[0], Message: d[1], Problem: p})
		}
		answer.More = len(wrong.Problems) - len(answer.Errors)
	}
	answer.Title = http.StatusText(answer.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(answer.Status)
	_ = json.NewEncoder(w).Encode(answer) // the caller has gone away; there is nobody to tell
}
