package mqttpub

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Client is one connection to a broker. Its methods may be called at the same time.
type Client struct {
	o     Options
	conn  net.Conn
	slots chan struct{} // one for each message that waits for its PUBACK
	done  chan struct{} // closed when the connection is over
	wg    sync.WaitGroup

	writing sync.Mutex // one packet at a time

	mu      sync.Mutex // guards what follows
	next    uint16
	waiting map[uint16]*Delivery
	broken  error
}

// Delivery is a message on its way.
type Delivery struct {
	result  chan error // one value, when the PUBACK came or the connection broke
	timeout time.Duration
}

// errClosed says that the caller ended the connection.
var errClosed = errors.New("the MQTT client is closed")

func newClient(conn net.Conn, in *bufio.Reader, o Options) *Client {
	c := &Client{
		o: o, conn: conn, slots: make(chan struct{}, o.Inflight), done: make(chan struct{}),
		waiting: make(map[uint16]*Delivery, o.Inflight),
	}
	c.wg.Go(func() { c.listen(in) })
	c.wg.Go(c.ping)
	return c
}

// Publish sends a message and waits for the broker's PUBACK.
func (c *Client) Publish(ctx context.Context, topic string, payload []byte) error {
	d, err := c.Start(ctx, topic, payload)
	if err != nil {
		return err
	}
	return d.Wait(ctx)
}

// Start sends a message, when there is room for one more on its way.
func (c *Client) Start(ctx context.Context, topic string, payload []byte) (*Delivery, error) {
	if len(topic) > 65535 {
		return nil, fmt.Errorf("publish over MQTT: the topic has %d bytes; at most 65535", len(topic))
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.done:
		return nil, c.err()
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	id, d, err := c.register()
	if err != nil {
		<-c.slots
		return nil, err
	}
	p := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, ProtocolVersion: protocolLevel,
		TopicName: topic, Payload: payload, PacketID: id,
	}
	var buf bytes.Buffer
	if err := p.PublishEncode(&buf); err != nil {
		c.settle(id, nil)
		return nil, fmt.Errorf("publish on %s over MQTT: %w", topic, err)
	}
	if err := c.write(buf.Bytes()); err != nil {
		c.fail(err)
		return nil, c.err()
	}
	return d, nil
}

// Wait returns nil after the PUBACK. A context that ends first leaves the
// message on its way.
func (d *Delivery) Wait(ctx context.Context) error {
	limit := time.NewTimer(d.timeout)
	defer limit.Stop()
	select {
	case err := <-d.result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return fmt.Errorf("the MQTT broker did not acknowledge a message within %s", d.timeout)
	}
}

// Close says goodbye and ends the connection; it returns when nothing of the
// client is left.
func (c *Client) Close() error {
	var buf bytes.Buffer
	bye := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}, ProtocolVersion: protocolLevel}
	if err := bye.DisconnectEncode(&buf); err == nil && c.alive() {
		c.writing.Lock()
		_ = c.write(buf.Bytes()) // a broker that is gone hears no goodbye
		c.writing.Unlock()
	}
	c.fail(errClosed)
	c.wg.Wait()
	return nil
}

func (c *Client) alive() bool {
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

func (c *Client) err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// register gives a message its packet id: the next that is not on its way.
func (c *Client) register() (uint16, *Delivery, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return 0, nil, c.broken
	}
	for {
		c.next++
		if _, taken := c.waiting[c.next]; c.next != 0 && !taken {
			break
		}
	}
	d := &Delivery{result: make(chan error, 1), timeout: c.o.Timeout}
	c.waiting[c.next] = d
	return c.next, d, nil
}

// settle ends a delivery; an id that nobody waits for is passed over.
func (c *Client) settle(id uint16, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.waiting[id]; d != nil {
		delete(c.waiting, id)
		d.result <- err
		<-c.slots
	}
}

// fail ends the connection with its first cause, and every delivery with it.
func (c *Client) fail(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return
	}
	c.broken = cause
	if !errors.Is(cause, errClosed) {
		c.broken = fmt.Errorf("the connection to the MQTT broker %s broke: %w", c.o.Address, cause)
	}
	close(c.done)
	_ = c.conn.Close() // it may be closed already
	for id, d := range c.waiting {
		delete(c.waiting, id)
		d.result <- c.broken
		<-c.slots
	}
}

func (c *Client) write(b []byte) error {
	if err := c.conn.SetWriteDeadline(time.Now().Add(c.o.Timeout)); err != nil {
		return err
	}
	_, err := c.conn.Write(b)
	return err
}

func (c *Client) listen(in *bufio.Reader) {
	for {
		p, err := readPacket(in)
		if err != nil {
			c.fail(err)
			return
		}
		if p.FixedHeader.Type == packets.Puback {
			c.settle(p.PacketID, nil)
		}
	}
}

// ping keeps the connection alive while there is nothing to publish (section 3.1.2.10).
func (c *Client) ping() {
	tick := time.NewTicker(keepAlive / 2)
	defer tick.Stop()
	var buf bytes.Buffer
	request := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingreq}, ProtocolVersion: protocolLevel}
	if err := request.PingreqEncode(&buf); err != nil {
		c.fail(err)
		return
	}
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
		}
		c.writing.Lock()
		err := c.write(buf.Bytes())
		c.writing.Unlock()
		if err != nil {
			c.fail(err)
			return
		}
	}
}
