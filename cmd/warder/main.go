// Command warder is the one program: it serves a hospital, and it checks,
// imports, exercises and measures. Here are flags, signals and exit codes only.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when the program is built.
var version = "unversioned"

// The exit codes.
const (
	exitFailed  = 1 // it could not be done
	exitMisused = 2 // the command line or the input is wrong
)

// commands is the command line.
type commands struct {
	Serve    serve            `cmd:"" help:"Serve a hospital: take events in, show the console."`
	Demo     demo             `cmd:"" help:"Serve the reference hospital in a throw-away folder and play an attack."`
	Hospital hospitalCommands `cmd:"" help:"The hospital model: check, import, export, generate."`
	Exercise exerciseCommands `cmd:"" help:"Play a scenario."`
	Token    tokenCommands    `cmd:"" help:"Programs' tokens."`
	Link     linkCommands     `cmd:"" help:"One-time sign-in links for people."`
	Config   configCommands   `cmd:"" help:"The configuration file."`
	Bench    benchCommands    `cmd:"" help:"Measure this machine."`
	OpenAPI  openAPI          `cmd:"" name:"openapi" help:"Print the OpenAPI 3.1 document."`
	Version  showVersion      `cmd:"" help:"Print the version."`
}

func main() {
	var line commands
	k, err := kong.New(&line, kong.Name("warder"), kong.UsageOnError(),
		kong.Description("Keeps a hospital caring while it is under attack, physical or cyber."),
		kong.Vars{"version": version})
	if err != nil {
		fmt.Fprintln(os.Stderr, "warder:", err)
		os.Exit(exitFailed)
	}
	parsed, err := k.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "warder: %v\nSee: warder --help\n", err)
		os.Exit(exitMisused)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "warder:", err)
		stop()
		os.Exit(codeOf(err))
	}
}

// misuse is an error of the input rather than of the program.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

func codeOf(err error) int {
	var m misuse
	if errors.As(err, &m) {
		return exitMisused
	}
	return exitFailed
}

type showVersion struct{}

func (showVersion) Run() error {
	fmt.Println(version)
	return nil
}
