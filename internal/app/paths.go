package app

import (
	"cmp"
	"log/slog"
	"path/filepath"
	"time"

	"warder/internal/store"
)

const databaseFile = "warder.db"

// Where things lie in the data directory.
func (c *Config) exchangeDir() string { return filepath.Join(c.Data, "exchange") }
func (c *Config) eventsDir() string   { return filepath.Join(c.Data, "events") }
func (c *Config) auditDir() string    { return filepath.Join(c.Data, "audit") }
func (c *Config) auditKey() string    { return filepath.Join(c.Data, "audit-key") }

func (c *Config) upgradesDir() string { return filepath.Join(c.Data, "upgrades") }

// backupsDir is where backups go: the configured folder, or one in the data directory.
func (c *Config) backupsDir() string {
	return cmp.Or(c.Backup.Folder, filepath.Join(c.Data, "backups"))
}

func (c *Config) storeOptions(now func() time.Time, log *slog.Logger) (store.Options, error) {
	dsn, err := c.dsn()
	return store.Options{Driver: c.Store.Driver, Path: filepath.Join(c.Data, databaseFile), DSN: dsn,
		Upgrades: c.upgradesDir(), Now: now, Log: log}, err
}

// URL is the address of console and API as the configuration gives it.
func (c *Config) URL() string { return address(c.HTTP.TLS.On(), c.HTTP.Listen) }

func address(secure bool, hostPort string) string {
	if secure {
		return "https://" + hostPort
	}
	return "http://" + hostPort
}
