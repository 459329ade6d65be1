package app

import (
	"context"
	"errors"
	"strings"
	"testing"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

type countingPublisher struct{ n int }

func (c *countingPublisher) Publish(_ context.Context, _ string, b ...flow.RawBatch) (uint64, error) {
	c.n += len(b)
	return uint64(c.n), nil
}

func TestDiskGuard(t *testing.T) {
	var free int64
	var broken error
	var said []string
	out := &countingPublisher{}
	g := &guard{to: out, cfg: DiskConfig{Warn: 10, Reserve: 512}, raise: func(err error) { said = append(said, err.Error()) },
		space: func() (int64, int64, error) { return free, 100 << 30, broken }}
	for _, c := range []struct {
		free   int64
		err    error
		taken  bool
		saying string
	}{
		{50 << 30, nil, true, ""},
		{9 << 30, nil, true, "less than 10 %"},
		{500 << 20, nil, false, "senders are refused"},
		{600 << 20, nil, false, "less than 10 %"}, // not to and fro
		{500 << 20, errors.New("statfs"), false, "statfs"},
		{700 << 20, nil, true, "less than 10 %"},
		{50 << 30, nil, true, ""},
	} {
		free, broken, said = c.free, c.err, nil
		g.look()
		_, err := g.Publish(t.Context(), "", flow.RawBatch{})
		if (err == nil) != c.taken || err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%d MiB free: %v", c.free>>20, err)
		}
		if joined := strings.Join(said, ""); c.saying == "" && joined != "" || !strings.Contains(joined, c.saying) {
			t.Errorf("%d MiB free: said %q, want %q", c.free>>20, joined, c.saying)
		}
	}
	if out.n != 4 {
		t.Errorf("%d batches came through, want 4", out.n)
	}
}
