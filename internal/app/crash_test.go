package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"warder/internal/api"
	"warder/internal/flow"
	"warder/internal/stage/normalise"
)

const (
	crashEnv = "WARDER_CRASH_TEST_DIR"
	// tortureEnv asks for a hundred rounds.
	tortureEnv = "WARDER_TORTURE"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashEnv); dir != "" {
		os.Exit(serveUntilKilled(dir))
	}
	if what := os.Getenv(restoreEnv); what != "" {
		os.Exit(restoreUntilKilled(what))
	}
	os.Exit(m.Run())
}

// crashConfig is a demo's, with fire alarms over HTTP, which says what it accepted.
func crashConfig(dir string) Config {
	c := DemoConfig(dir, "127.0.0.1:0")
	c.Mappings = []normalise.Mapping{{
		Name: "panel", Category: "fire", Action: "fire.alarm",
		Fields: []normalise.Field{{Attribute: flow.AttrMessage, Path: "message"}, {Attribute: flow.AttrApplication, Value: "numbered"}},
		Assets: []normalise.Named{{Kind: string(flow.ByPoint), Path: "point"}},
	}}
	for _, s := range c.Sources.Sources {
		if s.HTTP != nil {
			s.HTTP.Mappings = append(s.HTTP.Mappings, "panel")
		}
	}
	return c
}

// ready is what the child says once it serves.
type ready struct{ URL, Token string }

// serveUntilKilled is the child of TestKill: a whole Warder. It ends by itself
// only when its parent has.
func serveUntilKilled(dir string) int {
	err := func() error {
		ctx := context.Background()
		cfg := crashConfig(dir)
		if recipient := os.Getenv(recipientEnv); recipient != "" {
			cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
		}
		a, err := Open(ctx, cfg, "test", slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
		if err != nil {
			return err
		}
		if err := a.LoadReference(ctx); err != nil {
			return err
		}
		token, err := a.house.people.MakeToken(ctx, "crash", api.RoleAdmin, time.Hour)
		if err != nil {
			return err
		}
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(1)
		}()
		if err := json.NewEncoder(os.Stdout).Encode(ready{a.URL(), token.Secret}); err != nil {
			return err
		}
		return a.Run(ctx)
	}()
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// letter is a numbered event on its way in, perhaps more than once.
type letter struct {
	number   int
	fire     bool
	posts    int  // how often it was sent
	accepted bool // 202 was read
}

// keyed tells whether it is sent with a key, which makes a repetition harmless.
func (l *letter) keyed() bool { return l.number%2 == 0 }

// points are where fires break out: rooms of one floor and of another building.
func points() []string { return []string{"FP-A/9-001", "FP-A/9-010", "FP-A/2-014"} }

// post sends it, and says why no 202 was read.
func (l *letter) post(c *caller, client *http.Client) error {
	l.posts++
	path, body := "/ingest/ndjson", fmt.Sprintf(`{"application":"numbered","action":"count","message":"number %d"}`, l.number)
	if l.fire {
		path, body = "/ingest/webhook?mapping=panel", fmt.Sprintf(`{"message":"number %d","point":%q}`, l.number, points()[l.number%len(points())])
	}
	status, answer, err := c.post(client, path, []byte(body), l.key())
	if err != nil {
		return err
	}
	if status != http.StatusAccepted {
		return fmt.Errorf("%d %s", status, answer)
	}
	l.accepted = true
	return nil
}

func (l *letter) key() string {
	if !l.keyed() {
		return ""
	}
	return fmt.Sprintf("number-%d", l.number)
}

// office numbers letters, and sends again what no 202 was read for.
type office struct {
	mu      sync.Mutex
	all     []*letter
	pending []*letter
	fires   int // one in so many
}

func (o *office) next(fresh bool) *letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.pending); n > 0 {
		l := o.pending[n-1]
		o.pending = o.pending[:n-1]
		return l
	}
	if !fresh {
		return nil
	}
	l := &letter{number: len(o.all), fire: len(o.all)%o.fires == 0}
	o.all = append(o.all, l)
	return l
}

func (o *office) back(l *letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending = append(o.pending, l)
}

// send posts with several clients until each of them fails or, without fresh
// letters, nothing is left.
func (o *office) send(c *caller, fresh bool) error {
	var clients sync.WaitGroup
	failed := make(chan error, 6)
	for range cap(failed) {
		clients.Go(func() {
			client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for l := o.next(fresh); l != nil; l = o.next(fresh) {
				if err := l.post(c, client); err != nil {
					o.back(l)
					failed <- err
					return
				}
			}
		})
	}
	clients.Wait()
	close(failed)
	return <-failed
}

