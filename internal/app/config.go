package app

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"

	"warder/internal/app/backup"
	"warder/internal/events"
	"warder/internal/kit/regular"
	"warder/internal/stage/normalise"
	"warder/internal/stage/notify"
	"warder/internal/stage/source"
)

// Config is all that can be set. Every key has a default but data; an unknown
// key or an impossible value is refused, naming the file, the key and what would
// be right.
type Config struct {
	Name      string              `koanf:"name"`  // of the installation, as the console shows it
	Data      string              `koanf:"data"`  // directory that holds everything
	HTTP      HTTPConfig          `koanf:"http"`  //
	Store     StoreConfig         `koanf:"store"` //
	Log       LogConfig           `koanf:"log"`   //
	Rules     RulesConfig         `koanf:"rules"` //
	Sources   source.Config       `koanf:"sources"`
	Mappings  []normalise.Mapping `koanf:"mappings"` // for webhooks and sensors
	Correlate CorrelateConfig     `koanf:"correlate"`
	Notify    notify.Config       `koanf:"notify"`
	Exercise  ExerciseConfig      `koanf:"exercise"`
	Retention events.Retention    `koanf:"retention"` // in days
	Disk      DiskConfig          `koanf:"disk"`
	Backup    backup.Config       `koanf:"backup"`

	file string // that it was read from; empty for none
}

// ExerciseConfig is by whom exercises publish over MQTT, as one of a source's
// users; empty when anonymous clients are let in.
type ExerciseConfig struct {
	MQTTUser         string `koanf:"mqtt_user"`
	MQTTPasswordFile string `koanf:"mqtt_password_file"`
}

// CorrelateConfig says when alerts are one story.
type CorrelateConfig struct {
	Window time.Duration `koanf:"window"` // how far an alert may be from the incident's nearest alert: 2h
	Age    time.Duration `koanf:"age"`    // from the first to the last alert of an incident: 24h
	Size   int           `koanf:"size"`   // alerts of an incident at most: 500
	Hops   int           `koanf:"hops"`   // greatest distance in the hospital model that joins: 2
}

// HTTPConfig is where the API and the console answer.
type HTTPConfig struct {
	Listen string    `koanf:"listen"` // host:port; anything but loopback needs TLS
	TLS    TLSConfig `koanf:"tls"`
}

// TLSConfig names a certificate, or asks for one that Warder makes itself.
type TLSConfig struct {
	Cert       string `koanf:"cert"`        // PEM file
	Key        string `koanf:"key"`         // PEM file
	SelfSigned bool   `koanf:"self_signed"` // made at the first start; its fingerprint is logged
}

// On tells whether TLS is asked for.
func (t TLSConfig) On() bool { return t.SelfSigned || t.Cert != "" }

// StoreConfig chooses the central database.
type StoreConfig struct {
	Driver  string `koanf:"driver"`   // sqlite or postgres
	DSNFile string `koanf:"dsn_file"` // for postgres: a file that holds the connection string
}

// LogConfig says how much Warder writes about itself, and how.
type LogConfig struct {
	Level  string `koanf:"level"`  // debug, info, warn, error
	Format string `koanf:"format"` // text or json
}

// RulesConfig adds detection rules to those that Warder ships.
type RulesConfig struct {
	Folders []string `koanf:"folders"` // of Sigma rules
}

// Defaults is the configuration of an installation that sets nothing: everything
// embedded, everything on loopback.
func Defaults() Config {
	return Config{
		Name:      "Warder",
		HTTP:      HTTPConfig{Listen: "127.0.0.1:8480"},
		Store:     StoreConfig{Driver: "sqlite"},
		Log:       LogConfig{Level: "info", Format: "text"},
		Correlate: CorrelateConfig{Window: 2 * time.Hour, Age: 24 * time.Hour, Size: 500, Hops: 2},
		Retention: events.DefaultRetention(),
		Disk:      DiskConfig{Warn: 10, Reserve: 512},
		Backup:    backup.Defaults(),
	}
}

// largestConfig is more bytes than anybody writes by hand.
const largestConfig = 4 << 20

