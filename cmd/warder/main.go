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
	exitFound   = 3 // detect found something, or verifying found a change
)

// commands is the command line.
type commands struct {
	Serve    serve            `cmd:"" help:"Serve a hospital: take events in, show the console."`
	Demo     demo             `cmd:"" help:"Serve the reference hospital in a throw-away folder and play an attack."`
	Hospital hospitalCommands `cmd:"" help:"The hospital model: check, import, export, generate."`
	Detect   detectFiles      `cmd:"" help:"Say which rules recorded logs meet, without a server."`
	Rules    rulesCommands    `cmd:"" help:"Detection rules: check, test, explain, count."`
	Exercise exerciseCommands `cmd:"" help:"Play a scenario."`
	Evidence evidenceCommands `cmd:"" help:"Evidence: signed bundles of events, and their check."`
	Backup   backupCommands   `cmd:"" help:"Back a Warder up into one encrypted file; make recovery keys."`
	Restore  restore          `cmd:"" help:"Make the data directory of a backup, after reading all of it."`
	Token    tokenCommands    `cmd:"" help:"Programs' tokens."`
	Link     linkCommands     `cmd:"" help:"One-time sign-in links for people."`
	Audit    auditCommands    `cmd:"" help:"Who did what: verify, export, prove."`
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
		if !errors.As(err, new(somethingFound)) {
			fmt.Fprintln(os.Stderr, "warder:", err)
		}
		stop()
		os.Exit(codeOf(err))
	}
}

// misuse is an error of the input rather than of the program.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// somethingFound is no failure: it tells scripts apart what detect found.
type somethingFound struct{}

func (somethingFound) Error() string { return "something was found" }

func codeOf(err error) int {
	if errors.As(err, new(somethingFound)) {
		return exitFound
	}
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
