package exercise

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"warder/internal/kit/mqttpub"
)

// lane is one transport into the listeners. send returns when the messages were
// taken, as far as the transport can say so; order is kept.
type lane interface {
	send(ctx context.Context, msgs []message) (refusals, error)
	close() error
}

// refusals are records that a listener told it would not take.
type refusals struct {
	count int
	first string // why, of the first
}

func (r *refusals) add(other refusals) {
	if r.count == 0 {
		r.first = other.first
	}
	r.count += other.count
}

// openLane connects a transport to its listener.
func openLane(ctx context.Context, t Transport, to Targets) (lane, error) {
	switch t {
	case SyslogUDP:
		return dialDatagrams(ctx, to.SyslogUDP)
	case SyslogTCP:
		return &stream{address: to.SyslogTCP}, required(to.SyslogTCP, t)
	case MQTT:
		return dialBroker(ctx, to.MQTT)
	case HTTP:
		return newPoster(to), required(to.HTTP, t)
	}
	return nil, fmt.Errorf("transport %q is not known", t)
}

func required(address string, t Transport) error {
	if address == "" {
		return fmt.Errorf("no listener for %s is configured, and the scenario needs one", t)
	}
	return nil
}

// patience is how long a listener may take for a message.
const patience = 30 * time.Second

// datagrams is syslog over UDP (RFC 5426): one message in each.
type datagrams struct{ conn net.Conn }

func dialDatagrams(ctx context.Context, address string) (lane, error) {
	if err := required(address, SyslogUDP); err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return nil, err
	}
	return datagrams{conn}, nil
}

func (d datagrams) send(ctx context.Context, msgs []message) (refusals, error) {
	for _, m := range msgs {
		if err := ctx.Err(); err != nil {
			return refusals{}, err
		}
		if _, err := d.conn.Write([]byte(m.payload)); err != nil {
			return refusals{}, err
		}
	}
	return refusals{}, nil
}

func (d datagrams) close() error { return d.conn.Close() }

// stream is syslog over TCP with octet counting (RFC 6587 section 3.4.1).
type stream struct {
	address string
	conn    net.Conn
	used    time.Time
}

// A listener may close a connection that said nothing for long, and the sender
// learns of it only after a message was lost. An old connection is not used again.
const freshFor = time.Minute

func (s *stream) send(ctx context.Context, msgs []message) (refusals, error) {
	if s.conn != nil && time.Since(s.used) > freshFor {
		if err := s.close(); err != nil {
			return refusals{}, err
		}
	}
	if s.conn == nil {
		conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", s.address)
		if err != nil {
			return refusals{}, err
		}
		s.conn = conn
	}
	var b strings.Builder
	for _, m := range msgs {
		b.WriteString(strconv.Itoa(len(m.payload)) + " " + m.payload)
	}
	if err := s.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return refusals{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = s.conn.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	_, err := s.conn.Write([]byte(b.String()))
	s.used = time.Now()
	return refusals{}, err
}

func (s *stream) close() error {
	if s.conn == nil {
		return nil
	}
	conn := s.conn
	s.conn = nil
	return conn.Close()
}

// broker is MQTT with quality of service 1.
type broker struct{ client *mqttpub.Client }

func dialBroker(ctx context.Context, o mqttpub.Options) (lane, error) {
	if err := required(o.Address, MQTT); err != nil {
		return nil, err
	}
	if o.ClientID != "" {
		// A broker ends the older of two connections of one id, and two plays may
		// be under way.
		o.ClientID += "-" + rand.Text()[:8]
	}
	client, err := mqttpub.Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	return broker{client}, nil
}

func (b broker) send(ctx context.Context, msgs []message) (refusals, error) {
	var under []*mqttpub.Delivery
	for _, m := range msgs {
		d, err := b.client.Start(ctx, m.channel, []byte(m.payload))
		if err != nil {
			return refusals{}, err
		}
		under = append(under, d)
	}
	var failed error
	for _, d := range under {
		failed = errors.Join(failed, d.Wait(ctx))
	}
	return refusals{}, failed
}

func (b broker) close() error { return b.client.Close() }
