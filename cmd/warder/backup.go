package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"warder/internal/app"
	"warder/internal/app/backup"
)

type backupCommands struct {
	Make  backupMake  `cmd:"" default:"withargs" help:"Make a backup, through a running Warder or of one that is stopped."`
	Key   backupKey   `cmd:"" help:"Make a recovery key, which opens backups and stays with you."`
	Check backupCheck `cmd:"" help:"Read a backup to its end and say whether it is whole, and what is in it."`
}

type backupMake struct {
	where
	remote
	To        string   `help:"File to write; it must not exist." required:"" type:"path"`
	Recipient []string `help:"Without --server: public half of a recovery key, instead of those in the configuration." placeholder:"age1..."`
}

// Help is what --help says beside the options.
func (c *backupMake) Help() string {
	return `With --server a running Warder makes the backup, keeps it in its own folder, and this command fetches it. Without, the Warder whose
--data (or --config) is named must be stopped.

Exit codes: 0 the backup is made and verified, 1 it could not be made, 2 the command line is wrong.`
}

func (c *backupMake) Run(ctx context.Context) error {
	if _, err := os.Lstat(c.To); !errors.Is(err, os.ErrNotExist) {
		return misuse{fmt.Errorf("%s exists already: name another file", c.To)}
	}
	if c.Server != "" {
		return c.fetch(ctx)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if len(c.Recipient) > 0 {
		cfg.Backup.Recipients = c.Recipient
	}
	if len(cfg.Backup.Recipients) == 0 {
		return misuse{errors.New("nobody could open the backup: name the recipient of a recovery key with --recipient, " +
			"or in the configuration under backup.recipients (warder backup key makes one)")}
	}
	if errs := cfg.Backup.Validate(); len(errs) > 0 {
		return misuse{errors.Join(errs...)}
	}
	if _, err := os.Stat(cfg.Data); err != nil {
		return misuse{fmt.Errorf("there is no data directory %s", cfg.Data)}
	}
	made, err := app.Backup(ctx, cfg, version, c.To, copied())
	endProgress()
	if made.Name != "" {
		tellMade(made, c.To)
	}
	return err
}

func tellMade(made backup.Made, path string) {
	fmt.Printf("%s: %s, verified in %.1f s; sha256 %s\n", path, size(made.Bytes), made.Took, made.SHA256)
}

// copied draws how far a backup is, when somebody watches and it takes a while.
func copied() func(backup.Progress) {
	if !onTerminal() {
		return func(backup.Progress) {}
	}
	drawn := time.Now().Add(time.Second)
	return func(p backup.Progress) {
		if now := time.Now(); now.After(drawn) {
			drawn = now.Add(drawEvery)
			fmt.Fprintf(os.Stderr, "\r\033[K%s: %s", p.Part, size(p.Bytes))
		}
	}
}

// size writes bytes as people read them.
func size(bytes int64) string {
	for _, unit := range []struct {
		name string
		of   int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if bytes >= unit.of {
			return fmt.Sprintf("%.1f %s", float64(bytes)/float64(unit.of), unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// fetch has the running Warder make a backup and copies it here.
func (c *backupMake) fetch(ctx context.Context) error {
	before, err := c.look(ctx)
	if err != nil {
		return err
	}
	if before.Running == nil {
		if _, err := c.post(ctx, "/backups", "", http.NoBody); err != nil {
			return err
		}
	}
	now, err := c.wait(ctx)
	endProgress()
	switch {
	case err != nil:
		return err
	case now.Failed != "":
		return fmt.Errorf("the server made no backup: %s", now.Failed)
	case len(now.Items) == 0:
		return errors.New("the server made no backup; look into its log")
	}
	made := now.Items[0]
	if err := c.save(ctx, made); err != nil {
		return err
	}
	tellMade(made, c.To)
	return nil
}

func (c *backupMake) look(ctx context.Context) (state backup.State, err error) {
	answer, err := c.get(ctx, "/backups")
	if err != nil {
		return state, err
	}
	if err := json.Unmarshal(answer, &state); err != nil {
		return state, fmt.Errorf("read how the server's backups stand: %w", err)
	}
	return state, nil
}

// wait follows the server's backup to its end.
func (c *backupMake) wait(ctx context.Context) (state backup.State, err error) {
	draw := copied()
	for {
		if state, err = c.look(ctx); err != nil || state.Running == nil {
			return state, err
		}
		draw(state.Running.Progress)
		select {
		case <-ctx.Done():
			return state, errors.New("the backup goes on at the server; nothing was copied")
		case <-time.After(lookEvery / 4):
		}
	}
}

// save copies a backup here. Before the file has its name it was compared with
// the sum that the server has of it.
func (c *backupMake) save(ctx context.Context, made backup.Made) error {
	f, err := os.OpenFile(c.To+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	err = c.download(ctx, "/backups/"+made.Name, io.MultiWriter(f, sum))
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != made.SHA256 {
		err = errors.New("what came is not what the server has: fetch it again")
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		return os.Rename(f.Name(), c.To)
	}
	return errors.Join(err, os.Remove(f.Name()))
}

type backupKey struct {
	Out string `help:"File for the recovery key; it must not exist. Without, the key is printed." type:"path" placeholder:"FILE"`
}

func (c *backupKey) Run() error {
	key, err := backup.NewKey()
	if err != nil {
		return err
	}
	text := fmt.Sprintf("# Recovery key of Warder's backups, made %s\n# recipient: %s\n%s\n",
		time.Now().UTC().Format(time.DateOnly), key.Recipient, key.Secret)
	if c.Out == "" {
		fmt.Print(text)
	} else if err := writeNew(c.Out, text); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, `
The recovery key %s. It is shown this once.

It opens every backup, and without it no backup can be opened, by nobody. Print it,
or put it on a stick, and keep it where neither fire nor an attacker on this
machine finds it; a second copy elsewhere. Do not leave it on the server.

Put this into Warder's configuration, which can make backups and cannot open them:

backup:
  recipients:
    - %s
`, placeOf(c.Out), key.Recipient)
	return nil
}

func placeOf(file string) string {
	if file == "" {
		return "stands above"
	}
	return "is in " + file
}

func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return misuse{fmt.Errorf("%s exists already: name another file", path)}
	}
	if err != nil {
		return misuse{err}
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

type backupCheck struct {
	File     string `arg:"" help:"The backup." type:"existingfile"`
	Identity string `help:"File that holds the recovery key." required:"" type:"existingfile" short:"i"`
	JSON     bool   `help:"Print what is in it as JSON."`
}

func (c *backupCheck) Run(ctx context.Context) error {
	keys, err := backup.Identities(c.Identity)
	if err != nil {
		return misuse{err}
	}
	found, err := app.CheckBackup(ctx, c.File, keys, reading())
	endProgress()
	if err != nil {
		return asMisuse(err)
	}
	if c.JSON {
		return printJSON(found)
	}
	fmt.Printf("%s is whole.\n", filepath.Base(c.File))
	tellContents(found)
	return nil
}
