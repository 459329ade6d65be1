package backup

import (
	"context"
	"io"

	"filippo.io/age"

	"warder/internal/store"
)

// checking is a sink that keeps nothing: it reads what there is to read.
type checking struct{ shape store.Shape }

func (*checking) begin(Head) error { return nil }

func (c *checking) database(d Database) error {
	c.shape = d.Shape
	return nil
}

func (c *checking) entry(name string, size int64, r io.Reader) error {
	if partOf(name) != storePart {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	chunk, err := readChunk(name, data)
	if err != nil {
		return err
	}
	return c.shape.Check(chunk)
}

// Check reads a backup to its end and says what is in it.
func Check(ctx context.Context, r io.Reader, with []age.Identity) (*Contents, error) {
	plain, err := unseal(&interruptible{ctx, r}, with)
	if err != nil {
		return nil, err
	}
	found, err := read(plain, &checking{})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return found, err
}
