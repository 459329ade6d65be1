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
	"warder/internal/module"
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
	Wait     bool    `help:"With --server: follow the exercise to its end, and fail when it failed." default:"true" negatable:""`
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
	if err := c.told(r); err != nil {
		return err
	}
	if len(r.Deviations) > 0 {
		return fmt.Errorf("%d expectations of %s did not come true", len(r.Deviations), r.Scenario)
	}
	return nil
}

// told prints what came of a rehearsal.
func (c *exerciseRun) told(r *app.Rehearsal) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%s: %d records, %d incidents, in %s\n", r.Scenario, r.Sent, len(r.Incidents), r.Took.Round(time.Millisecond))
	for _, d := range r.Deviations {
		fmt.Println("-", d)
	}
	if len(r.Deviations) == 0 {
		fmt.Println("everything that it expects came true")
	}
	return nil
}

func (c *exerciseRun) progress(p exercise.Progress) {
	fmt.Fprintf(os.Stderr, "\r\033[K%s of the scenario, %d records", p.Position.Round(time.Second), p.Sent)
}

// begin starts the exercise on a running Warder, and follows it to its end.
func (c *exerciseRun) begin(ctx context.Context) error {
	body, err := json.Marshal(map[string]any{"scenario": c.Scenario, "speed": c.Speed})
	if err != nil {
		return err
	}
	answer, err := c.post(ctx, "/exercises", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	var e exercise.Exercise
	if err := json.Unmarshal(answer, &e); err != nil || e.ID == "" {
		return fmt.Errorf("read what the server answered: %s", answer)
	}
	if c.Wait {
		fmt.Fprintf(os.Stderr, "the exercise %s has begun\n", e.ID)
		if e, err = c.follow(ctx, e); err != nil {
			return err
		}
	}
	return c.outcome(e)
}

// lookEvery is the time between two looks at how far an exercise came.
const lookEvery = time.Second

// follow waits for the end of the exercise. An interrupt ends the watching, not
// the exercise.
func (c *exerciseRun) follow(ctx context.Context, e exercise.Exercise) (exercise.Exercise, error) {
	defer fmt.Fprint(os.Stderr, "\r\033[K")
	for {
		now, err := c.look(ctx, e.ID)
		if err != nil || now.State != exercise.StateRunning {
			return now, err
		}
		c.progress(exercise.Progress{Position: time.Duration(now.Position * float64(time.Second)), Sent: now.Sent})
		select {
		case <-ctx.Done():
			return now, fmt.Errorf("the exercise %s goes on at the server; stop it in the console", e.ID)
		case <-time.After(lookEvery):
		}
	}
}

// look finds the exercise among the newest: one runs at a time.
func (c *exerciseRun) look(ctx context.Context, id string) (exercise.Exercise, error) {
	answer, err := c.get(ctx, "/exercises?limit=20")
	if err != nil {
		return exercise.Exercise{}, err
	}
	var page module.List[exercise.Exercise]
	if err := json.Unmarshal(answer, &page); err != nil {
		return exercise.Exercise{}, fmt.Errorf("read the list of exercises: %w", err)
	}
	for _, e := range page.Items {
		if e.ID == id {
			return e, nil
		}
	}
	return exercise.Exercise{}, fmt.Errorf("the exercise %s is not in the server's list any more", id)
}

// outcome prints how the exercise stands or ended; all but finished is a failure.
func (c *exerciseRun) outcome(e exercise.Exercise) error {
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(e); err != nil {
			return err
		}
	} else {
		fmt.Printf("%s: %s, %d records sent, %d refused\n", e.ID, e.State, e.Sent, e.Refused)
		if e.Problem != "" {
			fmt.Println("-", e.Problem)
		}
	}
	switch e.State {
	case exercise.StateRunning, exercise.StateFinished:
		return nil
	}
	return fmt.Errorf("the exercise %s did not come to its end (%s)", e.ID, e.State)
}