// Killed at any moment, again and again, with senders at work, Warder starts
// again and then holds:
//   - every number for which 202 was read is in the evidence;
//   - exactly once, if it was sent once, or sent again with an Idempotency-Key;
//     else as often as it was sent at most, each time as a record of its own;
//   - every fire among them, acknowledged or not, has exactly one alert, in
//     exactly one incident, and there are no incidents but those;
//   - nothing is reported as damaged or lost.
//
// A kill leaves what was written to the operating system: that the fsync comes
// before the 202 is shown by the tests of the engines.
func TestKill(t *testing.T) {
	rounds, fires := 3, 40
	if os.Getenv(tortureEnv) == "1" {
		rounds, fires = 100, 400
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	o := &office{fires: fires}
	for round := range rounds {
		early := round > 0 && dice.IntN(5) == 0 // killed before it serves
		killOnce(t, dir, o, early, time.Duration(100+dice.IntN(1200))*time.Millisecond)
	}
	if rounds > 3 {
		t.Logf("%d letters, %d of them pending", len(o.all), len(o.pending))
	}

	s := serve(t, crashConfig(dir), nil)
	if err := o.send(&s.caller, false); err != nil {
		t.Fatal(err)
	}
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	burning := checkEvidence(t, s, o)
	checkIncidents(t, s, burning)
	for _, m := range s.house.modules() {
		if c, ok := m.(interface{ Check(context.Context) error }); ok {
			if err := c.Check(t.Context()); err != nil {
				t.Errorf("%s: %v", m.Manifest().Name, err)
			}
		}
	}
}

// killOnce runs a child, sends to it, and kills it after a time.
func killOnce(t *testing.T, dir string, o *office, early bool, after time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+dir)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() {
		if err := child.Process.Kill(); err != nil {
			t.Error(err)
		}
	}
	var at ready
	if early {
		time.AfterFunc(after, kill)
	}
	switch err := json.NewDecoder(out).Decode(&at); {
	case err != nil && !early:
		kill()
		t.Errorf("the child does not serve: %v", err)
	case err == nil:
		if !early {
			time.AfterFunc(after, kill)
		}
		if o.send(&caller{base: at.URL + api.Prefix, token: at.Token}, true) == nil {
			t.Error("the senders ended by themselves")
		}
	}
	var killed *exec.ExitError
	if err := child.Wait(); !errors.As(err, &killed) || killed.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// checkEvidence holds the evidence against what was sent, and returns the ids of
// the events that are fire alarms.
func checkEvidence(t *testing.T, s *stand, o *office) (burning []string) {
	t.Helper()
	here := map[int][]string{}
	ids := map[string]bool{}
	for _, e := range list[flow.Event](t, &s.caller, "/events?limit=500&q=application.name:numbered") {
		var n int
		if _, err := fmt.Sscanf(e.Attributes[flow.AttrMessage], "number %d", &n); err != nil {
			t.Fatalf("event %s: %v", e.ID, err)
		}
		if ids[e.ID] {
			t.Errorf("event %s is there twice", e.ID)
		}
		ids[e.ID] = true
		here[n] = append(here[n], e.ID)
		if e.Action == "fire.alarm" {
			burning = append(burning, e.ID)
		}
	}
	again := 0
	for _, l := range o.all {
		n := len(here[l.number])
		most := 1
		if !l.keyed() {
			most = l.posts
		}
		if !l.accepted || n < 1 || n > most {
			t.Errorf("number %d, key %q, was sent %d times, accepted %v, and is there %d times", l.number, l.key(), l.posts, l.accepted, n)
		}
		if l.posts > 1 {
			again++
		}
		delete(here, l.number)
	}
	if len(here) > 0 {
		t.Errorf("nobody sent %v", here)
	}
	t.Logf("%d letters, %d sent again, %d events, %d fires", len(o.all), again, len(ids), len(burning))
	return burning
}

// checkIncidents holds the incidents against the events that must have made them.
func checkIncidents(t *testing.T, s *stand, burning []string) {
	t.Helper()
	alerts, numbers := map[string]string{}, map[int64]bool{}
	resting := map[string]int{}
	for _, in := range list[flow.Incident](t, &s.caller, "/incidents?status=all&limit=200") {
		if in.Type != flow.ThreatFire || numbers[in.Number] {
			t.Errorf("incident %s: number %d, type %s", in.ID, in.Number, in.Type)
		}
		numbers[in.Number] = true
		joins := list[flow.Join](t, &s.caller, "/incidents/"+in.ID+"/alerts?limit=200")
		if len(joins) != in.Alerts {
			t.Errorf("incident %s says that it has %d alerts, and lists %d", in.ID, in.Alerts, len(joins))
		}
		for _, j := range joins {
			if other, twice := alerts[j.Alert.ID]; twice {
				t.Errorf("alert %s is in the incidents %s and %s", j.Alert.ID, other, in.ID)
			}
			alerts[j.Alert.ID] = in.ID
			for _, e := range j.Alert.Events {
				resting[e]++
			}
		}
	}
	for _, e := range burning {
		if resting[e] != 1 {
			t.Errorf("%d alerts rest on the fire alarm %s", resting[e], e)
		}
		delete(resting, e)
	}
	if len(resting) > 0 || len(burning) == 0 {
		t.Errorf("alerts rest on other events: %v", resting)
	}
	t.Logf("%d incidents of %d alerts", len(numbers), len(alerts))
}
