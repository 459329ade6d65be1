package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"warder/content"
	"warder/internal/api"
	"warder/internal/hospital"
	"warder/internal/module"
	"warder/internal/store"
)

// What commands do to a Warder that is not running, or beside one that is.

// OpenPeople opens only the central database, which a running Warder allows.
func OpenPeople(ctx context.Context, cfg Config) (*api.People, func() error, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the data directory: %w", err)
	}
	o, err := cfg.storeOptions(time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	return api.NewPeople(api.PeopleOptions{Space: s.Space("api"), Now: time.Now,
		About: func() api.Instance { return api.Instance{Name: cfg.Name} }}), s.Close, nil
}

// ImportModel puts a model into the data directory of a Warder that does not
// run, and returns the model's version. What comes in this way is a person's own
// and never a demo, whatever its files say.
func ImportModel(ctx context.Context, cfg Config, m *hospital.Model) (version string, err error) {
	own := *m
	own.Demo = false
	err = withHospital(ctx, cfg, func(h *hospital.Module) error {
		version, err = h.Import(ctx, &own, module.Caller(AsCommandLine(ctx)))
		return err
	})
	return version, err
}

// ExportModel reads the model out of a data directory.
func ExportModel(ctx context.Context, cfg Config) (m *hospital.Model, err error) {
	err = withHospital(ctx, cfg, func(h *hospital.Module) error {
		m = h.Snapshot().Model()
		return nil
	})
	return m, err
}

func withHospital(ctx context.Context, cfg Config, do func(*hospital.Module) error) (err error) {
	var c closers
	defer func() { err = errors.Join(err, c.close()) }()
	unlock, err := lockDirectory(cfg.Data)
	if err != nil {
		return err
	}
	c.add(unlock)
	log := slog.New(slog.DiscardHandler)
	o, err := cfg.storeOptions(time.Now, log)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	c.add(s.Close)
	release, err := s.Hold(ctx, func(error) {}) // a break shows in the writing itself
	if err != nil {
		return err
	}
	c.add(release)
	h, err := hospital.New(ctx, hospital.Deps{Space: s.Space("hospital"), Now: time.Now, Log: log})
	if err != nil {
		return err
	}
	return do(h)
}

// Reference is the hospital that Warder ships for demos and measurements.
func Reference() (*hospital.Model, error) { return shipped(content.FS, reference) }
