package mqtt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mochi-mqtt/server/v2/packets"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/kit/mqttpub"
	"warder/internal/stage/source"
	"warder/internal/stage/source/sourcetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(h[:])
}

func config() source.Config {
	return source.Config{
		MQTT: source.Broker{TCP: "127.0.0.1:0", Connections: 64},
		Sources: []source.Source{
			{ID: "cameras", Kind: source.KindMQTT, Topics: &source.Topics{
				Users: []source.User{{Name: "frigate", Password: digest("secret")}},
				Topics: []source.Topic{
					{Filter: "frigate/events", Format: flow.FormatFrigate}, {Filter: "frigate/reviews", Format: flow.FormatFrigate},
				},
				Ignore: []string{"frigate/#"},
			}},
			{ID: "sensors", Kind: source.KindMQTT, Topics: &source.Topics{
				Users:  []source.User{{Name: "beia", Password: digest("secret2")}},
				Topics: []source.Topic{{Filter: "sensors/+", Format: flow.FormatSensor, Mapping: "beia"}},
			}},
		},
	}
}

func serve(t *testing.T, c source.Config) (*sourcetest.Bench, *Broker) {
	t.Helper()
	return serveIn(t, t.TempDir(), c)
}

func serveIn(t *testing.T, dir string, c source.Config) (*sourcetest.Bench, *Broker) {
	t.Helper()
	bench := sourcetest.Open(t, dir, c)
	b, err := Listen(t.Context(), Options{
		Config: c.MQTT, Inlets: bench.Inlets(source.KindMQTT), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bench.Start(b.Run))
	return bench, b
}

func connect(t *testing.T, addr net.Addr, user, password string) *mqttpub.Client {
	t.Helper()
	c, err := mqttpub.Connect(t.Context(), mqttpub.Options{Address: addr.String(), ClientID: t.Name(), User: user, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestPublish(t *testing.T) {
	bench, b := serve(t, config())
	cam := connect(t, b.Addr(), "frigate", "secret")
	for _, topic := range []string{"frigate/events", "frigate/reviews", "frigate/stats", "exercise/ex-1/frigate/events", "exercise/ex-2/frigate/events"} {
		if err := cam.Publish(t.Context(), topic, []byte(`{"topic":"`+topic+`"}`)); err != nil {
			t.Fatalf("%s: %v", topic, err)
		}
	}
	if err := connect(t, b.Addr(), "beia", "secret2").Publish(t.Context(), "sensors/n-17", []byte(`{"Fire_detection":2}`)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range bench.Records(5) {
		got = append(got, strings.Join([]string{r.Source, string(r.Format), r.Mapping, r.Channel, r.Exercise}, "|"))
	}
	want := []string{
		"cameras|frigate||frigate/events|", "cameras|frigate||frigate/reviews|", "cameras|frigate||frigate/events|ex-1",
		"cameras|frigate||frigate/events|", "sensors|sensor|beia|sensors/n-17|",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAcknowledgementWaitsForTheLog(t *testing.T) {
	bench, b := serve(t, config())
	n := 0
	for _, version := range []byte{4, 5} {
		for _, qos := range []byte{1, 2} {
			t.Run(fmt.Sprintf("version %d QoS %d", version, qos), func(t *testing.T) {
				bench.Gate.Shut()
				c := dial(t, b.Addr(), version)
				c.connect("a", "frigate", "secret")
				c.publish(qos, 7, "frigate/events", `{"a":1}`)
				sourcetest.Eventually(t, "the log is waited for", bench.Gate.Held)
				if p, err := c.tryRead(30 * time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Fatalf("before the record was durable came packet %+v, %v", p.FixedHeader, err)
				}
				bench.Gate.Open(nil)
				want := map[byte]byte{1: packets.Puback, 2: packets.Pubrec}[qos]
				if p := c.read(); p.FixedHeader.Type != want || p.PacketID != 7 || p.ReasonCode != 0 {
					t.Errorf("answered %+v", p)
				}
				n++
				bench.Records(n)
			})
		}
	}
}

func TestAcknowledgementsKeepOrder(t *testing.T) {
	bench, b := serve(t, config())
	c := dial(t, b.Addr(), 5)
	c.connect("a", "frigate", "secret")
	go func() {
		for i := range 500 {
			topic := "frigate/events"
			if i%5 == 0 {
				topic = "frigate/stats" // acknowledged and not kept
			}
			c.publish(1, uint16(i+1), topic, fmt.Sprint(i))
		}
	}()
	for i := range 500 {
		if p := c.read(); p.FixedHeader.Type != packets.Puback || p.PacketID != uint16(i+1) {
			t.Fatalf("answer %d is %+v", i, p)
		}
	}
	if n := len(bench.Records(400)); n != 400 {
		t.Errorf("%d records", n)
	}
	if last, err := bench.Log.Last(t.Context(), sourcetest.Topic); err != nil || last > 200 {
		t.Errorf("400 messages of one client took %d batches, %v: they do not travel together", last, err)
	}
}

func TestFailingLogIsNotAcknowledged(t *testing.T) {
	bench, b := serve(t, config())
	bench.Gate.Open(errors.New("no space left on device"))
	for _, version := range []byte{4, 5} {
		for _, qos := range []byte{1, 2} {
			c := dial(t, b.Addr(), version)
			c.connect("a", "frigate", "secret")
			c.publish(qos, 1, "frigate/events", "x")
			for {
				p, err := c.tryRead(sourcetest.Patience)
				if err != nil {
					break // disconnected
				}
				if p.FixedHeader.Type != packets.Disconnect {
					t.Errorf("version %d QoS %d: answered %+v", version, qos, p.FixedHeader)
				}
			}
		}
	}
}

func TestOversize(t *testing.T) {
	c5 := config()
	c5.Limits.Record = 1024
	bench, b := serve(t, c5)
	long := strings.Repeat("x", 1500)
	c := dial(t, b.Addr(), 5)
	if p := c.connect("five", "frigate", "secret"); p.Properties.MaximumPacketSize != 1024+packetOverhead {
		t.Errorf("CONNACK says at most %d bytes", p.Properties.MaximumPacketSize)
	}
	c.publish(1, 1, "frigate/events", long)
	if p := c.read(); p.FixedHeader.Type != packets.Puback || p.ReasonCode != packets.ErrPacketTooLarge.Code {
		t.Errorf("QoS 1 answered %+v", p)
	}
	c.publish(2, 2, "frigate/events", long)
	if p := c.read(); p.FixedHeader.Type != packets.Pubrec || p.ReasonCode != packets.ErrPacketTooLarge.Code {
		t.Errorf("QoS 2 answered %+v", p)
	}
	c.publish(0, 0, "frigate/events", long)
	c3 := dial(t, b.Addr(), 4)
	c3.connect("three", "frigate", "secret")
	c3.publish(1, 1, "frigate/events", long)
	if p := c3.read(); p.FixedHeader.Type != packets.Puback {
		t.Errorf("3.1.1 answered %+v", p)
	}
	for _, r := range bench.Records(2) {
		if len(r.Data) != 1024 || r.Truncated != 476 {
			t.Errorf("kept %d bytes, %d cut", len(r.Data), r.Truncated)
		}
	}
	if h := bench.HealthOf("cameras"); h.Refused != 2 || h.Truncated != 2 {
		t.Errorf("counted %d refused, %d truncated", h.Refused, h.Truncated)
	}
}

func TestWhoMayWhat(t *testing.T) {
	bench, b := serve(t, config())
	for _, who := range [][2]string{{"frigate", "wrong"}, {"nobody", "secret"}, {"", ""}, {"frigate", ""}} {
		if p := dial(t, b.Addr(), 5).connect("x", who[0], who[1]); p.ReasonCode != packets.ErrBadUsernameOrPassword.Code {
			t.Errorf("%q was answered %+v", who, p)
		}
	}
	if h := bench.HealthOf("cameras"); h.Refused != 2 || b.Refused() != 2 {
		t.Errorf("counted %d for the source and %d for nobody", h.Refused, b.Refused())
	}
	c := dial(t, b.Addr(), 5)
	c.connect("x", "beia", "secret2")
	c.publish(1, 1, "frigate/events", "x")
	if p := c.read(); p.ReasonCode != packets.ErrNotAuthorized.Code {
		t.Errorf("a strange topic was answered %+v", p)
	}
	c.subscribe("sensors/#")
	if p := c.read(); p.FixedHeader.Type != packets.Suback || p.ReasonCodes[0] != packets.ErrNotAuthorized.Code {
		t.Errorf("a subscription was answered %+v", p)
	}
	c.publish(1, 2, "sensors/a", "x", func(p *packets.Packet) { p.FixedHeader.Retain = true })
	c.read()
	gone := dial(t, b.Addr(), 4)
	gone.connect("gone", "frigate", "secret", func(p *packets.Packet) { // as Frigate does
		p.Connect.WillFlag, p.Connect.WillRetain, p.Connect.WillQos = true, true, 1
		p.Connect.WillTopic, p.Connect.WillPayload = "frigate/available", []byte("offline")
	})
	_ = gone.conn.Close()
	sourcetest.Eventually(t, "it is gone", func() bool { return b.server.Clients.Len() == 1 })
	for topic := range b.server.Topics.Retained.GetAll() {
		if !strings.HasPrefix(topic, "$SYS") {
			t.Errorf("%s is retained", topic)
		}
	}
}

func (c *client) subscribe(filter string) {
	c.t.Helper()
	p := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, ProtocolVersion: c.version, PacketID: 99,
		Filters: packets.Subscriptions{{Filter: filter}},
	}
	var buf bytes.Buffer
	if err := p.SubscribeEncode(&buf); err != nil {
		c.t.Fatal(err)
	}
	c.write(buf.Bytes())
}

func TestAnonymous(t *testing.T) {
	c := config()
	c.MQTT.Anonymous, c.Sources[1].Topics.Anonymous = true, true
	bench, b := serve(t, c)
	if err := connect(t, b.Addr(), "", "").Publish(t.Context(), "sensors/a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if r := bench.Records(1); r[0].Source != "sensors" {
		t.Errorf("came from %s", r[0].Source)
	}
}

func TestConnectionsBeyondTheLimit(t *testing.T) {
	many := sourcetest.Rounds(500, 20_000)
	c := config()
	c.MQTT.Connections = 4
	bench, b := serve(t, c)
	var good []*mqttpub.Client
	for i := range 4 {
		pub, err := mqttpub.Connect(t.Context(), mqttpub.Options{Address: b.Addr().String(), ClientID: fmt.Sprint(i), User: "frigate", Password: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = pub.Close() })
		good = append(good, pub)
	}
	for i := range many {
		extra := dial(t, b.Addr(), 5)
		if p := extra.connect(fmt.Sprint("extra", i), "frigate", "secret"); p.FixedHeader.Type != packets.Connack || p.ReasonCode != packets.ErrServerBusy.Code {
			t.Fatalf("connection %d beyond the limit was answered %+v", i, p)
		}
		_ = extra.conn.Close()
	}
	for _, g := range good {
		if err := g.Publish(t.Context(), "frigate/events", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	bench.Records(4)
}

func TestClientThatNeverSaysWhoItIs(t *testing.T) {
	c := config()
	c.MQTT.Connect = 50 * time.Millisecond
	_, b := serve(t, c)
	slow := dial(t, b.Addr(), 5)
	slow.write([]byte{0x10})
	if p, err := slow.tryRead(sourcetest.Patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it was not let go: %+v, %v", p.FixedHeader, err)
	}
}

// The broker ends although a client waits for room that never comes.
func TestEndUnderPressure(t *testing.T) {
	for _, qos := range []byte{1, 2} {
		c := config()
		c.Limits.Pending = 1 << 20
		bench := sourcetest.Open(t, t.TempDir(), c)
		b, err := Listen(t.Context(), Options{
			Config: c.MQTT, Inlets: bench.Inlets(source.KindMQTT), Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		end := bench.Start(b.Run)
		bench.Gate.Shut()
		pub := dial(t, b.Addr(), 5)
		pub.connect("a", "frigate", "secret")
		for i := range 4 {
			pub.publish(qos, uint16(i+1), "frigate/events", strings.Repeat("x", 1<<20-2000))
		}
		sourcetest.Eventually(t, "the log is waited for", bench.Gate.Held)
		end()
	}
}

// A client of MQTT 5 is told that the broker ends.
func TestGoodbye(t *testing.T) {
	for _, version := range []byte{4, 5} {
		bench, b := serveNothing(t)
		end := bench.Start(b.Run)
		c := dial(t, b.Addr(), version)
		c.connect("a", "frigate", "secret")
		c.publish(1, 1, "frigate/events", "x") // answered: the session stands
		c.read()
		end()
		p, err := c.tryRead(sourcetest.Patience)
		if told := err == nil && p.FixedHeader.Type == packets.Disconnect && p.ReasonCode == packets.ErrServerShuttingDown.Code; told != (version == 5) {
			t.Errorf("version %d: told %v: %+v, %v", version, told, p, err)
		}
	}
}

// Clients that come and go while the broker ends do not hold it up.
func TestEndWhileClientsLeave(t *testing.T) {
	for range 5 {
		bench, b := serveNothing(t)
		end := bench.Start(b.Run)
		var leaving sync.WaitGroup
		for i := range 8 {
			c := dial(t, b.Addr(), 5)
			c.connect(fmt.Sprint(i), "frigate", "secret")
			leaving.Go(func() { _ = c.conn.Close() })
		}
		end()
		leaving.Wait()
	}
}

// serveNothing opens a broker that the test runs and ends.
func serveNothing(t *testing.T) (*sourcetest.Bench, *Broker) {
	t.Helper()
	bench := sourcetest.Open(t, t.TempDir(), config())
	b, err := Listen(t.Context(), Options{
		Config: config().MQTT, Inlets: bench.Inlets(source.KindMQTT), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return bench, b
}

// A client that does not read its acknowledgements, and one whose messages find
// no room, hold up nobody else and not the end of the program.
func TestOneSlowClient(t *testing.T) {
	c := config()
	c.Limits.Pending = 1 << 20
	bench, b := serve(t, c)
	deaf := dial(t, b.Addr(), 4)
	deaf.connect("deaf", "frigate", "secret")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		p := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, ProtocolVersion: 4,
			TopicName: "frigate/stats", Payload: []byte("x"), PacketID: 1}
		var buf bytes.Buffer
		_ = p.PublishEncode(&buf)
		many := bytes.Repeat(buf.Bytes(), 1000)
		for ctx.Err() == nil {
			if _, err := deaf.conn.Write(many); err != nil {
				return
			}
		}
	}()
	other := connect(t, b.Addr(), "beia", "secret2")
	for i := range 100 {
		if err := other.Publish(t.Context(), "sensors/a", fmt.Append(nil, i)); err != nil {
			t.Fatal(err)
		}
	}
	bench.Records(100)
}

func TestQoS0CountsDropsUnderPressure(t *testing.T) {
	c := config()
	c.Limits.Pending = 1 << 20
	bench, b := serve(t, c)
	bench.Gate.Shut()
	pub := dial(t, b.Addr(), 5)
	pub.connect("a", "frigate", "secret")
	for range 40 {
		pub.publish(0, 0, "frigate/events", strings.Repeat("x", 64<<10))
	}
	sourcetest.Eventually(t, "drops are counted", func() bool {
		h := bench.HealthOf("cameras")
		return h.Dropped > 0 && h.Dropped+h.Received == 40
	})
	bench.Gate.Open(nil)
	bench.Records(int(bench.HealthOf("cameras").Received))
}

func TestKeyOfTheSender(t *testing.T) {
	bench, b := serve(t, config())
	c := dial(t, b.Addr(), 5)
	c.connect("a", "frigate", "secret")
	for i, key := range []string{"k1", "k1", "k2"} {
		c.publish(1, uint16(i+1), "frigate/events", key, func(p *packets.Packet) {
			p.Properties.User = []packets.UserProperty{{Key: keyProperty, Val: key}}
		})
		c.read()
	}
	if got := bench.Records(2); len(got) != 2 || got[1].Key != "k2" {
		t.Errorf("got %+v", got)
	}
}

func TestTLS(t *testing.T) {
	ca := sourcetest.NewAuthority(t)
	files := ca.Issue(t, "broker")
	c := config()
	c.MQTT.TCP, c.MQTT.TLSAddress, c.MQTT.TLS = "", "127.0.0.1:0", source.TLS{Cert: files.Cert, Key: files.Key}
	bench, b := serve(t, c)
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	pub, err := mqttpub.Connect(t.Context(), mqttpub.Options{
		Address: b.TLSAddr().String(), ClientID: "a", User: "frigate", Password: "secret", TLS: &tls.Config{RootCAs: pool, ServerName: "localhost"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer pub.Close()
	if err := pub.Publish(t.Context(), "frigate/events", []byte("x")); err != nil {
		t.Fatal(err)
	}
	bench.Records(1)
}

// The library reads what anybody sends; nothing of it may stop the broker.
func TestGarbage(t *testing.T) {
	bench, b := serve(t, config())
	rapid.Check(t, func(rt *rapid.T) {
		c, err := net.Dial("tcp", b.Addr().String())
		if err != nil {
			rt.Fatal(err)
		}
		defer c.Close()
		_, _ = c.Write(rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(rt, "bytes"))
	})
	if err := connect(t, b.Addr(), "frigate", "secret").Publish(t.Context(), "frigate/events", []byte("x")); err != nil {
		t.Fatal(err)
	}
	bench.Records(1)
}

func TestFrigateSamples(t *testing.T) {
	dir, ok := sourcetest.SharedData("physical/frigate")
	if !ok {
		t.Skip("the shared test data is not here")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	bench, b := serve(t, config())
	c := connect(t, b.Addr(), "frigate", "secret")
	for i, name := range files {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Publish(t.Context(), "frigate/events", want); err != nil {
			t.Fatal(err)
		}
		if got := bench.Records(i + 1); !bytes.Equal(got[i].Data, want) {
			t.Errorf("%s did not come through untouched", name)
		}
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/b", "a/c", false}, {"a/+", "a/b", true}, {"a/+", "a/b/c", false}, {"a/+", "a", false},
		{"a/#", "a/b/c", true}, {"a/#", "a", true}, {"#", "a", true}, {"#", "$SYS/x", false}, {"+/b", "/b", true}, {"a", "a/b", false}, {"a/+/c", "a//c", true},
	}
	for _, tt := range tests {
		if got := matches(tt.filter, tt.topic); got != tt.want {
			t.Errorf("matches(%q, %q) = %v", tt.filter, tt.topic, got)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct{ topic, exercise, rest string }{
		{"exercise/e1/sensors/a", "e1", "sensors/a"}, {"sensors/a", "", "sensors/a"}, {"exercise/e1", "", "exercise/e1"},
		{"exercise//sensors", "", "exercise//sensors"}, {"exercise/e1/", "", "exercise/e1/"},
	}
	for _, tt := range tests {
		if e, r := split(tt.topic); e != tt.exercise || r != tt.rest {
			t.Errorf("split(%q) = %q, %q", tt.topic, e, r)
		}
	}
}
