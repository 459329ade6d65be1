package measure

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// flood is ordinary network events that come at an even rate.
type flood struct{ sent atomic.Int64 }

const (
	floodEvery   = 10 * time.Millisecond // from one request to the next
	floodSenders = 4
)

// run sends until ctx ends. A program that cannot keep up gets fewer: sent tells.
func (f *flood) run(ctx context.Context, p *process, rate int) error {
	g, ctx := errgroup.WithContext(ctx)
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: floodSenders}}
	defer client.CloseIdleConnections()
	due, batch := make(chan int), max(1, rate*int(floodEvery)/int(time.Second))
	g.Go(func() error {
		tick := time.NewTicker(time.Duration(batch) * time.Second / time.Duration(rate))
		defer tick.Stop()
		for n := 0; ; n += batch {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			select {
			case <-ctx.Done():
				return nil
			case due <- n:
			}
		}
	})
	for range floodSenders {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case n := <-due:
					if err := p.ingest(ctx, client, "suricata", flows(n, batch)); err != nil && ctx.Err() == nil {
						return err
					}
					f.sent.Add(int64(batch))
				}
			}
		})
	}
	return g.Wait()
}

// flows are Suricata's records of connections, from the n-th on.
func flows(n, count int) []byte {
	var body bytes.Buffer
	for i := n; i < n+count; i++ {
		fmt.Fprintf(&body, `{"timestamp":%q,"event_type":"flow","src_ip":"10.20.4.%d","src_port":%d,"dest_ip":"10.20.1.%d","dest_port":443,"proto":"TCP","flow_id":%d,"flow":{"bytes_toserver":%d,"bytes_toclient":%d}}`+"\n",
			time.Now().UTC().Format(time.RFC3339Nano), 10+i%200, 49152+i%16000, 10+i%40, i, 400+i%9000, 900+i%90000)
	}
	return body.Bytes()
}
