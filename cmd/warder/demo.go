package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"warder/internal/app"
)

type demo struct {
	Auto     bool    `help:"Begin at once instead of after the first sign-in."`
	Listen   string  `help:"host:port of console and API; another port is taken when it is in use." default:"localhost:8480"`
	Scenario string  `help:"The scenario to play." default:"s1-vaccine-theft"`
	Speed    float64 `help:"How many times faster than told." default:"1"`
	Ready    string  `help:"Write addresses and the sign-in link to this file as JSON once it serves, for scripts." placeholder:"FILE"`
}

// Run serves the reference hospital in a throw-away folder and plays a scenario
// through its real listeners.
func (d *demo) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "warder-demo-")
	if err != nil {
		return fmt.Errorf("make a throw-away folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg := app.DemoConfig(dir, d.Listen)
	return run(ctx, cfg, func(ctx context.Context, a *app.App) error {
		if err := a.LoadReference(ctx); err != nil {
			return err
		}
		show, err := a.Demo(ctx, app.DemoOptions{Scenario: d.Scenario, Speed: d.Speed, Auto: d.Auto})
		if err != nil {
			return err
		}
		fmt.Printf("A living hospital is at %s\nSign in with this one-time link:\n\n  %s\n\n", a.URL(), show.Link)
		if d.Auto {
			fmt.Println("The story begins now. Ctrl-C ends it and removes everything.")
		} else {
			fmt.Println("The story begins once you are in. Ctrl-C ends it and removes everything.")
		}
		return d.tell(show)
	})
}

func (d *demo) tell(show app.DemoAccess) error {
	if d.Ready == "" {
		return nil
	}
	data, err := json.Marshal(show)
	if err != nil {
		return err
	}
	partial := d.Ready + ".part"
	if err := os.WriteFile(partial, data, 0o600); err != nil {
		return fmt.Errorf("tell that it serves: %w", err)
	}
	return os.Rename(partial, d.Ready)
}
