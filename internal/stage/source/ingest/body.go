package ingest

import (
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"

	"warder/internal/kit/fault"
)

// errMedia is answered with 415, for which package fault has no kind.
type errMedia struct{ sentence string }

func (e errMedia) Error() string { return e.sentence }

// Bounds of decompression: beyond the first bytes, a body may unpack to so many
// times its size. JSON lines reach about 30.
const (
	freeBytes = 1 << 20
	mostRatio = 100
)

// openBody returns a request's body, unpacked and bounded.
func openBody(r *http.Request, limit int64) (io.Reader, error) {
	if err := checkMedia(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	packed := &counter{r: r.Body}
	switch e := r.Header.Get("Content-Encoding"); e {
	case "", "identity":
		return &bounded{r: packed, left: limit, limit: limit}, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the body is not gzip, as its Content-Encoding says: %w", err)
		}
		return &bounded{r: &ratio{r: z, packed: packed}, left: limit, limit: limit}, nil
	default:
		return nil, errMedia{fmt.Sprintf("Content-Encoding %q is not understood; send gzip, or nothing", e)}
	}
}

// checkMedia lets through what may hold JSON. The form type is what curl says
// when nobody tells it better.
func checkMedia(contentType string) error {
	if contentType == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return errMedia{fmt.Sprintf("Content-Type %q cannot be read; send application/x-ndjson or application/json", contentType)}
	}
	switch media {
	case "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/octet-stream", "application/x-www-form-urlencoded", "text/plain":
		return nil
	}
	return errMedia{fmt.Sprintf("Content-Type %s is not taken here; send application/x-ndjson or application/json", media)}
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "the body has more than %d bytes, the most that one request may have; send it in parts", limit)
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// ratio refuses to unpack what grows beyond all measure.
type ratio struct {
	r      io.Reader
	packed *counter
	n      int64
}

func (r *ratio) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	if r.n > freeBytes && r.n > mostRatio*r.packed.n {
		return 0, fault.New(fault.TooLarge, "the body unpacks to more than %d times its size", mostRatio)
	}
	return n, err
}

// bounded ends a body that is too long with an error, not with a silent end.
type bounded struct {
	r           io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, tooLarge(b.limit)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, tooLarge(b.limit)
	}
	return n, err
}
