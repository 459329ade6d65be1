package exchange

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Sizes that keep the embedded log small: about 50 MB at work, a few idle.
const (
	cacheBytes    = 8 << 20
	memTableBytes = 16 << 20
	openFiles     = 128
	// apartBytes is from where on a message lies in a file beside the tables.
	// Tables are rewritten as they are merged; a batch of records, which is soon
	// forgotten as a whole, is written once.
	apartBytes = 4 << 10
)

// apart keeps what is large out of the tables. A file of such messages goes when
// all of them were trimmed; it is not rewritten for what is left, but by Purge.
func apart(purging *atomic.Bool) pebble.ValueSeparationPolicy {
	return pebble.ValueSeparationPolicy{
		Enabled: !purging.Load(), MinimumSize: apartBytes, MaxBlobReferenceDepth: 10, TargetGarbageRatio: 1, RewriteMinimumAge: time.Hour,
	}
}

func pebbleOptions(fs vfs.FS, lock *pebble.Lock, purging *atomic.Bool, log *slog.Logger) *pebble.Options {
	logger := pebbleLogger{log}
	o := &pebble.Options{
		FS:                          fs,
		Lock:                        lock,
		FormatMajorVersion:          pebble.FormatNewest, // WAL chunks that tell a torn end from damage
		CacheSize:                   cacheBytes,
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: 4,
		MaxOpenFiles:                openFiles,
		// One damaged table can stop compactions. Writing must go on for long
		// after that, so that people have time to see the alert.
		L0StopWritesThreshold:      1000,
		CompactionConcurrencyRange: func() (lower, upper int) { return 1, 1 },
		Logger:                     logger,
		EventListener: &pebble.EventListener{
			BackgroundError: func(err error) { log.Error("the exchange's database failed in the background", "error", err) },
			// Unset, this ends the program. Damage is the reader's to report.
			DataCorruption: func(info pebble.DataCorruptionInfo) {
				log.Error("the exchange found a damaged file", "path", info.Path, "error", info.Details)
			},
			WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
				log.Warn("the exchange waits for its disk", "reason", info.Reason)
			},
		},
	}
	o.Experimental.ValueSeparationPolicy = func() pebble.ValueSeparationPolicy { return apart(purging) }
	// Batches of records come packed; what else there is, is small.
	o.ApplyCompressionSettings(func() pebble.DBCompressionSettings { return pebble.DBCompressionNone })
	return o
}

// pebbleLogger passes the database's own messages on. Its news about files and
// compactions are of no use to people and are left out.
type pebbleLogger struct{ log *slog.Logger }

func (l pebbleLogger) Infof(string, ...any) {}

func (l pebbleLogger) Errorf(format string, args ...any) {
	l.log.Warn("the exchange's database says", "message", fmt.Sprintf(format, args...))
}

// Fatalf must not return: the caller's state is beyond use. The committer
// recovers; anywhere else the program ends and is started again.
func (l pebbleLogger) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}
