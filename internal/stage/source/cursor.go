package source

import (
	"context"

	"warder/internal/store"
)

// FileCursor is how far a followed file was taken in.
type FileCursor struct {
	Identity string // what the system knows the file by, whatever its name
	// Generation is new whenever the file begins anew; with a line's offset it
	// names the line for ever.
	Generation string
	Path       string // where it was seen last
	Offset     int64  // behind the last line that is durable
	Head       string // hash of the file's first HeadLen bytes: identities are used again
	HeadLen    int64
}

// FileCursors returns the cursors of a source's files.
func (m *Module) FileCursors(ctx context.Context, source string) ([]FileCursor, error) {
	rows, err := m.d.Space.QueryContext(ctx,
		`SELECT identity, generation, path, position, head, head_len FROM source_file WHERE source = $1 ORDER BY seen, identity`, source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []FileCursor
	for rows.Next() {
		var c FileCursor
		if err := rows.Scan(&c.Identity, &c.Generation, &c.Path, &c.Offset, &c.Head, &c.HeadLen); err != nil {
			return nil, m.d.Space.Fault("read a file's cursor", err)
		}
		out = append(out, c)
	}
	return out, m.d.Space.Fault("read the cursors of files", rows.Err())
}

// SaveFileCursors keeps cursors durably and forgets those of files that are gone.
func (m *Module) SaveFileCursors(ctx context.Context, source string, cursors []FileCursor, gone []string) error {
	if len(cursors)+len(gone) == 0 {
		return nil
	}
	now := store.Micros(m.d.Now())
	return m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, g := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM source_file WHERE source = $1 AND identity = $2`, source, g); err != nil {
				return err
			}
		}
		for _, c := range cursors {
			_, err := tx.ExecContext(ctx, `INSERT INTO source_file (source, identity, generation, path, position, head, head_len, seen)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT (source, identity) DO UPDATE SET generation = excluded.generation, path = excluded.path, position = excluded.position,
					head = excluded.head, head_len = excluded.head_len, seen = excluded.seen`,
				source, c.Identity, c.Generation, c.Path, c.Offset, c.Head, c.HeadLen, now)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
