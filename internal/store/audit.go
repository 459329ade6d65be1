package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

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
	line := id.New()
	_, err := tx.ExecContext(ctx, `INSERT INTO store_audit (id, happened, by_id, by_name, action, subject, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, line, Micros(e.Time), e.By, e.Name, e.Action, e.Subject, detail)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO store_audit_waiting (id) VALUES ($1)`, line)
	}
	if err != nil {
		return fmt.Errorf("write to the audit: %w", err)
	}
	tx.audited = true
	return nil
}

// AuditQuery chooses lines of the audit; empty fields choose all.
type AuditQuery struct {
	By      string // principal id
	Who     string // part of a name, upper or lower case
	Action  string // whole, or up to and with a dot: "incident." chooses all of incidents
	Subject string
	From    time.Time // first that is chosen
	To      time.Time // first that is not; zero means no end
	Cursor  string    // where the last page ended
	Limit   int       // 0 means 100
}

// Takes tells whether the query chooses an entry; cursor and limit apart.
func (q AuditQuery) Takes(e Entry) bool {
	return (q.By == "" || q.By == e.By) &&
		(q.Who == "" || strings.Contains(strings.ToLower(e.Name), strings.ToLower(q.Who))) &&
		(q.Action == "" || q.Action == e.Action || strings.HasSuffix(q.Action, ".") && strings.HasPrefix(e.Action, q.Action)) &&
		(q.Subject == "" || q.Subject == e.Subject) &&
		!e.Time.Before(q.From) && (q.To.IsZero() || e.Time.Before(q.To))
}

const auditChosen = `($1 = '' OR a.by_id = $1) AND ($2 = '' OR a.action = $2 OR substr(a.action, 1, length($2)) = $2 AND substr($2, length($2)) = '.')
	AND ($3 = '' OR a.subject = $3) AND a.happened >= $4 AND a.happened < $5
	AND ($6 = '' OR lower(a.by_name) LIKE '%' || $6 || '%' ESCAPE '!')`

func (q AuditQuery) args() []any {
	to := int64(math.MaxInt64)
	if !q.To.IsZero() {
		to = Micros(q.To)
	}
	from := int64(math.MinInt64)
	if !q.From.IsZero() {
		from = Micros(q.From)
	}
	who := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(q.Who))
	return []any{q.By, q.Action, q.Subject, from, to, who}
}

// AuditLog lists the audit, newest first, and where the next page begins (empty
// on the last).
func (s *Store) AuditLog(ctx context.Context, q AuditQuery) (lines []AuditLine, next string, err error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	before, beforeID, err := readAuditCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT a.id, coalesce(l.leaf, -1), a.happened, a.by_id, a.by_name, a.action, a.subject, a.detail
		FROM store_audit a LEFT JOIN store_audit_leaf l ON l.id = a.id WHERE `+auditChosen+`
		AND ($8 = '' OR a.happened < $7 OR (a.happened = $7 AND a.id < $8))
		ORDER BY a.happened DESC, a.id DESC LIMIT $9`, append(q.args(), before, beforeID, q.Limit+1)...)
	if err != nil {
		return nil, "", s.engine.fault("read the audit", err)
	}
	defer rows.Close()
	for rows.Next() {
		line, err := scanLine(rows)
		if err != nil {
			return nil, "", s.engine.fault("read the audit", err)
		}
		if len(lines) == q.Limit {
			last := lines[len(lines)-1]
			next = strconv.FormatInt(Micros(last.Time), 10) + "_" + last.ID
			break
		}
		lines = append(lines, line)
	}
	return lines, next, s.engine.fault("read the audit", rows.Err())
}

func scanLine(rows *sql.Rows) (l AuditLine, err error) {
	var happened int64
	var detail sql.NullString
	if err := rows.Scan(&l.ID, &l.Place, &happened, &l.By, &l.Name, &l.Action, &l.Subject, &detail); err != nil {
		return l, err
	}
	l.Time = FromMicros(happened)
	l.Detail, err = readDetail(detail)
	return l, err
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
