package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warder/internal/app/backup"
	"warder/internal/events"
	"warder/internal/exchange"
	"warder/internal/store"
)

// openBackups makes what makes backups.
func (h *house) openBackups(ctx context.Context) error {
	instance, err := h.store.Instance(ctx)
	if err != nil {
		return err
	}
	h.backups = backup.New(backup.Options{
		Config: h.cfg.Backup, Folder: h.cfg.backupsDir(), Space: h.store.Space("backup"), Now: h.now,
		OnTrouble: h.alarm.raise, Log: h.log,
		Source: backup.Source{
			Database: h.store, Evidence: h.evidence, Exchange: h.embedded,
			Quiet:  func() func() { h.trimming.Lock(); return h.trimming.Unlock },
			Still:  func() func() { return h.audit.Still() },
			Moment: func() func() { h.demo.busy.Lock(); return h.demo.busy.Unlock },
			Ends:   func(ctx context.Context) (map[string]uint64, error) { return ends(ctx, h.embedded) },
			Data:   h.cfg.Data, Config: h.cfg.file, Named: h.cfg.named(), Except: []string{h.cfg.backupsDir()},
			Head: backup.Head{Program: h.version, Instance: instance, Name: h.cfg.Name, Engine: h.store.Engine()},
		},
	})
	return nil
}

// named lists what the configuration names and Warder only reads: certificates,
// secrets, folders of rules.
func (c *Config) named() (all []backup.Named) {
	for _, f := range c.files() {
		if f.path != "" {
			all = append(all, backup.Named{Key: f.key, Path: f.path})
		}
	}
	for i, folder := range c.Rules.Folders {
		all = append(all, backup.Named{Key: fmt.Sprintf("rules.folders[%d]", i), Path: folder})
	}
	for i, w := range c.Notify.Webhooks {
		if w.SecretFile != "" {
			all = append(all, backup.Named{Key: fmt.Sprintf("notify.webhooks[%d].secret_file", i), Path: w.SecretFile})
		}
	}
	return all
}

// ends tells where the topics end that only the outbox feeds, and that of changes,
// which the stream alone reads. What lies beyond when a backup is restored comes from
// transactions that are not in it.
func ends(ctx context.Context, log exchange.Log) (map[string]uint64, error) {
	t, all := newTopics(log), map[string]uint64{}
	for _, name := range []string{t.incidents.Name(), t.impacts.Name(), t.notices.Name(), t.timeline.Name(), t.models.Name(), t.changes.Name()} {
		last, err := log.Last(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("find the end of topic %s: %w", name, err)
		}
		all[name] = last
	}
	return all, nil
}

// Backup makes a backup of a Warder that does not run. When only its line in the
// audit is missing, both the backup and an error are returned.
func Backup(ctx context.Context, cfg Config, version, to string, told func(backup.Progress)) (made backup.Made, err error) {
	var c closers
	defer func() { err = errors.Join(err, c.close()) }()
	recipients, err := backup.Recipients(cfg.Backup.Recipients)
	if err != nil {
		return made, err
	}
	unlock, err := lockDirectory(cfg.Data)
	if err != nil {
		return made, err
	}
	c.add(unlock)
	log := slog.New(slog.DiscardHandler)
	o, err := cfg.storeOptions(time.Now, log)
	if err != nil {
		return made, err
	}
	s, err := store.OpenAsIs(ctx, o)
	if err != nil {
		return made, err
	}
	c.add(s.Close)
	topics, err := exchange.OpenEmbedded(exchange.Options{Dir: cfg.exchangeDir(), Log: log})
	if err != nil {
		return made, err
	}
	c.add(topics.Close)
	evidence, err := events.Open(events.Options{Dir: cfg.eventsDir(), Log: log})
	if err != nil {
		return made, err
	}
	c.add(evidence.Close)
	instance, err := s.Instance(ctx)
	if err != nil {
		return made, err
	}
	nothing := func() func() { return func() {} }
	maker := backup.Maker{Recipients: recipients, Now: time.Now, Told: told, Source: backup.Source{
		Database: s, Evidence: evidence, Exchange: topics, Quiet: nothing, Still: nothing, Moment: nothing,
		Ends: func(ctx context.Context) (map[string]uint64, error) { return ends(ctx, topics) },
		Data: cfg.Data, Config: cfg.file, Named: cfg.named(), Except: []string{cfg.backupsDir(), to, to + ".tmp"},
		Head: backup.Head{Program: version, Instance: instance, Name: cfg.Name, Engine: s.Engine()},
	}}
	if made, err = maker.Make(ctx, to); err != nil {
		return backup.Made{}, err
	}
	return made, noteBackup(ctx, s, made)
}

// noteBackup writes a backup that was made from the command line into the audit.
func noteBackup(ctx context.Context, s *store.Store, made backup.Made) error {
	err := s.Space("backup").Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{By: "command-line", Name: "command line", Action: "backup.make", Subject: made.Name,
			Detail: map[string]any{"sha256": made.SHA256, "bytes": made.Bytes}})
	})
	if err != nil {
		return fmt.Errorf("the backup is whole and can be used, but its line in the audit could not be written: %w", err)
	}
	return nil
}
