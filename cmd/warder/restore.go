package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"warder/internal/app"
	"warder/internal/app/backup"
	"warder/internal/kit/fault"
)

type restore struct {
	where
	File     string `arg:"" help:"The backup." type:"existingfile"`
	Identity string `help:"File that holds the recovery key." type:"existingfile" short:"i"`
	Check    bool   `help:"Do everything but the last step: a restore drill."`
	Undo     bool   `help:"FILE is no backup but the copy of the database from before an upgrade, from the folder upgrades of the data directory; it goes into the empty PostgreSQL database that the configuration names."`
	Replace  bool   `help:"The data directory may hold something, which is kept beside it."`
}

// Help is what --help says beside the options.
func (c *restore) Help() string {
	return `Everything is read, verified and built beside the data directory before that is touched; then it is exchanged in one step. With a
configuration that names PostgreSQL the rows go into that database, which must be empty.

Exit codes: 0 it is restored (or, with --check, would be), 1 it could not be done, 2 the command line or the backup is wrong; nothing was
changed unless it is 0.`
}

func (c *restore) Run(ctx context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if c.Undo {
		return c.undo(ctx, cfg)
	}
	if c.Identity == "" {
		return misuse{errors.New("name the file that holds the recovery key: --identity KEYFILE")}
	}
	keys, err := backup.Identities(c.Identity)
	if err != nil {
		return misuse{err}
	}
	done, err := app.Restore(ctx, cfg, app.RestoreOptions{Path: c.File, Keys: keys, Check: c.Check, Replace: c.Replace,
		Version: version, Told: reading(), Filling: filling()})
	endProgress()
	if err != nil {
		return asMisuse(err)
	}
	tellContents(&done.Contents)
	if c.Check {
		fmt.Println("It can be restored; nothing was changed.")
		return nil
	}
	fmt.Printf("It is restored to %s; start Warder there.\n", cfg.Data)
	if done.Kept != "" {
		fmt.Printf("What was there is in %s; remove it when you no longer need it.\n", done.Kept)
	}
	if done.Parts["config"].Entries > 0 {
		fmt.Printf("The configuration file as it was is in %s/restored-config.\n", cfg.Data)
	}
	return nil
}

// undo fills a database with what it was before an upgrade.
func (c *restore) undo(ctx context.Context, cfg app.Config) error {
	if err := app.UndoUpgrade(ctx, cfg, c.File); err != nil {
		return asMisuse(err)
	}
	fmt.Println("The database is as it was before the upgrade; start the version that made it.")
	return nil
}

// asMisuse tells a wrong backup or place from a failure of the machine.
func asMisuse(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Denied, fault.Conflict, fault.NotFound:
		return misuse{err}
	}
	return err
}

func tellContents(found *backup.Contents) {
	h := found.Head
	fmt.Printf("Backup of %q, begun %s by Warder %s on %s.\n", h.Name, h.Made.Local().Format("2006-01-02 15:04 MST"), h.Program, h.Engine)
	for _, name := range slices.Sorted(maps.Keys(found.Parts)) {
		p := found.Parts[name]
		if p.Rows > 0 {
			fmt.Printf("  %-9s %8d rows, %s\n", name, p.Rows, size(p.Bytes))
		} else {
			fmt.Printf("  %-9s %8d files, %s\n", name, p.Entries, size(p.Bytes))
		}
	}
}

// filling says that the rows go into the database, which may take a while too.
func filling() func() {
	if !onTerminal() {
		return nil
	}
	return func() { fmt.Fprint(os.Stderr, "\r\033[Kthe rows go into the database") }
}

// reading draws how much of a backup was read, when somebody watches and it takes
// a while.
func reading() func(done, total int64) {
	if !onTerminal() {
		return nil
	}
	drawn := time.Now().Add(time.Second)
	return func(done, total int64) {
		if now := time.Now(); now.After(drawn) && total > 0 {
			drawn = now.Add(drawEvery)
			fmt.Fprintf(os.Stderr, "\r\033[K%3d %% of %s", done*100/total, size(total))
		}
	}
}
