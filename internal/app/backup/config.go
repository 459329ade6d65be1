package backup

import (
	"errors"
	"fmt"
	"time"
)

// Config says for whom, where and when backups are made.
type Config struct {
	Recipients []string      `koanf:"recipients"` // public halves of recovery keys; without any no backup is made
	Folder     string        `koanf:"folder"`     // empty means backups in the data directory
	Every      time.Duration `koanf:"every"`      // 24h; 0 for by hand only
	Keep       int           `koanf:"keep"`       // how many stay: 7
}

// Defaults makes a backup a day, once there is a recipient.
func Defaults() Config { return Config{Every: 24 * time.Hour, Keep: 7} }

// Validate returns everything that is impossible.
func (c Config) Validate() (errs []error) {
	for i, text := range c.Recipients {
		if _, err := Recipients([]string{text}); err != nil {
			errs = append(errs, fmt.Errorf("recipients[%d]: %w", i, err))
		}
	}
	if c.Every != 0 && c.Every < time.Minute {
		errs = append(errs, fmt.Errorf("every: %s is too often; 24h would be right, or 0 for by hand only", c.Every))
	}
	if c.Keep < 1 {
		errs = append(errs, errors.New("keep: at least 1 backup stays; 7 would be right"))
	}
	return errs
}
