package measure

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// The clients of the MQTT load speak the protocol packet by packet: everything
// is encoded before, and an acknowledgement costs four bytes to read.
const (
	mqttClients  = 8
	mqttReadings = 20_000 // of each client, sent again and again; below 65,536, the number of packet ids
	mqttInflight = 200    // unacknowledged at a time; the broker's limit is 256
	mqttWrite    = 20     // packets in one write
	mqttGoodbye  = 10 * time.Second
)

func (p *process) sendMQTT(ctx context.Context, limit *pace) (int64, error) {
	readings := make([][][]byte, mqttClients)
	for i := range readings {
		var err error
		if readings[i], err = sensorReadings(i); err != nil {
			return 0, err
		}
	}
	return senders(ctx, mqttClients, func(ctx context.Context, sender int) (int64, error) {
		c, err := dialMQTT(p.mqtt, fmt.Sprintf("bench-%d", sender))
		if err != nil {
			return 0, err
		}
		return c.flood(ctx, readings[sender], limit)
	})
}

// sensorReadings are PUBLISH packets of QoS 1; the n-th has the packet id n+1.
func sensorReadings(client int) ([][]byte, error) {
	rnd := rand.New(rand.NewPCG(20261122, uint64(3+client))) //nolint:gosec // it has to be the same every time
	out := make([][]byte, mqttReadings)
	for i := range out {
		payload := fmt.Appendf(nil, `{"Temperature_in_degrees":%.1f,"Humidity_level":%d,"Flood_detection":1,"Glass_glass_break":1,"Fire_detection":1,"Light_level":%d,"Sound_level":2,"Fan_Power":%d}`,
			18+6*rnd.Float64(), 30+rnd.IntN(40), rnd.IntN(900), rnd.IntN(2))
		var buf bytes.Buffer
		p := packets.Packet{
			FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, ProtocolVersion: 4,
			TopicName: fmt.Sprintf("sensors/node-%d-%d", client, rnd.IntN(50)), Payload: payload, PacketID: uint16(i + 1),
		}
		if err := p.PublishEncode(&buf); err != nil {
			return nil, fmt.Errorf("encode a reading: %w", err)
		}
		out[i] = buf.Bytes()
	}
	return out, nil
}

// mqttClient is one connection of the load.
type mqttClient struct {
	conn  net.Conn
	in    *bufio.Reader
	acked atomic.Int64
	room  chan struct{} // a token for each write that may be on its way
}

func dialMQTT(addr, id string) (*mqttClient, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	hello := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}, ProtocolVersion: 4, Connect: packets.ConnectParams{
		ProtocolName: []byte("MQTT"), Clean: true, Keepalive: 60, ClientIdentifier: id,
	}}
	if err := hello.ConnectEncode(&buf); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	c := &mqttClient{conn: conn, in: bufio.NewReader(conn), room: make(chan struct{}, mqttInflight/mqttWrite)}
	var ack [4]byte
	if _, err := conn.Write(buf.Bytes()); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if _, err := io.ReadFull(c.in, ack[:]); err != nil || ack[3] != 0 {
		return nil, errors.Join(fmt.Errorf("the broker did not let a client in: code %d", ack[3]), err, conn.Close())
	}
	return c, nil
}

// flood publishes until it may no longer, waits for what is owed, and returns how
// many messages were acknowledged.
func (c *mqttClient) flood(ctx context.Context, readings [][]byte, limit *pace) (int64, error) {
	defer c.conn.Close()
	reading := make(chan error, 1)
	go func() { reading <- c.listen() }()
	sent := 0
	for limit.next(ctx, mqttWrite) {
		select {
		case c.room <- struct{}{}:
		case err := <-reading:
			return c.acked.Load(), fmt.Errorf("read acknowledgements: %w", err)
		}
		at := sent % len(readings)
		if _, err := c.conn.Write(bytes.Join(readings[at:at+mqttWrite], nil)); err != nil {
			return c.acked.Load(), err
		}
		sent += mqttWrite
	}
	for late := time.Now().Add(mqttGoodbye); c.acked.Load() < int64(sent); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			return c.acked.Load(), fmt.Errorf("%d of %d messages were acknowledged", c.acked.Load(), sent)
		}
	}
	return int64(sent), nil
}

// listen counts acknowledgements, which must come in order, until the connection ends.
func (c *mqttClient) listen() error {
	for want := uint16(1); ; want = want%mqttReadings + 1 {
		var ack [4]byte
		if _, err := io.ReadFull(c.in, ack[:]); err != nil {
			return err
		}
		if got := binary.BigEndian.Uint16(ack[2:]); ack[0] != packets.Puback<<4 || got != want {
			return fmt.Errorf("want PUBACK %d, got a packet of type %d for %d", want, ack[0]>>4, got)
		}
		if c.acked.Add(1)%mqttWrite == 0 {
			<-c.room
		}
	}
}
