package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net"
	"slices"
	"time"

	"warder/internal/capability/exercise"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/stage/source"
	"warder/test/scenario"
)

// reference is the hospital that demos and measurements use.
const reference = "reference"

// DemoConfig is the configuration of a throw-away Warder: everything embedded,
// everything on loopback, free ports, no passwords for senders on this machine.
func DemoConfig(dir, listen string) Config {
	c := Defaults()
	c.Name = "Warder demo"
	c.Data = dir
	c.HTTP.Listen = freeUnlessUsable(listen)
	c.Log.Level = "warn"
	const free = "127.0.0.1:0"
	c.Sources = source.Config{
		MQTT: source.Broker{TCP: free, Anonymous: true},
		Sources: []source.Source{
			{ID: "systems", Kind: source.KindSyslog, Name: "Servers, doors and panels", Expect: 10 * time.Minute,
				Syslog: &source.Syslog{UDP: free, TCP: free}},
			{ID: "devices", Kind: source.KindMQTT, Name: "Cameras and sensors", Expect: 10 * time.Minute,
				Topics: &source.Topics{Anonymous: true, Topics: []source.Topic{
					{Filter: "frigate/events", Format: flow.FormatFrigate},
					{Filter: "frigate/reviews", Format: flow.FormatFrigate},
					{Filter: "sensors/+", Format: flow.FormatSensor, Mapping: "beia"},
				}}},
			{ID: "network", Kind: source.KindHTTP, Name: "Network detection and applications", Expect: 10 * time.Minute,
				HTTP: &source.HTTP{Formats: []flow.Format{flow.FormatSuricata, flow.FormatJSON, flow.FormatWebhook}, Mappings: []string{"plain"}}},
		},
	}
	return c
}

// freeUnlessUsable returns the address, or the same host with a free port when
// the wanted one is in use.
func freeUnlessUsable(listen string) string {
	l, err := net.Listen("tcp", listen)
	if err == nil {
		_ = l.Close()
		return listen
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	return net.JoinHostPort(host, "0")
}

// DemoOptions says how a demo goes.
type DemoOptions struct {
	Scenario string
	Speed    float64
	Auto     bool // begin at once instead of after the first sign-in
}

// DemoAccess is how people and scripts get into a demo.
type DemoAccess struct {
	URL  string `json:"url"`
	Link string `json:"link"`
	addresses
}

// demo loads demo data and removes it again.
type demo struct{ house *house }

// LoadReference imports the reference hospital, which only an empty instance takes.
func (a *App) LoadReference(ctx context.Context) error { return a.house.demo.load(ctx) }

func (d *demo) load(ctx context.Context) error {
	model, err := shipped(d.house.content, reference)
	if err != nil {
		return err
	}
	_, err = d.house.hospital.Import(ctx, model, module.Caller(ctx))
	return err
}

// shipped reads a hospital that Warder ships, marked as a demo.
func shipped(content fs.FS, name string) (*hospital.Model, error) {
	folder, err := fs.Sub(content, "hospitals/"+name)
	if err != nil {
		return nil, fmt.Errorf("find the hospital %s: %w", name, err)
	}
	model, problems := hospital.ImportFolder(folder)
	if len(problems) > 0 {
		return nil, &hospital.ProblemsError{Problems: problems}
	}
	model.Demo = true
	return model, nil
}

// Demo makes a way in and has the scenario played, with an ordinary day around
// it, while Run serves.
func (a *App) Demo(ctx context.Context, o DemoOptions) (DemoAccess, error) {
	link, err := a.FirstLink(ctx)
	if err != nil {
		return DemoAccess{}, err
	}
	a.show = &show{house: a.house, options: o}
	return DemoAccess{URL: a.URL(), Link: link, addresses: a.house.addresses}, nil
}

// show plays a demo's records.
type show struct {
	house   *house
	options DemoOptions
}

// lookEvery is how often it is looked whether somebody has signed in.
const lookEvery = 500 * time.Millisecond

// run plays an ordinary day at its own speed, and the scenario once somebody
// looks.
func (s *show) run(ctx context.Context) error {
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		return err
	}
	story, err := library.Find(s.options.Scenario)
	if err != nil {
		return err
	}
	to, err := s.house.exerciseTargets(ctx)
	if err != nil {
		return err
	}
	snapshot := s.house.hospital.Snapshot()
	today := midnight(s.house.now().In(snapshot.Location()))
	ordinary := exercise.Play{Start: s.house.now(), Speed: 1, Zone: snapshot.Location(),
		Records: from(exercise.QuietDay(snapshot, exercise.Noise{Profile: exercise.ProfileQuietDay, Seed: 1, Hours: 48}), s.house.now().Sub(today))}
	around := to
	around.MQTT.ClientID = "warder-day" // two clients of one name would put each other out
	done := make(chan error, 1)
	go func() {
		_, err := exercise.NewPlayer(around).Play(ctx, ordinary)
		done <- err
	}()
	err = s.tell(ctx, story, to, snapshot)
	return errors.Join(err, <-done)
}

func (s *show) tell(ctx context.Context, story *exercise.Scenario, to exercise.Targets, snapshot *hospital.Snapshot) error {
	if !s.options.Auto {
		if err := s.house.people.AwaitSignIn(ctx, lookEvery); err != nil {
			return nil // the context ended before anybody came
		}
	}
	_, err := exercise.NewPlayer(to).Play(ctx, exercise.Play{
		Records: slices.Values(story.Timeline), Start: s.house.now(), Speed: s.options.Speed, Live: true, Zone: snapshot.Location()})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// from leaves out what lies before a time and lets the rest begin at it.
func from(records iter.Seq[exercise.Record], begin time.Duration) iter.Seq[exercise.Record] {
	return func(yield func(exercise.Record) bool) {
		for r := range records {
			if r.At < begin {
				continue
			}
			r.At -= begin
			if !yield(r) {
				return
			}
		}
	}
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// Routes load and remove demo data.
func (d *demo) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "demo", Permission: module.ManageInstance}
	}
	return []module.Route{
		module.Handle("POST", "/demo", op("load-demo", "Load the reference hospital into an empty instance"),
			func(ctx context.Context, _ *module.None) (*module.None, error) { return nil, d.load(ctx) }),
		module.Handle("DELETE", "/demo", op("remove-demo", "Remove the demo hospital and everything that came of it"),
			func(ctx context.Context, _ *module.None) (*module.None, error) { return nil, d.remove(ctx) }),
	}
}

// remove takes out the demo hospital and everything that came of it. It is
// refused when the hospital is a real one.
func (d *demo) remove(ctx context.Context) error {
	if !d.house.hospital.Snapshot().Demo() {
		return fault.New(fault.Conflict, "There is no demo data: the hospital model here is not a demo.")
	}
	for _, m := range d.house.modules() {
		if e, ok := m.(module.Emptier); ok {
			if err := e.Empty(ctx); err != nil {
				return fmt.Errorf("remove the demo data of %s: %w", m.Manifest().Name, err)
			}
		}
	}
	return d.house.hospital.RemoveDemo(ctx)
}
