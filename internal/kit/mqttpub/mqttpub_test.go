package mqttpub

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inbox is a broker's hook that keeps what was published.
type inbox struct {
	mqtt.HookBase
	mu   sync.Mutex
	seen []string
}

func (h *inbox) Provides(b byte) bool {
	return b == mqtt.OnPublish || b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}

func (h *inbox) OnConnectAuthenticate(_ *mqtt.Client, p packets.Packet) bool {
	return string(p.Connect.Username) == "sensor" && string(p.Connect.Password) == "secret"
}

func (h *inbox) OnACLCheck(_ *mqtt.Client, topic string, _ bool) bool { return topic != "forbidden" }

func (h *inbox) OnPublish(_ *mqtt.Client, p packets.Packet) (packets.Packet, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, p.TopicName+" "+string(p.Payload))
	return p, nil
}

func (h *inbox) got() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.seen)
}

// broker starts a real broker on a free port.
func broker(t *testing.T, config *tls.Config) (address string, box *inbox) {
	t.Helper()
	s := mqtt.New(&mqtt.Options{Logger: slog.New(slog.DiscardHandler)})
	box = &inbox{}
	if err := s.AddHook(box, nil); err != nil {
		t.Fatal(err)
	}
	l := listeners.NewTCP(listeners.Config{ID: "t", Address: "127.0.0.1:0", TLSConfig: config})
	if err := s.AddListener(l); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return l.Address(), box
}

func connect(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestPublishIsAcknowledged(t *testing.T) {
	address, box := broker(t, nil)
	c := connect(t, Options{Address: address, ClientID: "one", User: "sensor", Password: "secret"})
	if err := c.Publish(t.Context(), "a/b", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if got := box.got(); !slices.Equal(got, []string{"a/b hello"}) {
		t.Errorf("the broker got %q", got)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Publish(t.Context(), "a/b", nil); err == nil {
		t.Error("a closed client published")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestMessagesLeaveInOrder(t *testing.T) {
	address, box := broker(t, nil)
	c := connect(t, Options{Address: address, User: "sensor", Password: "secret", Inflight: 4})
	var all []*Delivery
	var want []string
	for i := range 200 {
		d, err := c.Start(t.Context(), "t", []byte(fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		all, want = append(all, d), append(want, fmt.Sprintf("t %d", i))
	}
	for _, d := range all {
		if err := d.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.got(); !slices.Equal(got, want) {
		t.Errorf("the broker got %q", got)
	}
}

func TestManyPublishAtTheSameTime(t *testing.T) {
	address, box := broker(t, nil)
	c := connect(t, Options{Address: address, User: "sensor", Password: "secret", Inflight: 3})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if err := c.Publish(t.Context(), "t", []byte("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(box.got()); n != 160 {
		t.Errorf("the broker got %d messages", n)
	}
}

func TestWrongPasswordIsTold(t *testing.T) {
	address, _ := broker(t, nil)
	_, err := Connect(t.Context(), Options{Address: address, User: "sensor", Password: "guess"})
	if err == nil || !strings.Contains(err.Error(), "password is wrong") && !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("got %v", err)
	}
}

func TestRefusedMessageIsTold(t *testing.T) {
	address, _ := broker(t, nil)
	c := connect(t, Options{Address: address, User: "sensor", Password: "secret"})
	err := c.Publish(t.Context(), "forbidden", []byte("x"))
	if err == nil || !strings.Contains(err.Error(), "may not publish on this topic") {
		t.Errorf("got %v", err)
	}
}

func TestGoodbyeIsTold(t *testing.T) {
	for code, want := range map[byte]string{0x87: "may not publish", 0x89: "busy", 0x8b: "shutting down", 0x8e: "took the connection", 0x95: "too large", 0x90: "topic", 0x99: "0x99"} {
		_, err := readPacket(bufio.NewReader(bytes.NewReader([]byte{0xe0, 1, code})))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%#x: got %v, want %s", code, err, want)
		}
	}
}

func TestTLS(t *testing.T) {
	web := httptest.NewTLSServer(nil) // only for its certificate
	defer web.Close()
	address, box := broker(t, web.TLS)
	o := Options{Address: address, User: "sensor", Password: "secret", TLS: &tls.Config{ServerName: "example.com", RootCAs: trusted(web)}}
	c := connect(t, o)
	if err := c.Publish(t.Context(), "t", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if len(box.got()) != 1 {
		t.Error("nothing arrived")
	}
	o.TLS = &tls.Config{ServerName: "example.com"}
	if _, err := Connect(t.Context(), o); err == nil {
		t.Error("an unknown certificate was trusted")
	}
}

func trusted(web *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(web.Certificate())
	return pool
}

// fake is a broker that answers CONNECT and then whatever the test says.
func fake(t *testing.T, then func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		buf := make([]byte, 1024)
		if _, err := conn.Read(buf); err != nil {
			return
		}
		then(conn)
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return l.Addr().String()
}

func accept(conn net.Conn) { _, _ = conn.Write([]byte{0x20, 2, 0, 0}) }

func untilClosed(conn net.Conn) {
	buf := make([]byte, 1024)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

func TestSilentBrokerDoesNotHoldForEver(t *testing.T) {
	address := fake(t, func(conn net.Conn) { accept(conn); untilClosed(conn) })
	c := connect(t, Options{Address: address, Timeout: 50 * time.Millisecond, Inflight: 1})
	if err := c.Publish(t.Context(), "t", nil); err == nil || !strings.Contains(err.Error(), "acknowledge") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Publish(ctx, "t", nil); err != context.DeadlineExceeded {
		t.Errorf("with no room left: got %v", err)
	}
}

func TestConnectEndsWithItsContext(t *testing.T) {
	address := fake(t, untilClosed)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := Connect(ctx, Options{Address: address}); err == nil {
		t.Error("connected to a broker that says nothing")
	}
}

func TestBrokenConnectionIsTold(t *testing.T) {
	for name, then := range map[string]func(net.Conn){
		"hangs up": accept,
		"babbles": func(conn net.Conn) {
			accept(conn)
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			untilClosed(conn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, Options{Address: fake(t, then)})
			if err := c.Publish(t.Context(), "t", nil); err == nil || !strings.Contains(err.Error(), "broke") {
				t.Errorf("got %v", err)
			}
			<-c.done
			if err := c.Publish(t.Context(), "t", nil); err == nil || !strings.Contains(err.Error(), "broke") {
				t.Errorf("after it broke: got %v", err)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	if _, err := Connect(t.Context(), Options{Address: address}); err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v", err)
	}
}

func FuzzReadPacket(f *testing.F) {
	f.Add([]byte{0x20, 2, 0, 0})
	f.Add([]byte{0x40, 2, 0, 7})
	f.Add([]byte{0xd0, 0})
	f.Add([]byte{0xe0, 1, 0x87})
	f.Add([]byte{0x40, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bufio.NewReader(bytes.NewReader(data))
		for {
			p, err := readPacket(in)
			if err != nil {
				return
			}
			if p.FixedHeader.Remaining > longestAnswer {
				t.Fatal("too much was read")
			}
		}
	})
}
