package source

import (
	"path/filepath"
	"strings"
)

// RelativeTo returns the configuration with every relative path made relative
// to dir, the folder of the configuration file.
func (c Config) RelativeTo(dir string) Config {
	c.MQTT.TLS = c.MQTT.TLS.relativeTo(dir)
	sources := make([]Source, len(c.Sources))
	for i, s := range c.Sources {
		sources[i] = s.relativeTo(dir)
	}
	c.Sources = sources
	return c
}

func (s Source) relativeTo(dir string) Source {
	if s.Syslog != nil {
		v := *s.Syslog
		v.TLS = v.TLS.relativeTo(dir)
		s.Syslog = &v
	}
	if s.Topics != nil {
		v := *s.Topics
		v.Users = make([]User, len(s.Topics.Users))
		for i, u := range s.Topics.Users {
			if path, isFile := strings.CutPrefix(u.Password, "file:"); isFile {
				u.Password = "file:" + under(dir, path)
			}
			v.Users[i] = u
		}
		s.Topics = &v
	}
	if s.Files != nil {
		v := *s.Files
		v.Paths = make([]string, len(s.Files.Paths))
		for i, p := range s.Files.Paths {
			v.Paths[i] = under(dir, p)
		}
		s.Files = &v
	}
	return s
}

func (t TLS) relativeTo(dir string) TLS {
	return TLS{Cert: under(dir, t.Cert), Key: under(dir, t.Key), ClientCA: under(dir, t.ClientCA)}
}

func under(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
