package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"warder/internal/app"
	"warder/internal/audit"
	"warder/internal/store"
)

type auditCommands struct {
	Verify auditVerify `cmd:"" help:"Verify the audit: log, database and kept checkpoints, or an export. Exits with 3 when something was changed, with 1 when it could not be looked at."`
	Export auditExport `cmd:"" help:"Write entries of the audit with what is needed to verify them elsewhere."`
	Prove  auditProve  `cmd:"" help:"Write the proof that one entry is in the log."`
}

type auditVerify struct {
	where
	Export  string   `help:"Verify this export or proof instead of a data directory." type:"existingfile" placeholder:"FILE"`
	Against []string `help:"A file with checkpoints that were kept elsewhere: as they are, or lines of Warder's log." type:"existingfile" placeholder:"FILE"`
	Key     string   `help:"The verifier key that was kept elsewhere; otherwise the one beside the log or in the file." placeholder:"KEY"`
}

func (c *auditVerify) Run(ctx context.Context) error {
	kept, err := c.kept()
	if err != nil {
		return err
	}
	report, err := c.verify(ctx, kept)
	if errors.Is(err, audit.ErrNoExport) {
		return misuse{err}
	}
	if err != nil {
		return fmt.Errorf("the audit could not be verified: %w", err)
	}
	c.print(os.Stdout, report)
	if len(report.Findings) > 0 {
		return somethingFound{}
	}
	return nil
}

// kept reads the checkpoints of every file; a file without one is a mistake.
func (c *auditVerify) kept() (all []string, err error) {
	for _, name := range c.Against {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found := audit.KeptCheckpoints(string(data))
		if len(found) == 0 {
			return nil, misuse{fmt.Errorf("%s holds no checkpoint of an audit", name)}
		}
		all = append(all, found...)
	}
	return all, nil
}

func (c *auditVerify) verify(ctx context.Context, kept []string) (_ *audit.Report, err error) {
	if c.Export != "" {
		f, err := os.Open(c.Export)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return audit.VerifyExport(f, c.Key, kept)
	}
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	desk, err := app.OpenAudit(ctx, cfg, c.Key)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, desk.Close()) }()
	return desk.Verify(ctx, kept)
}

func (c *auditVerify) print(out io.Writer, r *audit.Report) {
	for _, f := range r.Findings {
		fmt.Fprintln(out, "changed:", f)
	}
	if n := r.More(); n > 0 {
		fmt.Fprintf(out, "changed: and %d more\n", n)
	}
	fmt.Fprintf(out, "log:     %s, %d entries, root %s\n", r.Origin, r.Size, r.Root)
	fmt.Fprintf(out, "checked: %d entries\n", r.Checked)
	if r.Waiting > 0 {
		fmt.Fprintf(out, "waiting: %d lines that the log does not hold yet, the oldest from %s\n", r.Waiting, r.Oldest.UTC().Format(time.RFC3339))
	}
	fmt.Fprintf(out, "key:     %s%s\n", r.Key, c.whoseKey())
	fmt.Fprintln(out, "against:", c.against(r))
	if len(r.Findings) == 0 {
		fmt.Fprintln(out, "nothing was changed")
	}
}

func (c *auditVerify) whoseKey() string {
	if c.Key != "" {
		return ""
	}
	return " (from where the log lies: compare it with the one that you kept)"
}

func (c *auditVerify) against(r *audit.Report) string {
	switch {
	case len(c.Against) == 0:
		return "no kept checkpoint: who holds the machine's key could have written everything anew"
	case r.Skipped > 0:
		return fmt.Sprintf("%d kept checkpoints; %d could not be compared, because an export of a part can be held only against one of its own size", r.Against, r.Skipped)
	}
	return fmt.Sprintf("%d kept checkpoints", r.Against)
}

type auditExport struct {
	where
	From    time.Time `help:"At or after this time (RFC 3339)." placeholder:"TIME"`
	To      time.Time `help:"Before this time (RFC 3339)." placeholder:"TIME"`
	By      string    `help:"Id of a person or program."`
	Who     string    `help:"Part of a name."`
	Action  string    `help:"An action; with a dot at its end all that begin so."`
	Subject string    `help:"What it was done to."`
	Out     string    `help:"File to write; otherwise standard output." short:"o" placeholder:"FILE"`
}

func (c *auditExport) Run(ctx context.Context) error {
	q := store.AuditQuery{From: c.From, To: c.To, By: c.By, Who: c.Who, Action: c.Action, Subject: c.Subject}
	return withAudit(ctx, c.where, c.Out, func(d *app.AuditDesk, to io.Writer) error { return d.Export(ctx, q, to) })
}

type auditProve struct {
	where
	Entry string `arg:"" help:"Place in the log, from 0, or id of a line."`
	Out   string `help:"File to write; otherwise standard output." short:"o" placeholder:"FILE"`
}

func (c *auditProve) Run(ctx context.Context) error {
	entry := strings.TrimSpace(c.Entry)
	return withAudit(ctx, c.where, c.Out, func(d *app.AuditDesk, to io.Writer) error { return d.Prove(ctx, entry, to) })
}

// withAudit opens the audit for reading and a file to write to.
func withAudit(ctx context.Context, w where, name string, do func(*app.AuditDesk, io.Writer) error) (err error) {
	cfg, err := w.config()
	if err != nil {
		return err
	}
	desk, err := app.OpenAudit(ctx, cfg, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, desk.Close()) }()
	if name == "" {
		return do(desk, os.Stdout)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return errors.Join(do(desk, f), f.Close())
}
