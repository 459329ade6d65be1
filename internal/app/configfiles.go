package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"warder/content"
	"warder/internal/stage/normalise"
	"warder/internal/stage/source"
)

// relativeTo makes the paths of a configuration file relative to its folder, and
// writes each in the one way in which paths can be compared.
func (c *Config) relativeTo(dir string) {
	paths := []*string{&c.Data, &c.HTTP.TLS.Cert, &c.HTTP.TLS.Key, &c.Store.DSNFile, &c.Exercise.MQTTPasswordFile, &c.Backup.Folder}
	for i := range c.Rules.Folders {
		paths = append(paths, &c.Rules.Folders[i])
	}
	for i := range c.Notify.Webhooks {
		paths = append(paths, &c.Notify.Webhooks[i].SecretFile)
	}
	for _, p := range paths {
		switch {
		case *p == "":
		case filepath.IsAbs(*p):
			*p = filepath.Clean(*p)
		default:
			*p = filepath.Join(dir, *p)
		}
	}
	c.Sources = c.Sources.RelativeTo(dir)
}

// named is a file or folder that a key names.
type named struct{ key, path, right string }

// files are what the configuration names and Warder only reads. Those of notify
// are not among them: it reads them itself when it is validated.
func (c *Config) files() []named {
	const pem = "name a PEM file that Warder may read"
	all := []named{
		{"http.tls.cert", c.HTTP.TLS.Cert, pem},
		{"http.tls.key", c.HTTP.TLS.Key, pem},
		{"store.dsn_file", c.Store.DSNFile, "name a file that holds the connection string, readable by Warder only"},
		{"exercise.mqtt_password_file", c.Exercise.MQTTPasswordFile, "name a file that holds the password of exercise.mqtt_user"},
	}
	identity := func(key string, t source.TLS) {
		all = append(all, named{key + ".cert", t.Cert, pem}, named{key + ".key", t.Key, pem}, named{key + ".client_ca", t.ClientCA, pem})
	}
	identity("sources.mqtt.tls", c.Sources.MQTT.TLS)
	for i, s := range c.Sources.Sources {
		if s.Syslog != nil {
			identity(fmt.Sprintf("sources.list[%d].syslog.tls", i), s.Syslog.TLS)
		}
		if s.Topics == nil {
			continue
		}
		for j, u := range s.Topics.Users {
			if path, ok := strings.CutPrefix(u.Password, "file:"); ok {
				all = append(all, named{fmt.Sprintf("sources.list[%d].mqtt.users[%d].password", i, j), path, "name a file that holds the password or its hash"})
			}
		}
	}
	return all
}

func (c *Config) validateFiles() []error {
	var errs []error
	for _, f := range c.files() {
		if why := unreadable(f.path, false); f.path != "" && why != "" {
			errs = append(errs, fmt.Errorf("%s: %s %s; %s", f.key, f.path, why, f.right))
		}
	}
	for i, folder := range c.Rules.Folders {
		if why := unreadable(folder, true); why != "" {
			errs = append(errs, fmt.Errorf("rules.folders[%d]: %s %s; name a folder of Sigma rules", i, folder, why))
		}
	}
	return errs
}

// unreadable says why a path cannot be read, "" when it can.
func unreadable(path string, folder bool) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return "is no regular file" // to open a pipe may wait for ever
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read by this user"
	case err != nil:
		return fmt.Sprintf("cannot be read (%v)", err)
	}
	defer f.Close()
	switch info, err := f.Stat(); {
	case err != nil:
		return fmt.Sprintf("cannot be read (%v)", err)
	case info.IsDir() && !folder:
		return "is a folder"
	case !info.IsDir() && folder:
		return "is no folder"
	}
	return ""
}

// validateMapped finds the mappings that sources name and that nobody made: every
// record of such a source would be unreadable.
func (c *Config) validateMapped() []error {
	presets, err := normalise.Presets(content.FS, "mappings")
	if err != nil {
		return []error{err}
	}
	known := slices.Sorted(maps.Keys(normalise.ByName(presets, c.Mappings)))
	var errs []error
	check := func(key, name string) {
		if name != "" && !slices.Contains(known, name) {
			errs = append(errs, fmt.Errorf("%s: there is no mapping %q; %s would be right, or one that mappings describes", key, name, strings.Join(known, ", ")))
		}
	}
	for i, s := range c.Sources.Sources {
		if s.HTTP != nil {
			for j, name := range s.HTTP.Mappings {
				check(fmt.Sprintf("sources.list[%d].http.mappings[%d]", i, j), name)
			}
		}
		if s.Topics != nil {
			for j, t := range s.Topics.Topics {
				check(fmt.Sprintf("sources.list[%d].mqtt.topics[%d].mapping", i, j), t.Mapping)
			}
		}
	}
	return errs
}
