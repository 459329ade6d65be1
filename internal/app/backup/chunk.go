package backup

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"warder/internal/store"
)

// chunkName says which rows an entry holds: of which table, the how manieth
// entry of it, and how many rows.
func chunkName(table string, number, rows int) string {
	return fmt.Sprintf("%s/%s/%08d-%d.cbor.zst", storePart, table, number, rows)
}

// readChunk makes rows of an entry again.
func readChunk(name string, data []byte) (store.Chunk, error) {
	table := path.Base(path.Dir(name))
	number, rows, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".cbor.zst"), "-")
	n, errNumber := strconv.Atoi(number)
	r, errRows := strconv.Atoi(rows)
	if !ok || errNumber != nil || errRows != nil || r < 1 || name != chunkName(table, n, r) {
		return store.Chunk{}, damaged("there is a foreign entry %q", name)
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostChunk))
	if err != nil {
		return store.Chunk{}, err
	}
	defer z.Close()
	plain, err := z.DecodeAll(data, nil)
	if err != nil {
		return store.Chunk{}, damaged("%s cannot be unpacked: %w", name, err)
	}
	return store.Chunk{Table: table, Rows: r, Data: plain}, nil
}

// mostChunk bounds the rows of one entry: a chunk has about 1 MiB and at least
// one row, and the largest row is a hospital model.
const mostChunk = 1 << 30
