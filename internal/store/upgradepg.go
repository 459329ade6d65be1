package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
)

// errTried ends a trial: what it did is rolled back.
var errTried = errors.New("the trial is over")

// tryPostgres fills a schema of its own with the same rows and upgrades that, in
// a transaction which is never committed: whatever happens, nothing is left.
func tryPostgres(s *Store, ctx context.Context, known []migration) error {
	sn, err := s.Snapshot(ctx, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	defer sn.Close()
	err = s.within(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			`CREATE SCHEMA warder_trial`,
			`SET LOCAL search_path TO warder_trial`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make a schema for the trial (Warder's user needs CREATE on the database): %w", err)
			}
		}
		if err := s.fill(ctx, tx, known, sn.Shape, sn.chunks); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

// chunks makes a snapshot the source of a Load.
func (sn *Snapshot) chunks(ctx context.Context, table string, take func(Chunk) error) error {
	for _, t := range sn.Shape.Tables {
		if t.Name == table {
			return sn.table(ctx, t, take)
		}
	}
	return nil
}

// copyPostgres writes a dump: a CBOR sequence of the shape and then the chunks,
// compressed with zstd.
func copyPostgres(s *Store, ctx context.Context, path string) (err error) {
	sn, err := s.Snapshot(ctx, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	defer sn.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := zstd.NewWriter(f)
	if err != nil {
		return err
	}
	out := cbor.NewEncoder(z)
	if err := out.Encode(sn.Shape); err != nil {
		return errors.Join(err, z.Close())
	}
	return errors.Join(sn.Dump(ctx, func(c Chunk) error { return out.Encode(c) }), z.Close())
}

// LoadCopy fills an empty database with a copy from before an upgrade, and brings
// its tables to this version: that which made the copy finds them as they were.
// Finish is the last act.
func LoadCopy(ctx context.Context, o Options, path string, finish func(context.Context, *Tx) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var shape Shape
	if err := readCopy(f, &shape, func(Chunk) error { return io.EOF }); err != nil {
		return err
	}
	chunks := func(_ context.Context, table string, take func(Chunk) error) error {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return readCopy(f, &shape, func(c Chunk) error {
			if c.Table != table {
				return nil
			}
			return take(c)
		})
	}
	return Load(ctx, o, shape, chunks, finish)
}

// readCopy reads what copyPostgres wrote, until take returns io.EOF.
func readCopy(r io.Reader, shape *Shape, take func(Chunk) error) error {
	z, err := zstd.NewReader(r)
	if err != nil {
		return fmt.Errorf("read the copy: %w", err)
	}
	defer z.Close()
	in := cbor.NewDecoder(z)
	if err := in.Decode(shape); err != nil {
		return fmt.Errorf("read the copy: %w", err)
	}
	for {
		var c Chunk
		err := in.Decode(&c)
		if err == nil {
			err = take(c)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the copy: %w", err)
		}
	}
}
