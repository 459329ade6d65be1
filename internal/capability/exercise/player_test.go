package exercise

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"warder/internal/kit/mqttpub"
)

// ear is a lane of a test: it notes what was sent and when.
type ear struct {
	mu    sync.Mutex
	began time.Time
	heard []string
	fail  error
}

func (e *ear) send(_ context.Context, msgs []message) (refusals, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range msgs {
		e.heard = append(e.heard, fmt.Sprintf("%s %s", time.Since(e.began), m.payload))
	}
	return refusals{}, e.fail
}

func (e *ear) close() error { return nil }

func hearing(e *ear) *Player {
	e.began = time.Now()
	return &Player{open: func(context.Context, Transport, Targets) (lane, error) { return e, nil }}
}

func line(at time.Duration, payload string) Record {
	return Record{At: at, Transport: MQTT, Channel: "t", Payload: payload}
}

func TestPlayKeepsItsSpeed(t *testing.T) {
	for name, c := range map[string]struct {
		play Play
		want []string
	}{
		"at the speed of life": {Play{Speed: 1}, []string{"0s 12:00:00", "10s 12:00:10", "10m0s 12:10:00"}},
		"ten times as fast":    {Play{Speed: 10}, []string{"0s 12:00:00", "1s 12:00:10", "1m0s 12:10:00"}},
		"at half speed":        {Play{Speed: 0.5}, []string{"0s 12:00:00", "20s 12:00:10", "20m0s 12:10:00"}},
		"at once":              {Play{}, []string{"0s 12:00:00", "0s 12:00:10", "0s 12:10:00"}},
		"for people who watch": {Play{Speed: 10, Live: true}, []string{"0s 00:00:00", "1s 00:00:01", "1m0s 00:01:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := new(ear)
				c.play.Start = noon
				c.play.Records = slices.Values([]Record{line(0, "{{now}}"), line(10*time.Second, "{{now}}"), line(10*time.Minute, "{{now}}")})
				p, err := hearing(e).Play(t.Context(), c.play)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, h := range e.heard {
					got = append(got, h[:strings.Index(h, " ")+1]+h[strings.Index(h, "T")+1:strings.Index(h, ".000Z")])
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
				if p.Sent != 3 || p.Position != 10*time.Minute || p.Late != 0 {
					t.Errorf("progress %+v", p)
				}
			})
		})
	}
}

func TestPlayTellsItsProgressAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var seen []int
		_, err := hearing(new(ear)).Play(ctx, Play{
			Speed: 1, Records: slices.Values([]Record{line(0, "a"), line(time.Hour, "b"), line(2*time.Hour, "c")}),
			Progress: func(p Progress) {
				if seen = append(seen, p.Sent); p.Sent == 2 {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) || !slices.Equal(seen, []int{1, 2}) {
			t.Errorf("got %v, %v", seen, err)
		}
	})
}

func TestPlayTellsWhatFailed(t *testing.T) {
	e := &ear{fail: errors.New("the cable is cut")}
	_, err := hearing(e).Play(t.Context(), Play{Records: slices.Values([]Record{line(time.Minute, "a")})})
	if err == nil || err.Error() != "play the records from 1m0s on: over mqtt: the cable is cut" {
		t.Errorf("got %v", err)
	}
	for _, play := range []Play{{Speed: -1}, {Live: true}} {
		if _, err := hearing(e).Play(t.Context(), play); err == nil {
			t.Errorf("%+v was played", play)
		}
	}
	for _, transport := range []Transport{SyslogUDP, SyslogTCP, MQTT, HTTP} {
		r := Record{Transport: transport, Channel: "ndjson", Payload: "<1>x"}
		if _, err := NewPlayer(Targets{}).Play(t.Context(), Play{Records: slices.Values([]Record{r})}); err == nil || !strings.Contains(err.Error(), "no listener for "+string(transport)) {
			t.Errorf("%s: got %v", transport, err)
		}
	}
}

// ward is a set of real listeners that note what comes in.
type ward struct {
	mqtt.HookBase
	mu   sync.Mutex
	got  []string
	to   Targets
	busy int // how many requests the ingest route still turns away
	keys map[string]bool
}

func (w *ward) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, fmt.Sprintf(format, args...))
}

func (w *ward) Provides(b byte) bool {
	return b == mqtt.OnPublish || b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}
func (w *ward) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }
func (w *ward) OnACLCheck(*mqtt.Client, string, bool) bool              { return true }

func (w *ward) OnPublish(_ *mqtt.Client, p packets.Packet) (packets.Packet, error) {
	w.note("mqtt %s %s", p.TopicName, p.Payload)
	return p, nil
}

func (w *ward) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	w.keys[r.Header.Get("Idempotency-Key")] = true
	w.busy--
	busy := w.busy >= 0
	w.mu.Unlock()
	if busy {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.Header.Get("Authorization") != "Bearer secret" {
		rw.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(rw).Encode(map[string]string{"title": "Who are you?", "detail": "send a token"})
		return
	}
	refused := []map[string]any{}
	for i, l := range strings.Split(strings.TrimSpace(string(body)), "\n") {
		w.note("%s exercise=%s %s", r.URL.RequestURI(), r.Header.Get("X-Warder-Exercise"), l)
		if strings.Contains(l, "too large") {
			refused = append(refused, map[string]any{"line": i + 1, "reason": "it is too large"})
		}
	}
	rw.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(rw).Encode(map[string]any{"accepted": 1, "refused": refused})
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{keys: map[string]bool{}}
	web := httptest.NewServer(w)
	t.Cleanup(web.Close)
	w.to = Targets{HTTP: web.URL + "/", Token: "secret"}

	s := mqtt.New(&mqtt.Options{Logger: slog.New(slog.DiscardHandler)})
	l := listeners.NewTCP(listeners.Config{ID: "t", Address: "127.0.0.1:0"})
	for _, err := range []error{s.AddHook(w, nil), s.AddListener(l), s.Serve()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = s.Close() })
	w.to.MQTT = mqttpub.Options{Address: l.Address(), ClientID: "player"}

	var wg sync.WaitGroup
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.to.SyslogUDP, w.to.SyslogTCP = udp.LocalAddr().String(), tcp.Addr().String()
	wg.Go(func() { w.hearUDP(udp) })
	wg.Go(func() { w.hearTCP(tcp) })
	t.Cleanup(func() { _, _ = udp.Close(), tcp.Close(); wg.Wait() })
	return w
}

