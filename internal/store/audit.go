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
	"unicode/utf8"

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

// auditChosen chooses all that Takes chooses; by the name it may choose more, for
// how the databases fold letters is their own matter.
const auditChosen = `($1 = '' OR a.by_id = $1) AND ($2 = '' OR a.action = $2 OR substr(a.action, 1, length($2)) = $2 AND substr($2, length($2)) = '.')
	AND ($3 = '' OR a.subject = $3) AND a.happened >= $4 AND a.happened < $5
	AND ($6 = '' OR lower(a.by_name) LIKE $6 ESCAPE '!')`

func (q AuditQuery) args() []any {
	to := int64(math.MaxInt64)
	if !q.To.IsZero() {
		to = Micros(q.To)
	}
	from := int64(math.MinInt64)
	if !q.From.IsZero() {
		from = Micros(q.From)
	}
	return []any{q.By, q.Action, q.Subject, from, to, likely(q.Who)}
}

// likely is a pattern that fits every name in which Takes finds a word, on every
// database. SQLite folds the letters of ASCII only, PostgreSQL those of its locale;
// and i and k are small letters of others too, the dotted I and the Kelvin sign.
func likely(word string) string {
	if word == "" {
		return ""
	}
	var b strings.Builder
	b.WriteByte('%')
	for _, r := range strings.ToLower(word) {
		switch {
		case r >= utf8.RuneSelf || r == 'i' || r == 'k':
			b.WriteByte('%')
		case strings.ContainsRune("!%_", r):
			b.WriteByte('!')
			fallthrough
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('%')
	return b.String()
}

// AuditLog lists the audit, newest first, and where the next page begins (empty
// on the last).
func (s *Store) AuditLog(ctx context.Context, q AuditQuery) (lines []AuditLine, next string, err error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	happened, id, err := readAuditCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	for {
		page, err := s.auditPage(ctx, q, happened, id)
		if err != nil {
			return nil, "", s.engine.fault("read the audit", err)
		}
		for _, line := range page {
			happened, id = Micros(line.Time), line.ID
			if !q.Takes(line.Entry) {
				continue
			}
			if len(lines) == q.Limit {
				last := lines[len(lines)-1]
				return lines, strconv.FormatInt(Micros(last.Time), 10) + "_" + last.ID, nil
			}
			lines = append(lines, line)
		}
		if len(page) <= q.Limit {
			return lines, "", nil
		}
	}
}

// auditPage reads what the database chooses behind a line, or from the newest
// where there is none: one line more than the limit.
func (s *Store) auditPage(ctx context.Context, q AuditQuery, happened int64, id string) (page []AuditLine, err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT a.id, coalesce(l.leaf, -1), a.happened, a.by_id, a.by_name, a.action, a.subject, a.detail
		FROM store_audit a LEFT JOIN store_audit_leaf l ON l.id = a.id WHERE `+auditChosen+`
		AND ($8 = '' OR a.happened < $7 OR (a.happened = $7 AND a.id < $8))
		ORDER BY a.happened DESC, a.id DESC LIMIT $9`, append(q.args(), happened, id, q.Limit+1)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		line, err := scanLine(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, line)
	}
	return page, rows.Err()
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
