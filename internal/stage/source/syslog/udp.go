package syslog

import (
	"bytes"
	"context"
	"errors"
	"net"

	"warder/internal/flow"
)

// mostDatagram is the largest UDP payload over IPv4 and IPv6 without jumbograms.
const mostDatagram = 65535

// enlarge asks for a receive buffer that outlasts a burst. What the system
// grants may be less (net.core.rmem_max); dropped datagrams are counted anyway.
func (s *Server) enlarge() {
	if err := s.udp.SetReadBuffer(s.o.Buffer); err != nil {
		s.log.Warn("the UDP receive buffer stays as it is", "wanted", s.o.Buffer, "error", err)
	}
	if err := countOverflow(s.udp); err != nil {
		s.log.Warn("datagrams that the kernel drops cannot be counted", "error", err)
	}
}

// serveUDP reads datagrams, one message each (RFC 5426 section 3.1). It never
// waits for the intake: what finds no room is dropped and counted.
func (s *Server) serveUDP(ctx context.Context) error {
	buf := make([]byte, mostDatagram)
	oob := make([]byte, overflowSpace)
	var lost overflow
	for {
		n, oobn, _, peer, err := s.udp.ReadMsgUDPAddrPort(buf, oob)
		switch {
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			// On an unconnected socket only the machine's own trouble gets here.
			s.log.Warn("a datagram could not be read", "error", err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		if more := lost.since(oob[:oobn]); more > 0 {
			s.in.Dropped(more)
		}
		if n == 0 {
			continue
		}
		data := bytes.Clone(buf[:n])
		s.in.TryKeep(flow.Raw{
			Format: flow.FormatSyslog, Peer: peer.String(), Data: data, Exercise: exerciseID(data),
		})
	}
}
