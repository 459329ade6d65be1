// Package mqtt takes records in through an MQTT broker of its own (MQTT 5 and
// 3.1.1): cameras, sensors and whatever else publishes.
//
// Guarantees: a message of QoS 1 or 2 is acknowledged (PUBACK, PUBREC) only
// after it is durable; acknowledgements keep the order of the messages. If the
// log cannot be written, the client is disconnected without one, and sends
// again. A message of QoS 0 that finds no room is dropped and counted. Under
// pressure the broker stops reading from the client, and from that client only:
// each connection is served by goroutines of its own. Clients publish to the
// topics that their source lists and subscribe to none; nothing is retained and
// wills are not records. Memory is bounded by connections, messages that wait
// for their acknowledgement, and the size of a packet.
//
// A message may carry the sender's own key in the MQTT 5 user property
// idempotency-key; otherwise one that is sent again is a new record.
package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"

	mochi "github.com/mochi-mqtt/server/v2"

	"warder/internal/stage/source"
)

// Broker serves all mqtt sources.
type Broker struct {
	server    *mochi.Server
	hook      *hook
	listeners []*listener
	refused   atomic.Int64
}

// Options are what a broker is made of.
type Options struct {
	Config source.Broker
	Inlets []*source.Inlet
	Log    *slog.Logger
}

// Listen opens the broker's listeners; the caller runs the broker, and closes it
// if it does not run it.
func Listen(ctx context.Context, o Options) (*Broker, error) {
	b, conf := &Broker{}, o.Config.WithDefaults()
	people, err := newDirectory(o.Inlets)
	if err != nil {
		return nil, fmt.Errorf("read the users of the MQTT broker: %w", err)
	}
	limit := 0
	for _, in := range o.Inlets {
		limit = max(limit, in.Limit())
	}
	b.server = mochi.New(&mochi.Options{
		Capabilities:             capabilities(conf, limit),
		Logger:                   slog.New(quiet{o.Log.Handler()}),
		SysTopicResendInterval:   3600, // nobody may read them
		ClientNetReadBufferSize:  16 << 10,
		ClientNetWriteBufferSize: 4 << 10,
	})
	b.hook = newHook(people, conf.Inflight, b, o.Log)
	if err := b.server.AddHook(b.hook, nil); err != nil {
		return nil, err
	}
	if err := b.open(ctx, conf); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for MQTT: %w", err), b.closeListeners())
	}
	return b, nil
}

// packetOverhead is what a packet may hold beside its payload: the largest topic
// and properties of reasonable size.
const packetOverhead = 128 << 10

// capabilities tells the library its bounds. Payloads over the record limit must
// still be read to be refused with a reason or truncated, up to four times.
func capabilities(c source.Broker, limit int) *mochi.Capabilities {
	caps := mochi.NewDefaultServerCapabilities()
	caps.MaximumClients = int64(c.Connections)
	caps.MaximumPacketSize = uint32(4*limit + packetOverhead)
	caps.MaximumClientWritesPending = 16
	caps.MaximumSessionExpiryInterval = 3600
	caps.ReceiveMaximum = uint16(min(c.Inflight, 65535))
	caps.MaximumInflight = caps.ReceiveMaximum
	// An alias hides the topic from the check of permissions, which runs first.
	caps.TopicAliasMaximum = 0
	// RetainAvailable stays on, or clients with a retained will (Frigate) could
	// not connect; the hook keeps anything from being retained.
	return caps
}

func (b *Broker) open(ctx context.Context, c source.Broker) error {
	if c.TCP != "" {
		if err := b.add(ctx, "tcp", c.TCP, c, nil); err != nil {
			return err
		}
	}
	if c.TLSAddress == "" {
		return nil
	}
	conf, err := c.TLS.Server()
	if err != nil {
		return err
	}
	return b.add(ctx, "tls", c.TLSAddress, c, conf)
}

func (b *Broker) add(ctx context.Context, id, addr string, c source.Broker, conf *tls.Config) error {
	var lc net.ListenConfig
	nl, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	l := newListener(id, nl, conf, c, &b.refused)
	b.listeners = append(b.listeners, l)
	return b.server.AddListener(l)
}

// Addr is the address of the plain listener, or nil.
func (b *Broker) Addr() net.Addr { return b.addr("tcp") }

// TLSAddr is the address of the TLS listener, or nil.
func (b *Broker) TLSAddr() net.Addr { return b.addr("tls") }

func (b *Broker) addr(id string) net.Addr {
	for _, l := range b.listeners {
		if l.id == id {
			return l.nl.Addr()
		}
	}
	return nil
}

// Refused counts connections that were turned away and belong to no source: too
// many at a time, or a name that nobody knows.
func (b *Broker) Refused() int64 { return b.refused.Load() }

// Run serves until ctx ends and returns when every client has been let go.
func (b *Broker) Run(ctx context.Context) error {
	if err := b.server.Serve(); err != nil {
		return errors.Join(fmt.Errorf("serve MQTT: %w", err), b.closeListeners())
	}
	<-ctx.Done()
	b.hook.endAll()
	if err := b.server.Close(); err != nil {
		return fmt.Errorf("close the MQTT broker: %w", err)
	}
	return nil
}

// Close closes the listeners of a broker that was not run.
func (b *Broker) Close() error { return b.closeListeners() }

func (b *Broker) closeListeners() error {
	var errs []error
	for _, l := range b.listeners {
		if err := l.nl.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// quiet passes on errors only: the library warns of each client that leaves, and
// writes payloads into its messages.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && q.Handler.Enabled(ctx, l)
}

func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }

func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
