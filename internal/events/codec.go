package events

import "github.com/parquet-go/parquet-go/compress/zstd"

// codec compresses pages with zstd. Most columns of a small segment are a few
// bytes, for which the fast level gives the same and costs a fraction.
type codec struct {
	zstd.Codec
	small zstd.Codec
}

const smallPage = 8 << 10

func newCodec() *codec {
	return &codec{Codec: zstd.Codec{Level: zstd.SpeedDefault}, small: zstd.Codec{Level: zstd.SpeedFastest}}
}

// Encode compresses a page.
func (c *codec) Encode(dst, src []byte) ([]byte, error) {
	if len(src) < smallPage {
		return c.small.Encode(dst, src)
	}
	return c.Codec.Encode(dst, src)
}