func (w *ward) hearUDP(conn net.PacketConn) {
	buf := make([]byte, 65536)
	for {
		n, _, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		w.note("udp %s", buf[:n])
	}
}

func (w *ward) hearTCP(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		in := bufio.NewReader(conn)
		for {
			length, err := in.ReadString(' ')
			if err != nil {
				break
			}
			n, err := strconv.Atoi(strings.TrimSpace(length))
			if err != nil {
				w.note("bad frame %q", length)
				break
			}
			msg := make([]byte, n)
			if _, err := io.ReadFull(in, msg); err != nil {
				break
			}
			w.note("tcp %s", msg)
		}
		_ = conn.Close()
	}
}

// heard waits until so many records came in: syslog is not acknowledged.
func (w *ward) heard(t *testing.T, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		w.mu.Lock()
		got := slices.Clone(w.got)
		w.mu.Unlock()
		if len(got) >= n || time.Now().After(deadline) {
			slices.Sort(got)
			return got
		}
	}
}

func everyWay() []Record {
	return []Record{
		{0, SyslogUDP, "", "<4>{{now3164}} fw kernel: DROP", 1},
		{time.Second, SyslogTCP, "", "<134>1 {{now}} srv app - - - Änderung", 2},
		{time.Second, SyslogTCP, "", "<134>1 {{now}} srv app - - [a b=\"c\"]", 3},
		{2 * time.Second, MQTT, "frigate/events", `{"t":{{epoch}}}`, 4},
		{3 * time.Second, HTTP, "ndjson", `{"a":1}`, 5},
		{3 * time.Second, HTTP, "ndjson", `{"a":"too large"}`, 6},
		{4 * time.Second, HTTP, "webhook/plain", `{"a":3}`, 7},
	}
}

func TestPlayThroughRealSockets(t *testing.T) {
	w := newWard(t)
	p, err := NewPlayer(w.to).Play(t.Context(), Play{Records: slices.Values(everyWay()), Start: noon})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`/api/v1/ingest/ndjson exercise= {"a":"too large"}`,
		`/api/v1/ingest/ndjson exercise= {"a":1}`,
		`/api/v1/ingest/webhook?mapping=plain exercise= {"a":3}`,
		`mqtt frigate/events {"t":1795348802.000000}`,
		`tcp <134>1 2026-11-22T12:00:01.000Z srv app - - - Änderung`,
		`tcp <134>1 2026-11-22T12:00:01.000Z srv app - - [a b="c"]`,
		`udp <4>Nov 22 12:00:00 fw kernel: DROP`,
	}
	if got := w.heard(t, len(want)); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if p.Sent != 7 || p.Refused != 1 || p.Refusal != "it is too large" || p.Position != 4*time.Second {
		t.Errorf("progress %+v", p)
	}
}

func TestMarkedPlayLeavesNothingUnmarked(t *testing.T) {
	w := newWard(t)
	if _, err := NewPlayer(w.to).Play(t.Context(), Play{Records: slices.Values(everyWay()), Start: noon, Mark: "ex-1"}); err != nil {
		t.Fatal(err)
	}
	got := w.heard(t, 7)
	for _, g := range got {
		if !strings.Contains(g, "ex-1") {
			t.Errorf("unmarked: %s", g)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d records came", len(got))
	}
}

func TestBusyIngestRouteIsTriedAgain(t *testing.T) {
	w := newWard(t)
	w.busy = 2
	if _, err := NewPlayer(w.to).Play(t.Context(), Play{Records: slices.Values(everyWay()[4:5]), Start: noon}); err != nil {
		t.Fatal(err)
	}
	if len(w.keys) != 1 || len(w.heard(t, 1)) != 1 {
		t.Errorf("keys %v, records %v", w.keys, w.got)
	}
}

func TestRefusedRequestIsTold(t *testing.T) {
	w := newWard(t)
	w.to.Token = "wrong"
	_, err := NewPlayer(w.to).Play(t.Context(), Play{Records: slices.Values(everyWay()[4:5]), Start: noon})
	if err == nil || !strings.Contains(err.Error(), "401") || !strings.Contains(err.Error(), "send a token") {
		t.Errorf("got %v", err)
	}
}

func TestPlaysAtTheSameTimeLeaveEachOtherAlone(t *testing.T) {
	w := newWard(t)
	player := NewPlayer(w.to)
	second := func() error {
		_, err := player.Play(t.Context(), Play{Records: slices.Values(everyWay()[3:4]), Start: noon})
		return err
	}
	_, err := player.Play(t.Context(), Play{
		Records: slices.Values([]Record{line(0, "{}"), line(time.Minute, "{}")}),
		Progress: func(p Progress) {
			if p.Sent == 1 {
				if err := second(); err != nil {
					t.Error(err)
				}
			}
		},
	})
	if err != nil {
		t.Error(err)
	}
	if got := w.heard(t, 3); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}
