package backup

import (
	"context"
	"io"
	"path/filepath"

	"filippo.io/age"

	"warder/internal/store"
)

// checking is a sink that keeps nothing: it reads what there is to read.
type checking struct {
	shape store.Shape
	taken map[string]bool // places in the data directory; true for files
}

func (*checking) begin(Head) error { return nil }

func (c *checking) database(d Database) error {
	c.shape = d.Shape
	return nil
}

func (c *checking) entry(name string, size int64, r io.Reader) error {
	if partOf(name) != storePart {
		if _, err := c.claim(name); err != nil {
			return err
		}
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

// claim returns the place of an entry, empty for none, and refuses one that
// another entry has: what cannot be laid down is not whole.
func (c *checking) claim(name string) (string, error) {
	path, err := place(name)
	if err != nil || path == "" {
		return "", err
	}
	if c.taken == nil {
		c.taken = map[string]bool{}
	}
	_, taken := c.taken[path]
	for dir := filepath.Dir(path); dir != "."; dir = filepath.Dir(dir) {
		taken = taken || c.taken[dir]
		if !c.taken[dir] {
			c.taken[dir] = false // a folder
		}
	}
	if taken {
		return "", damaged("the entry %q lies where another one does", name)
	}
	c.taken[path] = true
	return path, nil
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
