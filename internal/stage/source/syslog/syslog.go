// Package syslog takes in syslog messages, RFC 5424 and RFC 3164, over UDP
// (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425). Messages are passed on as they
// came, without their framing; reading them is the normaliser's work.
//
// Guarantees: over TCP and TLS a message that was read is kept until it is
// durable, and under pressure the server stops reading, so that the sender
// waits. Syslog has no acknowledgement: what is in the kernel's buffers or in
// memory when the machine dies is lost. Over UDP, datagrams that find no room
// are counted as dropped, those that the kernel had no room for included (on
// Linux). Memory is bounded by the connections times the limit of a record.
package syslog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/stage/source"
)

// Server serves the listeners of one syslog source.
type Server struct {
	in  *source.Inlet
	o   source.Syslog
	log *slog.Logger

	udp     *net.UDPConn
	streams []stream

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

// stream is one listener of connections.
type stream struct {
	listener net.Listener
	tls      *tls.Config // nil for plain TCP
	slots    chan struct{}
}

// Listen opens the source's listeners; the caller runs and closes the server.
func Listen(ctx context.Context, in *source.Inlet, log *slog.Logger) (*Server, error) {
	o := *in.Source().Syslog
	s := &Server{in: in, o: o, log: log.With("source", in.Source().ID), conns: make(map[net.Conn]struct{})}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for syslog source %s: %w", in.Source().ID, err), s.Close())
	}
	return s, nil
}

func (s *Server) open(ctx context.Context) error {
	var lc net.ListenConfig
	if s.o.UDP != "" {
		pc, err := lc.ListenPacket(ctx, "udp", s.o.UDP)
		if err != nil {
			return err
		}
		s.udp = pc.(*net.UDPConn)
		s.enlarge()
	}
	if s.o.TCP != "" {
		l, err := lc.Listen(ctx, "tcp", s.o.TCP)
		if err != nil {
			return err
		}
		s.streams = append(s.streams, stream{listener: l, slots: make(chan struct{}, s.o.Connections)})
	}
	if s.o.TLSAddress == "" {
		return nil
	}
	conf, err := s.o.TLS.Server()
	if err != nil {
		return err
	}
	l, err := lc.Listen(ctx, "tcp", s.o.TLSAddress)
	if err != nil {
		return err
	}
	s.streams = append(s.streams, stream{listener: l, tls: conf, slots: make(chan struct{}, s.o.Connections)})
	return nil
}

// UDPAddr is the address of the UDP listener, or nil.
func (s *Server) UDPAddr() net.Addr {
	if s.udp == nil {
		return nil
	}
	return s.udp.LocalAddr()
}

// TCPAddr is the address of the plain TCP listener, or nil.
func (s *Server) TCPAddr() net.Addr { return s.streamAddr(false) }

// TLSAddr is the address of the TLS listener, or nil.
func (s *Server) TLSAddr() net.Addr { return s.streamAddr(true) }

func (s *Server) streamAddr(secure bool) net.Addr {
	for _, st := range s.streams {
		if (st.tls != nil) == secure {
			return st.listener.Addr()
		}
	}
	return nil
}

// lastKeep is how long messages that were read may wait for room at the end.
const lastKeep = time.Second

// Run serves until ctx ends; then it closes the server and returns nil when
// every connection has been let go.
func (s *Server) Run(ctx context.Context) error {
	// What was read when the end came is still kept.
	keep, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		_ = s.Close()
		time.AfterFunc(lastKeep, cancel)
	})
	defer stop()
	var g errgroup.Group
	if s.udp != nil {
		g.Go(func() error { return s.serveUDP(ctx) })
	}
	for _, st := range s.streams {
		g.Go(func() error { return s.serveStream(ctx, keep, st) })
	}
	err := g.Wait()
	if ctx.Err() != nil {
		return nil
	}
	s.in.Trouble(err)
	return err
}

// Close closes listeners and connections; Run then returns.
func (s *Server) Close() error {
	var errs []error
	if s.udp != nil {
		errs = append(errs, s.udp.Close())
	}
	for _, st := range s.streams {
		errs = append(errs, st.listener.Close())
	}
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		errs = append(errs, c.Close())
	}
	s.mu.Unlock()
	for i, err := range errs {
		if errors.Is(err, net.ErrClosed) {
			errs[i] = nil
		}
	}
	return errors.Join(errs...)
}

// track remembers a connection so that Close ends it; forget undoes it.
func (s *Server) track(c net.Conn) (forget func()) {
	s.mu.Lock()
	s.conns[c] = struct{}{}
	if s.closed { // accepted in the moment of Close
		_ = c.Close()
	}
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		_ = c.Close()
	}
}

// acceptPause is the rest after the system had no descriptor for a connection.
const acceptPause = 100 * time.Millisecond
