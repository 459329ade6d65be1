package mqtt

import (
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/listeners"

	"warder/internal/stage/source"
)

// listener is a listener of the library that bounds connections before they have
// said who they are, and that knows all of them when it ends. The library's own
// waits for ever for a client that never sends its CONNECT.
type listener struct {
	id      string
	nl      net.Listener
	tls     *tls.Config // nil for plain TCP
	connect time.Duration
	slots   chan struct{}
	refused *atomic.Int64

	wg     sync.WaitGroup
	mu     sync.Mutex
	conns  map[*conn]struct{}
	closed bool
}

const (
	// headroom lets clients beyond the limit in far enough to be told so.
	headroom = 64
	// writeTime is how long a client may take to let a packet in.
	writeTime = 10 * time.Second
	// partingTime is the same when the broker ends.
	partingTime = time.Second
	acceptPause = 100 * time.Millisecond
)

var _ listeners.Listener = (*listener)(nil)

func newListener(id string, nl net.Listener, conf *tls.Config, c source.Broker, refused *atomic.Int64) *listener {
	return &listener{
		id: id, nl: nl, tls: conf, connect: c.Connect, refused: refused,
		slots: make(chan struct{}, c.Connections+headroom), conns: make(map[*conn]struct{}),
	}
}

func (l *listener) ID() string              { return l.id }
func (l *listener) Address() string         { return l.nl.Addr().String() }
func (l *listener) Protocol() string        { return "tcp" }
func (l *listener) Init(*slog.Logger) error { return nil }

// Serve accepts until Close.
func (l *listener) Serve(establish listeners.EstablishFn) {
	if !l.begin() {
		return
	}
	defer l.wg.Done()
	for {
		c, err := l.nl.Accept()
		if err != nil {
			if l.isClosed() {
				return
			}
			time.Sleep(acceptPause) // no descriptor left; Close is not held up by so little
			continue
		}
		select {
		case l.slots <- struct{}{}:
		default:
			l.refused.Add(1)
			_ = c.Close()
			continue
		}
		l.wg.Go(func() { l.serve(c, establish) })
	}
}

func (l *listener) serve(c net.Conn, establish listeners.EstablishFn) {
	defer func() { <-l.slots }()
	if l.tls != nil {
		c = tls.Server(c, l.tls)
	}
	_ = c.SetReadDeadline(time.Now().Add(l.connect)) // until the CONNECT; the library sets its own then
	wrapped := &conn{Conn: c, patience: writeTime}
	if !l.track(wrapped) {
		_ = c.Close()
		return
	}
	_ = establish(l.id, wrapped) // why a client left is its own matter
	_ = wrapped.Close()
	l.mu.Lock()
	delete(l.conns, wrapped)
	l.mu.Unlock()
}

func (l *listener) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.wg.Add(1)
	}
	return !l.closed
}

func (l *listener) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func (l *listener) track(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.conns[c] = struct{}{}
	}
	return !l.closed
}

// Close waits until all clients are gone. Their sessions let them go; whoever has
// none, or cannot be told in time, is cut. The library's own goodbye is not said:
// it takes a lock twice, and hangs for ever when a client leaves in between.
func (l *listener) Close(listeners.CloseFn) {
	l.mu.Lock()
	l.closed = true
	open := make([]*conn, 0, len(l.conns))
	for c := range l.conns {
		open = append(open, c)
	}
	l.mu.Unlock()
	_ = l.nl.Close()
	for _, c := range open {
		c.hurry()
	}
	cut := time.AfterFunc(partingTime, func() {
		for _, c := range open {
			_ = c.Close()
		}
	})
	defer cut.Stop()
	l.wg.Wait()
}

// conn bounds how long a write may take: the library holds a client's lock
// while it writes.
type conn struct {
	net.Conn

	mu       sync.Mutex
	patience time.Duration
}

func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	patience := c.patience
	c.mu.Unlock()
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *conn) hurry() {
	c.mu.Lock()
	c.patience = partingTime
	c.mu.Unlock()
	_ = c.SetDeadline(time.Now().Add(partingTime))
}
