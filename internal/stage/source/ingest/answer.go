package ingest

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"

	"warder/internal/kit/fault"
)

// refusal is a problem document (RFC 9457) with what became of the records.
type refusal struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Answer
}

// Seconds after which a sender may try again.
const (
	retryBusy        = 1
	retryUnavailable = 5
)

func refuseRequest(w http.ResponseWriter, a Answer, err error) {
	status := statusOf(err)
	switch status {
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", strconv.Itoa(retryBusy))
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(retryUnavailable))
	}
	if a.Refused == nil {
		a.Refused = []Problem{}
	}
	writeJSON(w, status, "application/problem+json", refusal{http.StatusText(status), status, sentence(err), a})
}

func statusOf(err error) int {
	if errors.Is(err, errBusy) {
		return http.StatusTooManyRequests
	}
	if _, media := errors.AsType[errMedia](err); media {
		return http.StatusUnsupportedMediaType
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return http.StatusRequestTimeout
	}
	return fault.KindOf(err).Status()
}

// sentence is what a sender may read; whatever has none stays inside.
func sentence(err error) string {
	if errors.Is(err, errBusy) {
		return errBusy.Error()
	}
	if m, media := errors.AsType[errMedia](err); media {
		return m.Error()
	}
	if f, known := errors.AsType[*fault.Error](err); known {
		return f.Error()
	}
	return "the records could not be taken in; send again later, with the same Idempotency-Key"
}

func writeJSON(w http.ResponseWriter, status int, media string, v any) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the sender may have gone; what was accepted is durable all the same
}
