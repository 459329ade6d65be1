package mqtt

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"warder/internal/stage/source/sourcetest"
)

// client speaks MQTT packet by packet, so that a test sees what a library hides.
type client struct {
	t       *testing.T
	conn    net.Conn
	in      *bufio.Reader
	version byte
}

func dial(t *testing.T, addr net.Addr, version byte) *client {
	t.Helper()
	c, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &client{t: t, conn: c, in: bufio.NewReader(c), version: version}
}

// connect sends CONNECT and returns CONNACK.
func (c *client) connect(id, user, password string, change ...func(*packets.Packet)) packets.Packet {
	c.t.Helper()
	p := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}, ProtocolVersion: c.version, Connect: packets.ConnectParams{
		ProtocolName: []byte("MQTT"), Clean: true, Keepalive: 60, ClientIdentifier: id,
		UsernameFlag: user != "", Username: []byte(user), PasswordFlag: password != "", Password: []byte(password),
	}}
	for _, f := range change {
		f(&p)
	}
	var buf bytes.Buffer
	if err := p.ConnectEncode(&buf); err != nil {
		c.t.Fatal(err)
	}
	c.write(buf.Bytes())
	return c.read()
}

func (c *client) publish(qos byte, id uint16, topic, payload string, change ...func(*packets.Packet)) {
	c.t.Helper()
	p := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: qos}, ProtocolVersion: c.version,
		TopicName: topic, Payload: []byte(payload), PacketID: id,
	}
	for _, f := range change {
		f(&p)
	}
	var buf bytes.Buffer
	if err := p.PublishEncode(&buf); err != nil {
		c.t.Fatal(err)
	}
	c.write(buf.Bytes())
}

func (c *client) write(b []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

// read returns the next packet.
func (c *client) read() packets.Packet {
	c.t.Helper()
	p, err := c.tryRead(sourcetest.Patience)
	if err != nil {
		c.t.Fatalf("read a packet: %v", err)
	}
	return p
}

func (c *client) tryRead(within time.Duration) (p packets.Packet, err error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(within))
	first, err := c.in.ReadByte()
	if err != nil {
		return p, err
	}
	if err := p.FixedHeader.Decode(first); err != nil {
		return p, err
	}
	if p.FixedHeader.Remaining, _, err = packets.DecodeLength(c.in); err != nil {
		return p, err
	}
	body := make([]byte, p.FixedHeader.Remaining)
	if _, err := io.ReadFull(c.in, body); err != nil {
		return p, err
	}
	p.ProtocolVersion = c.version
	switch p.FixedHeader.Type {
	case packets.Connack:
		err = p.ConnackDecode(body)
	case packets.Puback:
		err = p.PubackDecode(body)
	case packets.Pubrec:
		err = p.PubrecDecode(body)
	case packets.Pubcomp:
		err = p.PubcompDecode(body)
	case packets.Suback:
		err = p.SubackDecode(body)
	case packets.Disconnect:
		err = p.DisconnectDecode(body)
	}
	return p, err
}
