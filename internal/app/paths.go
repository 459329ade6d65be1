package app

import (
	"log/slog"
	"path/filepath"
	"time"

	"warder/internal/store"
)

// Where things lie in the data directory.
func (c *Config) exchangeDir() string { return filepath.Join(c.Data, "exchange") }
func (c *Config) eventsDir() string   { return filepath.Join(c.Data, "events") }

func (c *Config) storeOptions(now func() time.Time, log *slog.Logger) (store.Options, error) {
	dsn, err := c.dsn()
	return store.Options{Driver: c.Store.Driver, Path: filepath.Join(c.Data, "warder.db"), DSN: dsn, Now: now, Log: log}, err
}

// URL is the address of console and API as the configuration gives it.
func (c *Config) URL() string { return address(c.HTTP.TLS.On(), c.HTTP.Listen) }

func address(secure bool, hostPort string) string {
	if secure {
		return "https://" + hostPort
	}
	return "http://" + hostPort
}
