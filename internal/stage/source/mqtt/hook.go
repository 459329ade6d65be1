package mqtt

import (
	"log/slog"
	"sync"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"warder/internal/flow"
	"warder/internal/stage/source"
)

// hook is where the library asks. It runs in the goroutine that reads from the
// client, before any acknowledgement (Server.processPublish), so waiting in it
// holds up that client alone.
type hook struct {
	mochi.HookBase
	people   *directory
	inflight int
	broker   *Broker
	log      *slog.Logger

	mu       sync.Mutex
	sessions map[*mochi.Client]*session
	ending   bool
	wg       sync.WaitGroup
}

func newHook(people *directory, inflight int, b *Broker, log *slog.Logger) *hook {
	return &hook{people: people, inflight: inflight, broker: b, log: log, sessions: make(map[*mochi.Client]*session)}
}

func (h *hook) ID() string { return "warder" }

func (h *hook) Provides(b byte) bool {
	switch b {
	case mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnSessionEstablished, mochi.OnDisconnect,
		mochi.OnPublish, mochi.OnWill, mochi.OnPacketEncode:
		return true
	}
	return false
}

// Stop waits until no session is left; endAll ends them.
func (h *hook) Stop() error {
	h.wg.Wait()
	return nil
}

// OnConnectAuthenticate lets users of sources in. Client ids get the user's name
// in front, so that one source cannot take over another's session.
func (h *hook) OnConnectAuthenticate(cl *mochi.Client, pk packets.Packet) bool {
	name := string(pk.Connect.Username)
	if h.people.proves(name, pk.Connect.Password) {
		cl.ID = name + "/" + cl.ID
		return true
	}
	if in := h.people.find(name); in != nil {
		in.Refused(1)
	} else {
		h.broker.refused.Add(1)
	}
	h.log.Warn("an MQTT client was not let in", "user", name, "peer", cl.Net.Remote)
	return false
}

// OnACLCheck lets a client publish to the topics of its source, and read nothing.
func (h *hook) OnACLCheck(cl *mochi.Client, topic string, write bool) bool {
	s := h.session(cl)
	if s == nil || !write {
		return false
	}
	_, topic = split(topic)
	if _, taken, ignored := route(s.in.Source().Topics, topic); taken || ignored {
		return true
	}
	s.in.Refused(1)
	if !s.warned.Swap(true) { // once: some systems publish hundreds a second
		h.log.Warn("an MQTT client publishes to topics that its source does not list", "source", s.in.Source().ID, "topic", topic)
	}
	return false
}

// OnWill keeps wills from being retained: they pass no check of permissions.
func (h *hook) OnWill(_ *mochi.Client, will mochi.Will) (mochi.Will, error) {
	will.Retain = false
	return will, nil
}

// OnPacketEncode adds to CONNACK what the library knows and does not say.
func (h *hook) OnPacketEncode(cl *mochi.Client, pk packets.Packet) packets.Packet {
	if pk.FixedHeader.Type == packets.Connack && pk.ReasonCode == packets.CodeSuccess.Code {
		if in := h.people.find(string(cl.Properties.Username)); in != nil {
			pk.Properties.MaximumPacketSize = uint32(in.Limit() + packetOverhead)
		}
	}
	return pk
}

// OnSessionEstablished comes after CONNACK and before the first packet is read;
// OnDisconnect follows it in every case.
func (h *hook) OnSessionEstablished(cl *mochi.Client, _ packets.Packet) {
	in := h.people.find(string(cl.Properties.Username))
	if in == nil {
		return
	}
	s := newSession(cl, in, h.inflight)
	h.mu.Lock()
	h.sessions[cl] = s
	if h.ending {
		s.part()
	}
	h.mu.Unlock()
	h.wg.Go(s.acknowledge)
}

func (h *hook) OnDisconnect(cl *mochi.Client, _ error, _ bool) {
	h.mu.Lock()
	s := h.sessions[cl]
	delete(h.sessions, cl)
	h.mu.Unlock()
	if s != nil {
		s.end()
	}
}

// endAll frees every client that waits for room or for its acknowledgement, and
// lets all of them go.
func (h *hook) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ending = true
	for _, s := range h.sessions {
		s.part()
	}
}

func (h *hook) session(cl *mochi.Client) *session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[cl]
}

// OnPublish takes a message. What it returns tells the library how to go on:
// ErrRejectPacket, that everything is done here; CodeSuccessIgnore, to
// acknowledge and go no further. Any other error would be acknowledged to
// clients of MQTT 3.1.1 as if all were well.
func (h *hook) OnPublish(cl *mochi.Client, pk packets.Packet) (packets.Packet, error) {
	s := h.session(cl)
	if s == nil {
		return pk, packets.ErrRejectPacket
	}
	exercise, topic := split(pk.TopicName)
	how, taken, _ := route(s.in.Source().Topics, topic)
	raw := record(cl, pk, how, topic, exercise)
	switch {
	case !taken && pk.FixedHeader.Qos == 1:
		s.promise(pk.PacketID) <- nil // in its turn
		return pk, packets.ErrRejectPacket
	case !taken:
		return pk, packets.CodeSuccessIgnore
	case len(pk.Payload) > s.in.Limit() && pk.FixedHeader.Qos > 0 && cl.Properties.ProtocolVersion == 5:
		s.in.Refused(1)
		s.tooLarge(pk)
		return pk, packets.ErrRejectPacket
	case pk.FixedHeader.Qos == 0:
		s.in.TryKeep(raw)
		return pk, packets.ErrRejectPacket
	case pk.FixedHeader.Qos == 1:
		done := s.promise(pk.PacketID)
		if err := s.in.Submit(s.ctx, func(err error) { done <- err }, raw); err != nil {
			done <- err
		}
		return pk, packets.ErrRejectPacket
	}
	if err := s.in.Accept(s.ctx, raw); err != nil {
		s.give(err)
		return pk, packets.ErrRejectPacket
	}
	return pk, packets.CodeSuccessIgnore
}

// keyProperty is the MQTT 5 user property that names a message for its sender.
const (
	keyProperty = "idempotency-key"
	mostKey     = 256
)

func record(cl *mochi.Client, pk packets.Packet, how source.Topic, topic, exercise string) flow.Raw {
	raw := flow.Raw{
		Format: how.Format, Mapping: how.Mapping, Peer: cl.Net.Remote, Channel: topic, Exercise: exercise, Data: pk.Payload,
	}
	for _, p := range pk.Properties.User {
		if p.Key == keyProperty && len(p.Val) <= mostKey {
			raw.Key = p.Val
		}
	}
	return raw
}
