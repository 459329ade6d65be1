package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"warder/internal/api"
	"warder/internal/app"
)

type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Make a token for a program; it is shown once."`
	List   tokenList   `cmd:"" help:"List the tokens, without their secrets."`
	Remove tokenRemove `cmd:"" help:"Withdraw a token."`
}

type tokenCreate struct {
	where
	Name string `arg:"" help:"What the token is for."`
	Role string `help:"sender, viewer, operator, lead or admin." default:"sender" enum:"sender,viewer,operator,lead,admin"`
	Days int    `help:"Days until it ends; 0 for never." default:"0"`
}

func (c *tokenCreate) Run(ctx context.Context) error {
	return withPeople(ctx, c.where, func(ctx context.Context, p *api.People) error {
		t, err := p.MakeToken(ctx, c.Name, c.Role, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return err
		}
		fmt.Println(t.Secret)
		return nil
	})
}

type tokenList struct{ where }

func (c *tokenList) Run(ctx context.Context) error {
	return withPeople(ctx, c.where, func(ctx context.Context, p *api.People) error {
		tokens, err := p.Tokens(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tROLE\tENDS\tLAST USED")
		for _, t := range tokens {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, day(t.Expires, "never"), day(t.Used, "not yet"))
		}
		return w.Flush()
	})
}

func day(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return t.UTC().Format(time.DateTime) + "Z"
}

type tokenRemove struct {
	where
	ID string `arg:"" help:"The token's id, from list."`
}

func (c *tokenRemove) Run(ctx context.Context) error {
	return withPeople(ctx, c.where, func(ctx context.Context, p *api.People) error { return p.RemoveToken(ctx, c.ID) })
}

type linkCommands struct {
	Create linkCreate `cmd:"" help:"Make a one-time sign-in link for a person, adding them if they are new."`
}

type linkCreate struct {
	where
	Name string `arg:"" help:"The person's name."`
	Role string `help:"For a new person: viewer, operator, lead or admin." default:"operator" enum:"viewer,operator,lead,admin"`
}

func (c *linkCreate) Run(ctx context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	return withPeople(ctx, c.where, func(ctx context.Context, p *api.People) error {
		link, err := p.LinkFor(ctx, c.Name, c.Role)
		if err != nil {
			return err
		}
		fmt.Println(cfg.URL() + link)
		return nil
	})
}

// withPeople opens only the central database, which may also be done beside a
// running Warder.
func withPeople(ctx context.Context, w where, do func(context.Context, *api.People) error) (err error) {
	cfg, err := w.config()
	if err != nil {
		return err
	}
	people, done, err := app.OpenPeople(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return do(app.AsCommandLine(ctx), people)
}
