package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"warder/internal/app"
	"warder/internal/capability/exercise"
)

type exerciseCommands struct {
	List exerciseList `cmd:"" help:"List the scenarios."`
	Run  exerciseRun  `cmd:"" help:"Rehearse a scenario in a throw-away Warder and say whether what it expects came true; or, with --server, play it on a running one as an exercise."`
}

type exerciseList struct{}

func (exerciseList) Run() error {
	all, err := app.Scenarios()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tLASTS\tTITLE")
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.ID, s.Length().Round(time.Second), s.Title.EN)
	}
	return w.Flush()
}

type exerciseRun struct {
	remote
	Scenario string  `arg:"" help:"The scenario's id, from list."`
	Speed    float64 `help:"With --server: how many times faster than told." default:"1"`
	JSON     bool    `help:"Print what came of it as JSON."`
}

func (c *exerciseRun) Run(ctx context.Context) error {
	if c.Server != "" {
		return c.begin(ctx)
	}
	r, err := app.Rehearse(ctx, c.Scenario, app.RehearsalOptions{
		Version: version, Log: app.Logger(app.LogConfig{Level: "error", Format: "text"}, os.Stderr), Progress: c.progress})
	fmt.Fprint(os.Stderr, "\r\033[K")
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r.Incidents)
	}
	fmt.Printf("%s: %d records, %d incidents, in %s\n", r.Scenario.ID, r.Sent, len(r.Incidents), r.Took.Round(time.Millisecond))
	for _, d := range r.Deviations {
		fmt.Println("-", d)
	}
	if len(r.Deviations) > 0 {
		return fmt.Errorf("%d expectations of %s did not come true", len(r.Deviations), r.Scenario.ID)
	}
	fmt.Println("everything that it expects came true")
	return nil
}

func (c *exerciseRun) progress(p exercise.Progress) {
	fmt.Fprintf(os.Stderr, "\r\033[K%s of the scenario, %d records", p.Position.Round(time.Second), p.Sent)
}

// begin starts the exercise on a running Warder.
func (c *exerciseRun) begin(ctx context.Context) error {
	body, err := json.Marshal(map[string]any{"scenario": c.Scenario, "speed": c.Speed})
	if err != nil {
		return err
	}
	answer, err := c.post(ctx, "/exercises", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	fmt.Printf("the exercise has begun: %s\n", answer)
	return nil
}
