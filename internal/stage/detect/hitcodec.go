package detect

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// HitCodec writes hits as CBOR (RFC 8949), which is read several times faster
// than JSON. Times keep their nanoseconds, and texts may hold bytes that are no
// UTF-8: a sender's record must not become a dead letter for that.
func HitCodec() exchange.Codec[flow.Hit] {
	enc, encErr := cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.EncMode()
	dec, decErr := cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode()
	broken := errors.Join(encErr, decErr)
	return exchange.Codec[flow.Hit]{
		Encode: func(h flow.Hit) ([]byte, error) {
			if broken != nil {
				return nil, fmt.Errorf("encode a hit: %w", broken)
			}
			return enc.Marshal(h)
		},
		Decode: func(b []byte, h *flow.Hit) error {
			if broken != nil {
				return fmt.Errorf("decode a hit: %w", broken)
			}
			return dec.Unmarshal(b, h)
		},
	}
}
