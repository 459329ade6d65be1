package backup

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// desk is a module whose clock and disk the test sets.
type desk struct {
	*Module
	now      time.Time
	free     uint64
	troubles []error
}

func newDesk(t *testing.T, c Config) *desk {
	t.Helper()
	s := newSite(t)
	if c.Recipients != nil {
		c.Recipients = []string{s.key.Recipient().String()}
	}
	d := &desk{now: time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC), free: 1 << 40}
	d.Module = New(Options{
		Config: c, Folder: filepath.Join(s.Data, "backups"), Source: s.Source, Space: s.store.Space("backup"),
		Now: func() time.Time { return d.now }, Free: func(string) (uint64, error) { return d.free, nil },
		OnTrouble: func(err error) { d.troubles = append(d.troubles, err) }, Log: slog.New(slog.DiscardHandler),
	})
	return d
}

func (d *desk) names(t *testing.T) (names []string) {
	t.Helper()
	all, err := d.shelf.list()
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range all {
		names = append(names, made.Name)
	}
	return names
}

func TestBackupsAreMadeWhenDue(t *testing.T) {
	d := newDesk(t, Config{Recipients: []string{"the test's"}, Every: 24 * time.Hour, Keep: 2})
	stale := d.shelf.path(d.now) + ".tmp"
	if err := errors.Join(os.MkdirAll(d.shelf.dir, 0o700), os.WriteFile(stale, []byte("of a killed run"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for day := range 4 {
		if !d.due() {
			t.Fatalf("nothing is due on day %d", day)
		}
		d.make(t.Context(), module.Principal{})
		if d.due() {
			t.Fatalf("another one is due on day %d", day)
		}
		if err := d.Check(t.Context()); err != nil {
			t.Error(err)
		}
		d.now = d.now.Add(24 * time.Hour)
	}
	if names := d.names(t); len(names) != 2 || names[0] != "warder-20261125T070000Z.age" {
		t.Errorf("there are %v, want the newest two", names)
	}
	if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what a killed run left stays: %v", err)
	}
	entries, err := os.ReadDir(d.shelf.dir)
	if err != nil || len(entries) != 5 { // with one that is somebody else's
		t.Errorf("%d files for two backups and a foreign one, %v", len(entries), err)
	}
	if len(d.troubles) > 0 {
		t.Errorf("troubles %v", d.troubles)
	}
}

// A backup that fails takes none of the older ones with it, is told, and is
// tried again a while later.
func TestFailureIsToldAndTriedAgain(t *testing.T) {
	d := newDesk(t, Config{Recipients: []string{"the test's"}, Every: 24 * time.Hour, Keep: 1})
	d.make(t.Context(), module.Principal{})
	d.now, d.free = d.now.Add(25*time.Hour), 0
	d.make(t.Context(), module.Principal{})
	if len(d.troubles) != 1 || !strings.Contains(d.troubles[0].Error(), "no room") {
		t.Fatalf("troubles %v", d.troubles)
	}
	if err := d.Check(t.Context()); err == nil {
		t.Error("it calls itself well")
	}
	state, err := d.state(t.Context(), nil)
	if err != nil || len(state.Items) != 1 || !strings.Contains(state.Failed, "no room") {
		t.Errorf("%+v, %v", state, err)
	}
	if d.due() {
		t.Error("it is tried again at once")
	}
	d.now, d.free = d.now.Add(retryAfter), 1<<40
	if !d.due() {
		t.Fatal("it is not tried again")
	}
	d.make(t.Context(), module.Principal{})
	if err := d.Check(t.Context()); err != nil || len(d.names(t)) != 1 {
		t.Errorf("%v, %v", err, d.names(t))
	}
}

func TestOverdueIsTold(t *testing.T) {
	d := newDesk(t, Config{Recipients: []string{"the test's"}, Every: 24 * time.Hour, Keep: 1})
	d.make(t.Context(), module.Principal{})
	d.now = d.now.Add(47 * time.Hour)
	if d.watch(); len(d.troubles) > 0 {
		t.Errorf("troubles %v", d.troubles)
	}
	d.now = d.now.Add(time.Hour)
	if d.watch(); len(d.troubles) != 1 || !strings.Contains(d.troubles[0].Error(), "2026-11-22 07:00 UTC") {
		t.Errorf("troubles %v", d.troubles)
	}
	if d.watch(); len(d.troubles) != 1 {
		t.Errorf("told again at once: %v", d.troubles)
	}
	d.now = d.now.Add(tellEvery)
	if d.watch(); len(d.troubles) != 2 {
		t.Errorf("not told again: %v", d.troubles)
	}
}

func TestWithoutKeyNothingIsMade(t *testing.T) {
	d := newDesk(t, Config{Every: time.Hour, Keep: 1})
	if d.due() {
		t.Error("something is due")
	}
	if err := d.ask(module.Principal{}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asked for: %v", err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Who asks gets one, once, and is named in the audit.
func TestAskedForIsMade(t *testing.T) {
	d := newDesk(t, Config{Recipients: []string{"the test's"}, Keep: 3})
	who := module.Principal{ID: "u1", Name: "Anna"}
	if err := d.ask(who); err != nil {
		t.Fatal(err)
	}
	if err := d.ask(who); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asked twice: %v", err)
	}
	d.make(t.Context(), <-d.Module.asked)
	lines, _, err := d.o.Source.Database.(*store.Store).AuditLog(t.Context(), store.AuditQuery{Action: "backup.make"})
	if err != nil || len(lines) != 1 || lines[0].By != "u1" || lines[0].Subject != d.names(t)[0] {
		t.Errorf("the audit says %+v, %v", lines, err)
	}
	if err := d.ask(who); err != nil {
		t.Errorf("asked again afterwards: %v", err)
	}
}

func TestConfigSaysWhatIsImpossible(t *testing.T) {
	for _, c := range []struct {
		config Config
		says   string
	}{
		{Config{Recipients: []string{"age1nonsense"}, Keep: 1}, "recipients[0]"},
		{Config{Every: time.Second, Keep: 1}, "every: 1s is too often"},
		{Config{Keep: 0}, "keep: at least 1"},
	} {
		if err := errors.Join(c.config.Validate()...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.config, err, c.says)
		}
	}
	if errs := Defaults().Validate(); len(errs) > 0 {
		t.Error(errs)
	}
}

// A clock that was ahead leaves backups of the future: they neither keep new ones
// from being made nor push them out.
func TestClockThatWasAhead(t *testing.T) {
	d := newDesk(t, Config{Recipients: []string{"the test's"}, Every: 24 * time.Hour, Keep: 2})
	now := d.now
	for n := range 2 {
		d.now = now.AddDate(1, n, 0)
		d.make(t.Context(), module.Principal{})
	}
	ahead := d.names(t)
	for day := range 3 {
		d.now = now.AddDate(0, 0, day)
		if !d.due() {
			t.Fatalf("nothing is due on day %d", day)
		}
		if err := d.Check(t.Context()); err != nil {
			t.Error(err)
		}
		d.make(t.Context(), module.Principal{})
		made := filepath.Base(d.shelf.path(d.now))
		if names := d.names(t); len(names) != 2 || !slices.Contains(names, made) {
			t.Fatalf("on day %d there are %v, want two, and %s among them", day, names, made)
		}
		if d.due() {
			t.Fatalf("another one is due on day %d", day)
		}
	}
	for _, name := range ahead {
		if slices.Contains(d.names(t), name) {
			t.Errorf("%s stays and pushes real ones out", name)
		}
	}
	d.now = d.now.Add(48 * time.Hour)
	if d.overdue() == nil {
		t.Error("it is not told that no backup is made")
	}
}
