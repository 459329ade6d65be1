package syslog

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"warder/internal/flow"
)

// serveStream takes connections until the listener is closed.
func (s *Server) serveStream(ctx, keep context.Context, st stream) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		c, err := st.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			s.log.Warn("a connection could not be accepted", "error", err)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(acceptPause):
			}
			continue
		}
		select {
		case st.slots <- struct{}{}:
		default:
			// Syslog has no word for "later": closing at once is all that can be said.
			s.in.Refused(1)
			_ = c.Close()
			continue
		}
		wg.Go(func() {
			defer func() { <-st.slots }()
			defer s.track(c)()
			if err := s.serveConn(ctx, keep, c, st.tls); err != nil && ctx.Err() == nil {
				s.log.Info("a syslog connection ended", "peer", c.RemoteAddr().String(), "error", err)
			}
		})
	}
}

func (s *Server) serveConn(ctx, keep context.Context, c net.Conn, conf *tls.Config) error {
	peer := c.RemoteAddr().String()
	if conf != nil {
		// A handshake must not take longer than a message.
		if err := c.SetDeadline(time.Now().Add(s.o.Finish)); err != nil {
			return err
		}
		t := tls.Server(c, conf)
		if err := t.HandshakeContext(ctx); err != nil {
			s.in.Refused(1)
			return err
		}
		c = t
	}
	r := NewReader(c, s.in.Limit(), func() { _ = c.SetDeadline(time.Now().Add(s.o.Finish)) })
	var held []flow.Raw // read, and not yet kept: the stream has more that is whole
	size := 0
	for {
		if r.Buffered() == 0 { // only the first byte of a message may be long in coming
			if err := c.SetDeadline(time.Now().Add(s.o.Idle)); err != nil {
				return err
			}
		}
		f, err := r.Next()
		if len(f.Data) > 0 {
			held, size = append(held, s.record(f, peer)), size+len(f.Data)
		}
		if len(held) > 0 && (err != nil || len(held) >= heldRecords || size >= heldBytes || !r.Whole()) {
			if kept := s.in.Keep(keep, held...); kept != nil {
				return kept
			}
			held, size = held[:0], 0
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Bounds of what is handed on at a time, of messages that came together.
const (
	heldRecords = 256
	heldBytes   = 64 << 10
)

func (s *Server) record(f Frame, peer string) flow.Raw {
	return flow.Raw{
		Format: flow.FormatSyslog, Peer: peer, Data: f.Data, Truncated: f.Truncated,
		Refused: f.Refused, Exercise: exerciseID(f.Data),
	}
}
