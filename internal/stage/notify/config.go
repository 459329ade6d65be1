package notify

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"warder/internal/flow"
)

// Config is the part of the configuration about notices.
type Config struct {
	Instance string        `koanf:"instance"` // name of this Warder in what receivers get
	Address  string        `koanf:"address"`  // of the console, for links in notices; may be empty
	Timeout  time.Duration `koanf:"timeout"`  // of one delivery; 0 means 10 s
	Webhooks []Webhook     `koanf:"webhooks"`
}

// Webhook is a receiver of notices.
type Webhook struct {
	Name       string        `koanf:"name"` // its channel is "webhook:<name>"
	URL        string        `koanf:"url"`
	SecretFile string        `koanf:"secret_file"` // holds the secret; white space around it does not count
	Least      flow.Severity `koanf:"least"`       // notices below this severity do not go there
}

// Channel is the webhook's name in notices.
func (w *Webhook) Channel() string { return "webhook:" + w.Name }

// Channels lists where notices go, beside the console.
func (c *Config) Channels() []flow.Channel {
	var out []flow.Channel
	for _, w := range c.Webhooks {
		out = append(out, flow.Channel{Name: w.Channel(), Least: w.Least})
	}
	return out
}

// Validate says everything that is wrong with the settings, and what would be
// right.
func (c *Config) Validate() error {
	var faults []error
	seen := map[string]bool{}
	if c.Timeout < 0 || c.Timeout > time.Minute {
		faults = append(faults, fmt.Errorf("timeout %v: want up to 1m; 10s would be right", c.Timeout))
	}
	for i := range c.Webhooks {
		w := &c.Webhooks[i]
		if err := w.validate(); err != nil {
			faults = append(faults, fmt.Errorf("webhooks[%d]: %w", i, err))
		}
		if seen[w.Name] {
			faults = append(faults, fmt.Errorf("webhooks[%d]: there are two of the name %q", i, w.Name))
		}
		seen[w.Name] = true
	}
	return errors.Join(faults...)
}

func (w *Webhook) validate() error {
	var faults []error
	if ok, _ := regexp.MatchString(`^[a-z0-9][a-z0-9_-]{0,39}$`, w.Name); !ok { // the pattern is right
		faults = append(faults, fmt.Errorf("name %q: want lower-case letters, digits, - and _", w.Name))
	}
	if u, err := url.Parse(w.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		faults = append(faults, errors.New("url: want an http or https address"))
	}
	if w.Least != "" && w.Least.Rank() < 0 {
		faults = append(faults, fmt.Errorf("least %q: want info, low, medium, high or critical", w.Least))
	}
	if _, err := w.secret(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
