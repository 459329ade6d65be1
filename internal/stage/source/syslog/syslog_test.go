package syslog

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warder/internal/stage/source"
	"warder/internal/stage/source/sourcetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a syslog source of its own on a real intake.
func serve(t *testing.T, o source.Syslog, l source.Limits) (*sourcetest.Bench, *Server) {
	t.Helper()
	b := sourcetest.Open(t, t.TempDir(), source.Config{Limits: l, Sources: []source.Source{
		{ID: "panels", Kind: source.KindSyslog, Syslog: &o},
	}})
	s, err := Listen(t.Context(), b.Inlets(source.KindSyslog)[0], slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Start(s.Run))
	return b, s
}

func dial(t *testing.T, a net.Addr) net.Conn {
	t.Helper()
	c, err := net.Dial(a.Network(), a.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func send(t *testing.T, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

func TestUDP(t *testing.T) {
	b, s := serve(t, source.Syslog{UDP: "127.0.0.1:0"}, source.Limits{Record: 1024})
	c := dial(t, s.UDPAddr())
	send(t, c, "<134>1 - - - - - - first\n")
	send(t, c, "<134>1 - - - - - [exercise@32473 id=\"ex-1\"] second")
	send(t, c, "<134>1 - - - - - [exercise@32473 id=\"ex-of-yesterday\"] third")
	send(t, c, strings.Repeat("x", 1500))
	got := b.Records(4)
	if string(got[0].Data) != "<134>1 - - - - - - first\n" {
		t.Errorf("the payload was touched: %q", got[0].Data)
	}
	if got[0].Peer != c.LocalAddr().String() || got[0].Source != "panels" || got[0].Received.IsZero() {
		t.Errorf("the stamp is %+v", got[0])
	}
	if got[0].Exercise != "" || got[1].Exercise != "ex-1" || got[2].Exercise != "" {
		t.Errorf("exercises are %q %q %q", got[0].Exercise, got[1].Exercise, got[2].Exercise)
	}
	if len(got[3].Data) != 1024 || got[3].Truncated != 476 {
		t.Errorf("the long one has %d bytes and lost %d", len(got[3].Data), got[3].Truncated)
	}
}

func TestUDPCountsDropsUnderPressure(t *testing.T) {
	b, s := serve(t, source.Syslog{UDP: "127.0.0.1:0"}, source.Limits{Pending: 1 << 20})
	b.Gate.Shut()
	c := dial(t, s.UDPAddr())
	payload := strings.Repeat("x", 32<<10)
	sourcetest.Eventually(t, "drops are counted", func() bool {
		send(t, c, payload)
		return b.HealthOf("panels").Dropped >= 3
	})
	b.Gate.Open(nil)
	got := b.Records(20)
	sourcetest.Eventually(t, "what was taken is durable", func() bool {
		return int64(len(b.Records(len(got)))) == b.HealthOf("panels").Received
	})
}

func TestTCPKeepsOrderAndFraming(t *testing.T) {
	b, s := serve(t, source.Syslog{TCP: "127.0.0.1:0"}, source.Limits{})
	c := dial(t, s.TCPAddr())
	var want []string
	for i := range 2000 {
		m := fmt.Sprintf("<134>1 - - - - - - message %d", i)
		want = append(want, m)
		if i%2 == 0 {
			send(t, c, fmt.Sprintf("%d %s", len(m), m))
		} else {
			send(t, c, m+"\n")
		}
	}
	got := b.Records(len(want))
	for i := range want {
		if string(got[i].Data) != want[i] {
			t.Fatalf("record %d is %q, want %q", i, got[i].Data, want[i])
		}
	}
}

func TestTCPRetriesUntilDurable(t *testing.T) {
	b, s := serve(t, source.Syslog{TCP: "127.0.0.1:0"}, source.Limits{})
	b.Gate.Open(errors.New("no space left on device"))
	c := dial(t, s.TCPAddr())
	send(t, c, "<134>first\n<134>second\n")
	time.Sleep(20 * time.Millisecond) // a failure or two; the order after them is what matters
	b.Gate.Open(nil)
	got := b.Records(2)
	if len(got) != 2 || string(got[0].Data) != "<134>first" || string(got[1].Data) != "<134>second" {
		t.Errorf("got %+v", got)
	}
}

func TestTCPStopsReadingUnderPressure(t *testing.T) {
	b, s := serve(t, source.Syslog{TCP: "127.0.0.1:0"}, source.Limits{Pending: 1 << 20})
	b.Gate.Shut()
	c := dial(t, s.TCPAddr())
	line := "<134>" + strings.Repeat("x", 64<<10) + "\n"
	sent := 0
	for {
		_ = c.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
		if _, err := io.WriteString(c, line); err != nil {
			break
		}
		if sent++; sent > 10000 {
			t.Fatal("600 MB went in and nobody stopped reading")
		}
	}
	if d := b.HealthOf("panels").Dropped; d != 0 {
		t.Errorf("%d records were dropped; a TCP sender should wait instead", d)
	}
	b.Gate.Open(nil)
	b.Records(sent)
}

func TestConnectionsBeyondTheLimit(t *testing.T) {
	many := sourcetest.Rounds(500, 20_000)
	b, s := serve(t, source.Syslog{TCP: "127.0.0.1:0", Connections: 8}, source.Limits{})
	var good []net.Conn
	for range 8 {
		good = append(good, dial(t, s.TCPAddr()))
	}
	sourcetest.Eventually(t, "the limit is reached", func() bool { return len(s.streams[0].slots) == 8 })
	for range many {
		c := dial(t, s.TCPAddr())
		_ = c.SetReadDeadline(time.Now().Add(sourcetest.Patience))
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("a connection beyond the limit was not closed: %v", err)
		}
		_ = c.Close()
	}
	if r := b.HealthOf("panels").Refused; r != int64(many) {
		t.Errorf("%d were counted as refused, want %d", r, many)
	}
	for _, c := range good {
		send(t, c, "<134>still here\n")
	}
	b.Records(8)
}

func TestSlowSenderIsLetGo(t *testing.T) {
	b, s := serve(t, source.Syslog{TCP: "127.0.0.1:0", Finish: 50 * time.Millisecond}, source.Limits{})
	c := dial(t, s.TCPAddr())
	send(t, c, "100 <134>begins and never")
	_ = c.SetReadDeadline(time.Now().Add(sourcetest.Patience))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed: %v", err)
	}
	got := b.Records(1)
	if string(got[0].Data) != "<134>begins and never" || got[0].Refused == "" {
		t.Errorf("what there was is kept as %q, refused %q", got[0].Data, got[0].Refused)
	}
	if h := b.HealthOf("panels"); h.ParseErrors != 1 {
		t.Errorf("%d parse errors, want 1", h.ParseErrors)
	}
}

func TestIdleConnectionIsLetGo(t *testing.T) {
	_, s := serve(t, source.Syslog{TCP: "127.0.0.1:0", Idle: 30 * time.Millisecond}, source.Limits{})
	c := dial(t, s.TCPAddr())
	_ = c.SetReadDeadline(time.Now().Add(sourcetest.Patience))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed: %v", err)
	}
}