// LoadConfig reads a configuration file over the defaults; path "" means none.
func LoadConfig(path string) (Config, error) {
	c := Defaults()
	if path == "" {
		return c, nil
	}
	k := koanf.New(".")
	text, err := regular.ReadPath(path, largestConfig)
	if err == nil {
		err = k.Load(rawbytes.Provider(text), yaml.Parser())
	}
	if err != nil {
		return c, fmt.Errorf("read the configuration %s: %w", path, err)
	}
	var unknown mapstructure.Metadata
	var problems []error
	if err := k.UnmarshalWithConf("", &c, decoding(&c, &unknown)); err != nil {
		problems = append(problems, misread(err)...)
	}
	problems = append(problems, unknownKeys(unknown.Unused)...)
	c.file = path
	c.relativeTo(filepath.Dir(path)) // before the validation, which reads the files
	if err := errors.Join(c.Validate()...); err != nil && len(problems) == len(unknown.Unused) {
		problems = append(problems, err) // of what could not be read it would speak wrongly
	}
	return c, errors.Join(lines(path+": ", errors.Join(problems...))...)
}

// Validate returns everything that is impossible, each with what would be right.
func (c *Config) Validate() []error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: "+format, append([]any{key}, args...)...))
	}
	if host, port, err := net.SplitHostPort(c.HTTP.Listen); err != nil {
		bad("http.listen", "%q is no host:port; 127.0.0.1:8480 would be", c.HTTP.Listen)
	} else if _, err := net.LookupPort("tcp", port); err != nil {
		bad("http.listen", "%q is no port; 1 to 65535 would be", port)
	} else if !loopback(host) && !c.HTTP.TLS.On() {
		bad("http.listen", "%q can be reached from other machines, so TLS is needed: set http.tls.cert and http.tls.key, or http.tls.self_signed: true", c.HTTP.Listen)
	}
	if (c.HTTP.TLS.Cert == "") != (c.HTTP.TLS.Key == "") {
		bad("http.tls", "cert and key go together; one of them is missing")
	}
	switch c.Store.Driver {
	case "sqlite":
	case "postgres":
		if c.Store.DSNFile == "" {
			bad("store.dsn_file", "is missing; name a file that holds the connection string, readable by Warder only")
		}
	default:
		bad("store.driver", "%q is unknown; sqlite or postgres would be right", c.Store.Driver)
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		bad("log.level", "%q is unknown; debug, info, warn or error would be right", c.Log.Level)
	}
	if !slices.Contains([]string{"text", "json"}, c.Log.Format) {
		bad("log.format", "%q is unknown; text or json would be right", c.Log.Format)
	}
	errs = append(errs, c.validateFiles()...)
	return append(errs, c.validateParts()...)
}

func (c *Config) validateParts() []error {
	var errs []error
	part := func(key string, found []error) {
		for _, err := range found {
			errs = append(errs, fmt.Errorf("%s.%w", key, err))
		}
	}
	part("sources", c.Sources.Validate())
	part("retention", c.Retention.Validate())
	part("disk", c.Disk.validate())
	part("backup", c.Backup.Validate())
	errs = append(errs, normalise.Config{Mappings: c.Mappings}.Validate()...)
	errs = append(errs, c.validateMapped()...)
	if err := c.Notify.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("notify.%w", err))
	}
	if (c.Exercise.MQTTUser == "") != (c.Exercise.MQTTPasswordFile == "") {
		errs = append(errs, errors.New("exercise: mqtt_user and mqtt_password_file go together; one of them is missing"))
	}
	j := c.Correlate
	if j.Window <= 0 || j.Age < j.Window {
		errs = append(errs, errors.New("correlate: window must be above zero and age not below window; 2h and 24h would be right"))
	}
	if j.Size < 1 || j.Hops < 0 {
		errs = append(errs, errors.New("correlate: size must be at least 1 and hops at least 0; 500 and 2 would be right"))
	}
	return errs
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// dsn reads the connection string of PostgreSQL.
func (c *Config) dsn() (string, error) {
	if c.Store.DSNFile == "" {
		return "", nil
	}
	data, err := regular.ReadPath(c.Store.DSNFile, largestConfig)
	if err != nil {
		return "", fmt.Errorf("read the connection string: %w", err)
	}
	return strings.TrimSpace(string(data)), nil
}
