package mqtt

import (
	"context"
	"sync/atomic"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"warder/internal/stage/source"
)

// session is one connected client: what it sent and is owed an acknowledgement
// for, in order (MQTT 5 section 4.6).
type session struct {
	cl   *mochi.Client
	in   *source.Inlet
	ctx  context.Context
	end  context.CancelFunc
	owed chan debt

	warned  atomic.Bool // that it publishes where it may not
	parting atomic.Bool // the broker ends
}

// debt is a message of QoS 1 that waits to be durable.
type debt struct {
	packet uint16
	done   chan error
}

func newSession(cl *mochi.Client, in *source.Inlet, inflight int) *session {
	s := &session{cl: cl, in: in, owed: make(chan debt, inflight)}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// promise notes that a message is owed its PUBACK and returns where to say how
// it went. It waits when the client has as many open as it may.
func (s *session) promise(packet uint16) chan<- error {
	d := debt{packet, make(chan error, 1)}
	select {
	case s.owed <- d:
	case <-s.ctx.Done():
	}
	return d.done
}

// acknowledge pays what is owed until the session ends. A client that cannot be
// paid is let go: nothing more can be read from it in order.
func (s *session) acknowledge() {
	defer s.leave()
	for {
		select {
		case <-s.ctx.Done():
			return
		case d := <-s.owed:
			if !s.pay(d) {
				return
			}
		}
	}
}

func (s *session) pay(d debt) bool {
	var err error
	select {
	case <-s.ctx.Done():
		return false
	case err = <-d.done:
	}
	code, refused := err.(packets.Code)
	if err != nil && !refused {
		s.give(err)
		return false
	}
	return s.cl.WritePacket(ack(packets.Puback, d.packet, code)) == nil
}

// part ends the session because the broker ends.
func (s *session) part() {
	s.parting.Store(true)
	s.end()
}

// leave closes the connection, with a word if the broker ends (MQTT 5 section
// 3.14; a server of MQTT 3.1.1 has none to say).
func (s *session) leave() {
	s.end()
	if s.parting.Load() && s.cl.Properties.ProtocolVersion == 5 {
		s.disconnect(packets.ErrServerShuttingDown)
	}
	s.cl.Stop(nil)
}

// give ends the connection without an acknowledgement: the client keeps the
// message and sends it again.
func (s *session) give(err error) {
	defer s.end()
	if s.cl.Properties.ProtocolVersion == 5 {
		s.disconnect(packets.ErrServerBusy)
	}
	s.cl.Stop(err)
}

func (s *session) disconnect(why packets.Code) {
	_ = s.cl.WritePacket(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}, ReasonCode: why.Code})
}

// tooLarge refuses a message with the reason, in its turn.
func (s *session) tooLarge(pk packets.Packet) {
	if pk.FixedHeader.Qos == 1 {
		s.promise(pk.PacketID) <- packets.ErrPacketTooLarge
		return
	}
	if err := s.cl.WritePacket(ack(packets.Pubrec, pk.PacketID, packets.ErrPacketTooLarge)); err != nil {
		s.give(err)
	}
}

// ack is a PUBACK or PUBREC; the zero code is success.
func ack(kind byte, packet uint16, code packets.Code) packets.Packet {
	out := packets.Packet{FixedHeader: packets.FixedHeader{Type: kind}, PacketID: packet, ReasonCode: code.Code}
	if code.Code >= packets.ErrUnspecifiedError.Code {
		out.Properties.ReasonString = code.Reason
	}
	return out
}