func TestTLS(t *testing.T) {
	ca := sourcetest.NewAuthority(t)
	files := ca.Issue(t, "server")
	b, s := serve(t, source.Syslog{
		TLSAddress: "127.0.0.1:0", TLS: source.TLS{Cert: files.Cert, Key: files.Key, ClientCA: ca.File},
	}, source.Limits{})
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	client := ca.Issue(t, "client")
	pair, err := tls.LoadX509KeyPair(client.Cert, client.Key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", s.TLSAddr().String(), &tls.Config{RootCAs: pool, ServerName: "localhost", Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	send(t, c, "12 <134>message")
	if got := b.Records(1); string(got[0].Data) != "<134>message" {
		t.Errorf("got %q", got[0].Data)
	}

	stranger, err := tls.Dial("tcp", s.TLSAddr().String(), &tls.Config{RootCAs: pool, ServerName: "localhost"})
	if err == nil {
		defer stranger.Close()
		_ = stranger.SetReadDeadline(time.Now().Add(sourcetest.Patience))
		if _, err = stranger.Read(make([]byte, 1)); err == nil {
			t.Error("a sender without a certificate was let in")
		}
	}
	plain := dial(t, s.TLSAddr())
	send(t, plain, "<134>plain text\n")
	sourcetest.Eventually(t, "both are counted as refused", func() bool { return b.HealthOf("panels").Refused == 2 })
}

// The end of the program does not take what was read from a connection and
// waits for room.
func TestWhatWasReadIsKeptAtTheEnd(t *testing.T) {
	b := sourcetest.Open(t, t.TempDir(), source.Config{Limits: source.Limits{Pending: 1 << 10}, Sources: []source.Source{
		{ID: "panels", Kind: source.KindSyslog, Syslog: &source.Syslog{TCP: "127.0.0.1:0"}},
	}})
	s, err := Listen(t.Context(), b.Inlets(source.KindSyslog)[0], slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	end := b.Start(s.Run)
	b.Gate.Shut()
	const many = 30
	send(t, dial(t, s.TCPAddr()), strings.Repeat("<134>1 - - - - - - one of many\n", many))
	for !b.Gate.Held() {
		time.Sleep(time.Millisecond)
	}
	ended := make(chan struct{})
	go func() { end(); close(ended) }()
	for closed := false; !closed; {
		c, err := net.Dial("tcp", s.TCPAddr().String())
		if closed = err != nil; !closed {
			_ = c.Close()
		}
	}
	b.Gate.Open(nil)
	<-ended
	if got := b.Records(many); len(got) != many {
		t.Errorf("%d records of %d", len(got), many)
	}
}
