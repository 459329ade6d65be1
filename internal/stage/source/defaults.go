package source

import "time"

// WithDefaults returns the configuration with every absent value filled in.
func (c Config) WithDefaults() Config {
	c.Limits = c.Limits.withDefaults()
	c.MQTT = c.MQTT.WithDefaults()
	sources := make([]Source, len(c.Sources))
	for i, s := range c.Sources {
		sources[i] = s.withDefaults()
	}
	c.Sources = sources
	return c
}

// WithDefaults returns the broker with every absent value filled in.
func (b Broker) WithDefaults() Broker {
	b.Connections = or(b.Connections, 1024)
	b.Inflight = or(b.Inflight, 256)
	b.Connect = or(b.Connect, 10*time.Second)
	return b
}

func (l Limits) withDefaults() Limits {
	l.Record = or(l.Record, 1<<20)
	l.Pending = or(l.Pending, 64<<20)
	l.Body = or(l.Body, 64<<20)
	l.Keys = or(l.Keys, 16384)
	return l
}

func (s Source) withDefaults() Source {
	if s.Syslog != nil {
		v := *s.Syslog
		v.Connections = or(v.Connections, 512)
		v.Idle = or(v.Idle, time.Hour)
		v.Finish = or(v.Finish, 30*time.Second)
		v.Buffer = or(v.Buffer, 8<<20)
		s.Syslog = &v
	}
	if s.Files != nil {
		v := *s.Files
		v.Start = or(v.Start, StartBeginning)
		v.Poll = or(v.Poll, time.Second)
		v.Linger = or(v.Linger, 10*time.Second)
		s.Files = &v
	}
	return s
}

// Where to begin in a file never seen.
const (
	StartBeginning = "beginning"
	StartEnd       = "end"
)

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
