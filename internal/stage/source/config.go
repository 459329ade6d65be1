package source

import (
	"time"

	"warder/internal/flow"
)

// Config is the part of the configuration that says what comes in: the list
// `sources`, and the limits that all of them share.
type Config struct {
	Limits  Limits   `koanf:"limits"`
	MQTT    Broker   `koanf:"mqtt"`
	Sources []Source `koanf:"list"`
}

// Limits bound what all sources together may take.
type Limits struct {
	Record  int64 `koanf:"record"`  // most bytes of one record: 1 MiB
	Pending int64 `koanf:"pending"` // most bytes accepted but not yet durable: 64 MiB
	Body    int64 `koanf:"body"`    // most bytes of one HTTP body after decompression: 64 MiB
	Keys    int   `koanf:"keys"`    // remembered keys of senders, for each source: 16384
}

// Kind is the protocol that a source speaks.
type Kind string

// The kinds.
const (
	KindSyslog Kind = "syslog"
	KindHTTP   Kind = "http"
	KindMQTT   Kind = "mqtt"
	KindFile   Kind = "file"
)

// Source is one configured source. Exactly the part that its kind names is set.
type Source struct {
	ID     string        `koanf:"id"`
	Kind   Kind          `koanf:"kind"`
	Name   string        `koanf:"name"`   // for people; the id when empty
	Expect time.Duration `koanf:"expect"` // longest ordinary silence; 0 = none expected
	Site   string        `koanf:"site"`   // asset id of the site that it belongs to
	Asset  string        `koanf:"asset"`  // asset id of the system that speaks, when the model has it

	Syslog *Syslog `koanf:"syslog"`
	HTTP   *HTTP   `koanf:"http"`
	Topics *Topics `koanf:"mqtt"`
	Files  *Files  `koanf:"file"`
}

// Title is the source's name for people.
func (s Source) Title() string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}

// TLS names the files of a listener's identity.
type TLS struct {
	Cert     string `koanf:"cert"`      // PEM file: certificate and chain
	Key      string `koanf:"key"`       // PEM file: private key
	ClientCA string `koanf:"client_ca"` // PEM file; when set, senders must show a certificate of it
}

// Syslog is a source of RFC 5424 and RFC 3164 messages. An empty address means
// no such listener.
type Syslog struct {
	UDP         string        `koanf:"udp"`         // RFC 5426: host:port
	TCP         string        `koanf:"tcp"`         // RFC 6587: host:port
	TLSAddress  string        `koanf:"tls_address"` // RFC 5425: host:port
	TLS         TLS           `koanf:"tls"`
	Connections int           `koanf:"connections"` // most at a time on each listener: 512
	Idle        time.Duration `koanf:"idle"`        // a connection that says nothing is closed: 1h
	Finish      time.Duration `koanf:"finish"`      // longest time from a message's first byte to its last: 30s
	Buffer      int           `koanf:"buffer"`      // bytes asked for as UDP receive buffer: 8 MiB
}

// HTTP is a source that posts to the ingest route.
type HTTP struct {
	Formats  []flow.Format `koanf:"formats"`  // ndjson, suricata, webhook
	Mappings []string      `koanf:"mappings"` // for webhook: names of mappings
}

// Broker is the MQTT broker that all mqtt sources share; both addresses empty
// means that there is none.
type Broker struct {
	TCP         string        `koanf:"tcp"`         // host:port
	TLSAddress  string        `koanf:"tls_address"` // host:port
	TLS         TLS           `koanf:"tls"`
	Anonymous   bool          `koanf:"anonymous"`   // let clients in without a name; loopback addresses only
	Connections int           `koanf:"connections"` // most clients at a time: 1024
	Inflight    int           `koanf:"inflight"`    // most messages of one client that wait for their PUBACK: 256
	Connect     time.Duration `koanf:"connect"`     // longest time to a complete CONNECT: 10s
}

// Topics is a source that publishes over MQTT.
type Topics struct {
	Users     []User  `koanf:"users"`
	Anonymous bool    `koanf:"anonymous"` // clients without a name belong to this source
	Topics    []Topic `koanf:"topics"`
	// Ignore lists topic filters that the source may publish to and that are
	// acknowledged and not kept: what a system says for others.
	Ignore []string `koanf:"ignore"`
}

// User is one MQTT identity of a source.
type User struct {
	Name string `koanf:"name"`
	// Password is "argon2id$..." in PHC form, "sha256:<hex>" for long random
	// secrets, or "file:<path>" of a file that holds either or the secret itself.
	Password string `koanf:"password"`
}

// Topic says how messages of topics that match a filter are read.
type Topic struct {
	Filter  string      `koanf:"filter"`
	Format  flow.Format `koanf:"format"`  // frigate, sensor, ndjson, suricata, webhook
	Mapping string      `koanf:"mapping"` // for sensor and webhook
}

// Files is a source whose files are followed.
type Files struct {
	Paths  []string      `koanf:"paths"`  // files or globs
	Format flow.Format   `koanf:"format"` // suricata, ndjson, syslog
	Start  string        `koanf:"start"`  // where to begin in a file never seen: "beginning" (default) or "end"
	Poll   time.Duration `koanf:"poll"`   // longest time until growth is noticed: 1s
	// Linger is how long a file that was rotated away is still read after its
	// last growth: writers keep it open for a while: 10s.
	Linger time.Duration `koanf:"linger"`
}
