// Package mqttpub is a small MQTT 3.1.1 publisher: it connects, publishes with
// quality of service 1, and knows of each message whether the broker took it.
//
// Guarantees: Publish, and Wait of a Delivery, return nil only after the
// broker's PUBACK; messages leave in the order of Start; at most
// Options.Inflight messages wait for their PUBACK, then Start waits too. A
// connection that broke stays broken: every call after it fails, and what was
// not acknowledged may or may not have arrived. It never subscribes and keeps no
// session.
package mqttpub

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Options say where to connect and as whom. Zero fields mean the defaults given.
type Options struct {
	Address  string // host:port
	ClientID string
	User     string // empty means none
	Password string
	TLS      *tls.Config   // nil means plain TCP
	Inflight int           // most messages that wait for their PUBACK: 64
	Timeout  time.Duration // longest wait for the broker to answer or to take bytes: 30s
}

func (o Options) withDefaults() Options {
	if o.Inflight <= 0 {
		o.Inflight = 64
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	return o
}

const (
	protocolLevel = 4                // MQTT 3.1.1, section 3.1.2.2
	keepAlive     = 60 * time.Second // section 3.1.2.10
)

// Connect opens a connection and waits for the broker's CONNACK. The caller
// closes the client.
func Connect(ctx context.Context, o Options) (*Client, error) {
	o = o.withDefaults()
	conn, err := dial(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("connect to the MQTT broker %s: %w", o.Address, err)
	}
	in := bufio.NewReader(conn)
	if err := introduce(ctx, conn, in, o); err != nil {
		return nil, errors.Join(fmt.Errorf("sign in to the MQTT broker %s: %w", o.Address, err), conn.Close())
	}
	return newClient(conn, in, o), nil
}

func dial(ctx context.Context, o Options) (net.Conn, error) {
	d := net.Dialer{Timeout: o.Timeout}
	if o.TLS != nil {
		t := tls.Dialer{NetDialer: &d, Config: o.TLS}
		return t.DialContext(ctx, "tcp", o.Address)
	}
	return d.DialContext(ctx, "tcp", o.Address)
}

// introduce sends CONNECT and reads CONNACK, both within the time-out and the context.
func introduce(ctx context.Context, conn net.Conn, in *bufio.Reader, o Options) error {
	if err := conn.SetDeadline(time.Now().Add(o.Timeout)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	var buf bytes.Buffer
	connect := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Connect}, ProtocolVersion: protocolLevel,
		Connect: packets.ConnectParams{
			ProtocolName: []byte("MQTT"), Clean: true, Keepalive: uint16(keepAlive / time.Second), ClientIdentifier: o.ClientID,
			UsernameFlag: o.User != "", Username: []byte(o.User),
			PasswordFlag: o.User != "" && o.Password != "", Password: []byte(o.Password),
		},
	}
	if err := connect.ConnectEncode(&buf); err != nil {
		return err
	}
	if _, err := conn.Write(buf.Bytes()); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	answer, err := readPacket(in)
	if err != nil {
		return errors.Join(ctx.Err(), err)
	}
	if answer.FixedHeader.Type != packets.Connack {
		return fmt.Errorf("the broker answered CONNECT with packet type %d", answer.FixedHeader.Type)
	}
	if answer.ReasonCode != 0 {
		return refusal(answer.ReasonCode)
	}
	return conn.SetDeadline(time.Time{})
}

// refusal names the return code of a CONNACK (section 3.2.2.3).
func refusal(code byte) error {
	switch code {
	case 1:
		return errors.New("the broker does not speak MQTT 3.1.1")
	case 2:
		return errors.New("the broker refuses this client id")
	case 3:
		return errors.New("the broker is not available")
	case 4:
		return errors.New("the user or password is wrong")
	case 5:
		return errors.New("this client is not allowed to connect")
	}
	return fmt.Errorf("the broker refused with code %d", code)
}

// longestAnswer bounds what a broker may send to a client that subscribes to nothing.
const longestAnswer = 1 << 10

// readPacket reads one packet that a broker may send to a publisher.
func readPacket(in *bufio.Reader) (p packets.Packet, err error) {
	first, err := in.ReadByte()
	if err != nil {
		return p, err
	}
	if err := p.FixedHeader.Decode(first); err != nil {
		return p, fmt.Errorf("read a packet's header: %w", err)
	}
	if p.FixedHeader.Remaining, _, err = packets.DecodeLength(in); err != nil {
		return p, fmt.Errorf("read a packet's length: %w", err)
	}
	if p.FixedHeader.Remaining > longestAnswer {
		return p, fmt.Errorf("the broker sent %d bytes at once", p.FixedHeader.Remaining)
	}
	body := make([]byte, p.FixedHeader.Remaining)
	if _, err := io.ReadFull(in, body); err != nil {
		return p, err
	}
	p.ProtocolVersion = protocolLevel
	switch p.FixedHeader.Type {
	case packets.Connack:
		err = p.ConnackDecode(body)
	case packets.Puback:
		err = p.PubackDecode(body)
	case packets.Pingresp:
	case packets.Disconnect:
		err = goodbye(body)
	default:
		err = fmt.Errorf("packet type %d is not for a publisher", p.FixedHeader.Type)
	}
	return p, err
}

// goodbye says why the broker ended the connection. Brokers send DISCONNECT to
// clients of MQTT 3.1.1 too, though only MQTT 5 knows that (section 3.14), and
// then mostly without a reason.
func goodbye(body []byte) error {
	if len(body) == 0 {
		return errors.New("the broker refuses what was sent, and gives no reason; most often the user may not publish on this topic")
	}
	switch code := body[0]; code {
	case packets.ErrNotAuthorized.Code:
		return errors.New("the broker refuses what was sent: the user may not publish on this topic")
	case packets.ErrServerBusy.Code, packets.ErrQuotaExceeded.Code, packets.ErrMessageRateTooHigh.Code:
		return errors.New("the broker is busy and takes nothing more for now")
	case packets.ErrServerShuttingDown.Code:
		return errors.New("the broker is shutting down")
	case packets.ErrSessionTakenOver.Code:
		return errors.New("another client with the same client id took the connection over")
	case packets.ErrPacketTooLarge.Code:
		return errors.New("the broker refuses what was sent: the message is too large")
	case packets.ErrTopicNameInvalid.Code:
		return errors.New("the broker refuses what was sent: it does not take this topic")
	default:
		return fmt.Errorf("the broker ended the connection with reason 0x%02X (MQTT 5, section 3.14.2.1)", code)
	}
}
