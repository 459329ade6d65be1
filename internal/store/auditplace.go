package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// AuditLine is one line of the audit with its place in the tamper-evident log.
type AuditLine struct {
	ID    string `json:"id"`
	Place int64  `json:"place" doc:"number in the tamper-evident log, from 0; -1 while it waits"`
	Entry
}

// AuditPlace is a place in the log and the line that it was given to.
type AuditPlace struct {
	Place int64
	ID    string
	Line  *AuditLine // nil when the line is gone
}

// AuditHead is how far the log is, as the database knows it.
type AuditHead struct {
	Placed  int64     // places that were given, 0 to Placed-1
	Waiting int64     // lines without a place
	Oldest  time.Time // of those that wait
	Size    int64     // of the newest checkpoint
	Note    string    // the newest checkpoint; empty before the first
}

// Audited holds a token when a line was committed by this process since it was
// looked at last. Lines that another process wrote are found by looking.
func (s *Store) Audited() <-chan struct{} { return s.audited }

func (s *Store) wakeAudit() {
	select {
	case s.audited <- struct{}{}:
	default: // somebody will look anyway
	}
}

// PlaceAudit gives the next places to lines that wait, at most so many, and
// returns how many got one. One process does this for a database. It reads and
// writes outside the serialisable transactions of the modules: nobody else
// touches these rows, and nobody who writes to the audit shall have to try again
// because of it.
func (s *Store) PlaceAudit(ctx context.Context, most int) (n int, err error) {
	ids, err := s.auditIDs(ctx, `SELECT id FROM store_audit_waiting ORDER BY id LIMIT $1`, most)
	if err == nil && len(ids) > 0 {
		err = s.placeLines(ctx, ids)
	}
	return len(ids), s.engine.fault("give lines of the audit their places", err)
}

func (s *Store) placeLines(ctx context.Context, ids []string) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after the commit
	var next int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(leaf) + 1, 0) FROM store_audit_leaf`).Scan(&next); err != nil {
		return err
	}
	for i, id := range ids {
		if _, err := tx.ExecContext(ctx, `INSERT INTO store_audit_leaf (leaf, id) VALUES ($1, $2)`, next+int64(i), id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM store_audit_waiting WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// AuditPlaces returns places from one on, in order, with their lines.
func (s *Store) AuditPlaces(ctx context.Context, from int64, most int) ([]AuditPlace, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT l.leaf, l.id, a.happened, a.by_id, a.by_name, a.action, a.subject, a.detail
		FROM store_audit_leaf l LEFT JOIN store_audit a ON a.id = l.id
		WHERE l.leaf >= $1 ORDER BY l.leaf LIMIT $2`, from, most)
	if err != nil {
		return nil, s.engine.fault("read the audit", err)
	}
	defer rows.Close()
	var out []AuditPlace
	for rows.Next() {
		p, err := scanPlace(rows)
		if err != nil {
			return nil, s.engine.fault("read the audit", err)
		}
		out = append(out, p)
	}
	return out, s.engine.fault("read the audit", rows.Err())
}

func scanPlace(rows *sql.Rows) (p AuditPlace, err error) {
	var happened sql.NullInt64
	var by, name, action, subject, detail sql.NullString
	if err := rows.Scan(&p.Place, &p.ID, &happened, &by, &name, &action, &subject, &detail); err != nil || !happened.Valid {
		return p, err
	}
	p.Line = &AuditLine{ID: p.ID, Place: p.Place, Entry: Entry{Time: FromMicros(happened.Int64), By: by.String, Name: name.String,
		Action: action.String, Subject: subject.String}}
	p.Line.Detail, err = readDetail(detail)
	return p, err
}

// readDetail keeps numbers as they are written, so that none loses digits.
func readDetail(text sql.NullString) (detail map[string]any, err error) {
	if !text.Valid {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(text.String))
	d.UseNumber()
	if err := d.Decode(&detail); err != nil {
		return nil, fmt.Errorf("the detail is no JSON object: %w", err)
	}
	return detail, nil
}

// AuditPlaceOf returns the place of a line, or sql.ErrNoRows.
func (s *Store) AuditPlaceOf(ctx context.Context, id string) (place int64, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT leaf FROM store_audit_leaf WHERE id = $1`, id).Scan(&place)
	return place, s.engine.fault("find a line of the audit", err)
}

// AuditStrays lists lines that neither have a place nor wait for one: they were
// put in beside the program.
func (s *Store) AuditStrays(ctx context.Context, most int) ([]string, error) {
	ids, err := s.auditIDs(ctx, `SELECT a.id FROM store_audit a
		WHERE NOT EXISTS (SELECT 1 FROM store_audit_leaf l WHERE l.id = a.id)
		AND NOT EXISTS (SELECT 1 FROM store_audit_waiting w WHERE w.id = a.id) ORDER BY a.id LIMIT $1`, most)
	return ids, s.engine.fault("read the audit", err)
}

func (s *Store) auditIDs(ctx context.Context, query string, most int) (ids []string, err error) {
	rows, err := s.reader.QueryContext(ctx, query, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// AuditHead tells how far the log is, in one reading of the database.
func (s *Store) AuditHead(ctx context.Context) (h AuditHead, err error) {
	var oldest, size sql.NullInt64
	var note sql.NullString
	err = s.reader.QueryRowContext(ctx, `SELECT
		(SELECT coalesce(max(leaf) + 1, 0) FROM store_audit_leaf),
		(SELECT count(*) FROM store_audit_waiting),
		(SELECT min(a.happened) FROM store_audit_waiting w JOIN store_audit a ON a.id = w.id),
		(SELECT size FROM store_audit_checkpoint WHERE part = 'log'),
		(SELECT note FROM store_audit_checkpoint WHERE part = 'log')`).Scan(&h.Placed, &h.Waiting, &oldest, &size, &note)
	if oldest.Valid {
		h.Oldest = FromMicros(oldest.Int64)
	}
	h.Size, h.Note = size.Int64, note.String
	return h, s.engine.fault("read how far the audit is", err)
}

// KeepAuditCheckpoint remembers the newest checkpoint of the log.
func (s *Store) KeepAuditCheckpoint(ctx context.Context, size int64, note string) error {
	_, err := s.writer.ExecContext(ctx, `INSERT INTO store_audit_checkpoint (part, size, note) VALUES ('log', $1, $2)
		ON CONFLICT (part) DO UPDATE SET size = excluded.size, note = excluded.note`, size, note)
	return s.engine.fault("remember the audit's checkpoint", err)
}
