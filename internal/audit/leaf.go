package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"warder/internal/audit/tiled"
	"warder/internal/store"
)

// leafVersion is the form of leaves. A new form gets a new number; old leaves
// keep theirs for ever.
const leafVersion = 1

// leaf is a line as the log holds it. The order of its fields is part of the
// form, as is that of the detail: by name.
type leaf struct {
	Version int             `json:"v"`
	ID      string          `json:"id"`
	Time    string          `json:"time"` // RFC 3339 in UTC, with six digits of the second
	By      string          `json:"by"`
	Name    string          `json:"name"`
	Action  string          `json:"action"`
	Subject string          `json:"subject"`
	Detail  json.RawMessage `json:"detail,omitempty"`
	// Digest stands for subject and detail where they are too long for an entry
	// of the log: the SHA-256 of the leaf that holds them.
	Digest string `json:"sha256,omitempty"`
}

const leafTime = "2006-01-02T15:04:05.000000Z"

// encode gives the leaf of a line: the same bytes whenever and on whichever
// database. Long is what the leaf stands for where it is a digest.
func encode(l *store.AuditLine) (data, long []byte, err error) {
	f := leaf{Version: leafVersion, ID: l.ID, Time: l.Time.UTC().Format(leafTime), By: l.By, Name: l.Name, Action: l.Action, Subject: l.Subject}
	if len(l.Detail) > 0 {
		plainest, err := plain(l.Detail)
		if err != nil {
			return nil, nil, fmt.Errorf("line %s of the audit: %w", l.ID, err)
		}
		if f.Detail, err = compact(plainest); err != nil {
			return nil, nil, err
		}
	}
	if data, err = compact(f); err != nil || len(data) <= tiled.MostLeaf {
		return data, nil, err
	}
	long = data
	sum := sha256.Sum256(long)
	f.Subject, f.Detail, f.Digest = "", nil, hex.EncodeToString(sum[:])
	data, err = compact(f)
	return data, long, err
}

// compact writes JSON without spaces, with sorted names and without the escapes
// that only HTML needs.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write a leaf of the audit: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// plain gives numbers one form: PostgreSQL writes 1e3 as 1000, SQLite leaves it.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			var err error
			if out[name], err = plain(inner); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			var err error
			if out[i], err = plain(inner); err != nil {
				return nil, err
			}
		}
		return out, nil
	case json.Number:
		return plainNumber(v)
	}
	return v, nil
}

func plainNumber(n json.Number) (any, error) {
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return i, nil
	}
	if u, err := strconv.ParseUint(n.String(), 10, 64); err == nil {
		return u, nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("the number %s: %w", n, err)
	}
	return f, nil
}

// decode reads a leaf back.
func decode(data []byte) (store.AuditLine, error) {
	var f leaf
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return store.AuditLine{}, fmt.Errorf("it is no leaf of the audit: %w", err)
	}
	if f.Version != leafVersion || f.ID == "" {
		return store.AuditLine{}, fmt.Errorf("it is no leaf of version %d", leafVersion)
	}
	l := store.AuditLine{ID: f.ID, Entry: store.Entry{By: f.By, Name: f.Name, Action: f.Action, Subject: f.Subject}}
	var err error
	if l.Time, err = time.Parse(leafTime, f.Time); err != nil {
		return l, fmt.Errorf("its time %q cannot be read", f.Time)
	}
	if len(f.Detail) > 0 {
		inner := json.NewDecoder(bytes.NewReader(f.Detail))
		inner.UseNumber()
		err = inner.Decode(&l.Detail)
	}
	return l, err
}
