package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"warder/internal/app"
)

type serve struct {
	Config string `help:"Configuration file (YAML)." type:"existingfile" short:"c"`
	Data   string `help:"Data directory; overrides the configuration." placeholder:"DIR"`
	Listen string `help:"host:port of console and API; overrides the configuration." placeholder:"ADDRESS"`
	// CPUProfile is for warder bench: nothing of it can be reached from outside.
	CPUProfile string `help:"File for a profile of the CPU time." hidden:"" placeholder:"FILE"`
}

func (s *serve) Run(ctx context.Context) error {
	cfg, err := app.LoadConfig(s.Config)
	if err != nil {
		return misuse{err}
	}
	if s.Data != "" {
		cfg.Data = s.Data
	}
	if s.Listen != "" {
		cfg.HTTP.Listen = s.Listen
	}
	if cfg.Data == "" {
		return misuse{errors.New("no data directory is named: use --data DIR, or set data: in the configuration")}
	}
	if errs := cfg.Validate(); len(errs) > 0 {
		return misuse{errors.Join(errs...)}
	}
	stop, err := profile(s.CPUProfile)
	if err != nil {
		return err
	}
	defer stop()
	return run(ctx, cfg, func(ctx context.Context, a *app.App) error { return welcome(ctx, os.Stdout, a) })
}

// profile begins to note where CPU time goes, until stop is called.
func profile(name string) (stop func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("begin a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("begin a profile: %w", err), f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close() // a profile that is cut short says so when it is read
	}, nil
}

// run opens Warder, does something once it is ready, and serves until ctx ends.
func run(ctx context.Context, cfg app.Config, ready func(context.Context, *app.App) error) (err error) {
	a, err := app.Open(ctx, cfg, version, app.Logger(cfg.Log, os.Stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := ready(ctx, a); err != nil {
		return err
	}
	return a.Run(ctx)
}

// welcome tells where the console is, and gives a first administrator a way in.
func welcome(ctx context.Context, out io.Writer, a *app.App) error {
	link, err := a.FirstLink(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Warder %s serves %s\n", version, a.URL())
	if f := a.Fingerprint(); f != "" {
		fmt.Fprintf(out, "Its certificate's SHA-256 fingerprint is %s\n", f)
	}
	if link != "" {
		fmt.Fprintf(out, "Nobody may sign in yet. This link makes you the administrator; it works once, for a day:\n\n  %s\n\n", link)
	}
	return nil
}
