package source

import (
	"context"
	"errors"
	"fmt"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// How much of topic raw is read to remember keys.
const (
	rememberMessages = 256
	rememberBytes    = 32 << 20
)

// remember notes the keys of the newest records of a topic.
func (i *Intake) remember(ctx context.Context, log exchange.Log, topic string) error {
	last, err := log.Last(ctx, topic)
	if err != nil {
		return fmt.Errorf("find the newest records: %w", err)
	}
	after := last - min(last, rememberMessages)
	codec := Codec()
	for after < last {
		msgs, err := log.Read(ctx, topic, after, rememberMessages, rememberBytes)
		// Damage is told by whoever reads; a key that is forgotten is no reason
		// not to start.
		if damage, ok := errors.AsType[*exchange.Damage](err); ok {
			after = damage.Through
			continue
		}
		if err != nil {
			return fmt.Errorf("read the newest records: %w", err)
		}
		if len(msgs) == 0 {
			return nil
		}
		for _, m := range msgs {
			var b flow.RawBatch
			if codec.Decode(m.Body, &b) == nil { // what is no batch was set aside, or will be
				i.known(b)
			}
		}
		after = msgs[len(msgs)-1].Offset
	}
	return nil
}

func (i *Intake) known(b flow.RawBatch) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range b.Records {
		if r.Key != "" {
			i.window(r.Source).add(r.Key)
		}
	}
}
