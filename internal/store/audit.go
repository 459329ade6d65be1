package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"warder/internal/kit/fault"
	"warder/internal/kit/id"
)

// Audit adds a line to the audit, in this transaction. The audit only grows: the
// database itself refuses to change or delete a line. An empty By is Warder
// itself, a zero Time is now.
func (tx *Tx) Audit(ctx context.Context, e Entry) error {
	if e.By == "" {
		e.By, e.Name = "warder", "Warder"
	}
	if e.Time.IsZero() {
		e.Time = tx.store.now()
	}
	var detail any
	if len(e.Detail) > 0 {
		text, err := json.Marshal(e.Detail)
		if err != nil {
			return fmt.Errorf("write to the audit: %w", err)
		}
		detail = string(text)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO store_audit (id, happened, by_id, by_name, action, subject, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id.New(), Micros(e.Time), e.By, e.Name, e.Action, e.Subject, detail)
	if err != nil {
		return fmt.Errorf("write to the audit: %w", err)
	}
	return nil
}

// AuditQuery chooses lines of the audit; empty fields choose all.
type AuditQuery struct {
	By      string // principal id
	Action  string
	Subject string
	Cursor  string // where the last page ended
	Limit   int    // 0 means 100
}

// AuditLog lists the audit, newest first, and where the next page begins (empty
// on the last).
func (s *Store) AuditLog(ctx context.Context, q AuditQuery) (entries []Entry, next string, err error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	before, beforeID, err := readAuditCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT id, happened, by_id, by_name, action, subject, detail FROM store_audit
		WHERE ($1 = '' OR by_id = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR subject = $3)
		AND ($5 = '' OR happened < $4 OR (happened = $4 AND id < $5))
		ORDER BY happened DESC, id DESC LIMIT $6`, q.By, q.Action, q.Subject, before, beforeID, q.Limit+1)
	if err != nil {
		return nil, "", s.engine.fault("read the audit", err)
	}
	defer rows.Close()
	var last string
	for rows.Next() {
		entry, cursor, err := scanEntry(rows)
		if err != nil {
			return nil, "", s.engine.fault("read the audit", err)
		}
		if len(entries) == q.Limit {
			next = last
			break
		}
		entries, last = append(entries, entry), cursor
	}
	return entries, next, s.engine.fault("read the audit", rows.Err())
}

func scanEntry(rows *sql.Rows) (e Entry, cursor string, err error) {
	var id string
	var happened int64
	var detail sql.NullString
	if err := rows.Scan(&id, &happened, &e.By, &e.Name, &e.Action, &e.Subject, &detail); err != nil {
		return e, "", err
	}
	e.Time = FromMicros(happened)
	if detail.Valid {
		err = json.Unmarshal([]byte(detail.String), &e.Detail)
	}
	return e, strconv.FormatInt(happened, 10) + "_" + id, err
}

func readAuditCursor(s string) (happened int64, id string, err error) {
	if s == "" {
		return 0, "", nil
	}
	first, id, _ := strings.Cut(s, "_")
	happened, err = strconv.ParseInt(first, 10, 64)
	if err != nil || id == "" {
		return 0, "", fault.New(fault.Invalid, "the cursor %q is none of this list", s)
	}
	return happened, id, nil
}
