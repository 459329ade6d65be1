package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"warder/internal/app/measure"
)

type benchCommands struct {
	Start   benchStart   `cmd:"" help:"Time to serve, and memory at rest."`
	Soak    benchSoak    `cmd:"" help:"Whether memory stays flat while events flow for a long time."`
	Detect  benchDetect  `cmd:"" help:"Events a second that one core holds against rules, and hits that it counts."`
	Store   benchStore   `cmd:"" help:"What events take on the disk, and how long questions to them take."`
	Ingest  benchIngest  `cmd:"" help:"Events a second that go the whole way, over HTTP, syslog and MQTT, and memory."`
	Latency benchLatency `cmd:"" help:"Time from an event on the wire to its incident and impact on the live stream."`
}

type benchOptions struct {
	JSON bool `help:"Print one JSON object."`
	Runs int  `help:"How often to measure." default:"5"`
}

func (o benchOptions) run(ctx context.Context, bench func(context.Context, measure.Options) (measure.Report, error)) error {
	report, err := bench(ctx, measure.Options{Version: version, Runs: o.Runs, Progress: func(s string) { fmt.Fprintf(os.Stderr, "\r\033[K%s", s) }})
	fmt.Fprint(os.Stderr, "\r\033[K")
	if err != nil {
		return err
	}
	return report.Write(os.Stdout, o.JSON)
}

type benchStart struct{ benchOptions }

func (b *benchStart) Run(ctx context.Context) error { return b.run(ctx, measure.Start) }

type benchLatency struct {
	benchOptions
	Rate  int    `help:"Other events a second meanwhile." default:"5000"`
	Rules string `help:"Folder or archive (.tar.gz) of Sigma rules beside our own." placeholder:"PATH" type:"path"`
}

func (b *benchLatency) Run(ctx context.Context) error {
	return b.run(ctx, func(ctx context.Context, o measure.Options) (measure.Report, error) {
		return measure.Latency(ctx, o, measure.Background{Rate: b.Rate, Rules: b.Rules})
	})
}

type benchIngest struct {
	benchOptions
	Rules    string        `help:"Folder or archive (.tar.gz) of Sigma rules beside our own." placeholder:"PATH" type:"path"`
	Events   string        `help:"File of events for HTTP, one JSON object a line; .gz is unpacked. Without it, Windows events are made up." placeholder:"FILE" type:"path"`
	For      time.Duration `help:"How long each sender sends." default:"20s"`
	Stored   int           `help:"Events that are stored when memory is measured; 0 leaves that out." default:"1000000"`
	Only     string        `help:"The one way in that is measured." enum:"http_ndjson,syslog_tcp,mqtt," default:""`
	Profiles string        `help:"Folder for profiles of the program's CPU time." hidden:"" type:"existingdir"`
}

func (b *benchIngest) Run(ctx context.Context) error {
	return b.run(ctx, func(ctx context.Context, o measure.Options) (measure.Report, error) {
		return measure.Ingest(ctx, o, measure.IngestInput{
			Rules: b.Rules, Events: b.Events, Length: b.For, Stored: b.Stored, Profiles: b.Profiles, Only: b.Only,
		})
	})
}

type benchDetect struct {
	benchOptions
	Rules  string `help:"Folder or archive (.tar.gz) of Sigma rules. Without it, our own." placeholder:"PATH" type:"path"`
	Events string `help:"File of events, one JSON object a line; .gz is unpacked. Without it, Windows events are made up." placeholder:"FILE" type:"path"`
}

func (b *benchDetect) Run(ctx context.Context) error {
	return b.run(ctx, func(ctx context.Context, o measure.Options) (measure.Report, error) {
		return measure.Detect(ctx, o, measure.DetectInput{Rules: b.Rules, Events: b.Events})
	})
}

type benchStore struct {
	benchOptions
	Templates string `help:"File of Windows events to make templates of, one JSON object a line; .gz is unpacked. Without it, they are made up." placeholder:"FILE" type:"path"`
	Events    int    `help:"How many events are stored." default:"1000000"`
	Dir       string `help:"Folder that keeps the events; where they are in it already, they are not made again. Without it, they are removed." placeholder:"DIR" type:"path"`
}

func (b *benchStore) Run(ctx context.Context) error {
	return b.run(ctx, func(ctx context.Context, o measure.Options) (measure.Report, error) {
		return measure.Store(ctx, o, measure.StoreInput{Events: b.Templates, Count: b.Events, Dir: b.Dir})
	})
}

type benchSoak struct {
	benchOptions
	For  time.Duration `help:"How long each run lasts." default:"20m"`
	Rate int           `help:"Events a second." default:"5000"`
}

func (b *benchSoak) Run(ctx context.Context) error {
	return b.run(ctx, func(ctx context.Context, o measure.Options) (measure.Report, error) {
		return measure.Soak(ctx, o, b.For, b.Rate)
	})
}
