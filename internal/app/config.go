package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

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
	}
}

// LoadConfig reads a configuration file over the defaults; path "" means none.
func LoadConfig(path string) (Config, error) {
	c := Defaults()
	if path == "" {
		return c, nil
	}
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return c, fmt.Errorf("read the configuration %s: %w", path, err)
	}
	var unknown mapstructure.Metadata
	err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &c, TagName: "koanf", Metadata: &unknown,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(readDuration, mapstructure.TextUnmarshallerHookFunc()),
	}})
	if err != nil {
		return c, fmt.Errorf("read the configuration %s: %w", path, err)
	}
	problems := unknownKeys(path, unknown.Unused)
	for _, err := range c.Validate() {
		problems = append(problems, fmt.Errorf("%s: %w", path, err))
	}
	c.relativeTo(filepath.Dir(path))
	return c, errors.Join(problems...)
}

// readDuration turns text into durations, with a better word than the library's
// for what is none.
func readDuration(_, to reflect.Type, value any) (any, error) {
	text, ok := value.(string)
	if !ok || to != reflect.TypeFor[time.Duration]() {
		return value, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no duration; 90s, 10m or 2h would be", text)
	}
	return d, nil
}

// Validate returns everything that is impossible, each with what would be right.
func (c *Config) Validate() []error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: "+format, append([]any{key}, args...)...))
	}
	if host, _, err := net.SplitHostPort(c.HTTP.Listen); err != nil {
		bad("http.listen", "%q is no host:port; 127.0.0.1:8480 would be", c.HTTP.Listen)
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
	part("mappings", normalise.Config{Mappings: c.Mappings}.Validate())
	if err := c.Notify.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("notify.%w", err))
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

// relativeTo makes the paths of a configuration file relative to its folder.
func (c *Config) relativeTo(dir string) {
	for _, p := range []*string{&c.Data, &c.HTTP.TLS.Cert, &c.HTTP.TLS.Key, &c.Store.DSNFile, &c.Exercise.MQTTPasswordFile} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	for i, f := range c.Rules.Folders {
		if !filepath.IsAbs(f) {
			c.Rules.Folders[i] = filepath.Join(dir, f)
		}
	}
	c.Sources = c.Sources.RelativeTo(dir)
}

// unknownKeys says of each key that nothing reads which one was probably meant.
func unknownKeys(path string, unused []string) []error {
	known := keysOf(reflect.TypeFor[Config](), "")
	slices.Sort(unused)
	var errs []error
	for _, key := range unused {
		hint := "docs/reference/configuration.md lists every key"
		if near := nearest(plain(key), known); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		errs = append(errs, fmt.Errorf("%s: %s: there is no such key; %s", path, key, hint))
	}
	return errs
}

// plain takes list indexes out of a key: sources[2].listen becomes sources.listen.
func plain(key string) string {
	for {
		open, end := strings.IndexByte(key, '['), strings.IndexByte(key, ']')
		if open < 0 || end < open {
			return key
		}
		key = key[:open] + key[end+1:]
	}
}

// keysOf lists every key of a configuration type, dotted.
func keysOf(t reflect.Type, prefix string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("koanf"), ",")
		if name == "" {
			continue
		}
		keys = append(keys, prefix+name)
		keys = append(keys, keysOf(t.Field(i).Type, prefix+name+".")...)
	}
	return keys
}

// nearest returns the known key within a third of the letters, or "".
func nearest(key string, known []string) string {
	best, least := "", len(key)/3+1
	for _, k := range known {
		if d := distance(key, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// dsn reads the connection string of PostgreSQL.
func (c *Config) dsn() (string, error) {
	if c.Store.DSNFile == "" {
		return "", nil
	}
	data, err := os.ReadFile(c.Store.DSNFile)
	if err != nil {
		return "", fmt.Errorf("read the connection string: %w", err)
	}
	return strings.TrimSpace(string(data)), nil
}
