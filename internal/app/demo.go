package app

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/source"
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

// LoadReference imports the reference hospital, which only an empty instance takes.
func (a *App) LoadReference(ctx context.Context) error { return a.house.demo.load(ctx) }

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
	a.house.demo.show = newShow(a.house, o)
	return DemoAccess{URL: a.URL(), Link: link, addresses: a.house.addresses}, nil
}
