package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"warder/internal/api"
	"warder/web"
)

// App is one Warder. Open makes it, Run serves until its context ends, Close
// closes what Open opened; nothing is served before Run.
type App struct {
	house       *house
	listener    net.Listener
	server      *http.Server
	fingerprint string
}

// Open opens the data directory and the listeners, and composes everything.
func Open(ctx context.Context, cfg Config, version string, log *slog.Logger) (*App, error) {
	return openAt(ctx, cfg, version, log, time.Now)
}

// openAt is Open with a clock.
func openAt(ctx context.Context, cfg Config, version string, log *slog.Logger, now func() time.Time) (_ *App, err error) {
	cfg.Sources = cfg.Sources.WithDefaults()
	h := &house{cfg: cfg, version: version, log: log, now: now}
	a := &App{house: h}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	tlsConfig, fingerprint, err := serverTLS(cfg.HTTP, cfg.Data, h.now())
	if err != nil {
		return nil, err
	}
	a.fingerprint = fingerprint
	var lc net.ListenConfig
	if a.listener, err = lc.Listen(ctx, "tcp", cfg.HTTP.Listen); err != nil {
		return nil, fmt.Errorf("listen for console and API on %s: %w", cfg.HTTP.Listen, err)
	}
	h.closers.add(func() error { return ignoreClosed(a.listener.Close()) })
	h.addresses = h.listeners.addresses()
	h.addresses.HTTP = a.URL()
	handler, err := h.handler()
	if err != nil {
		return nil, err
	}
	a.server = handler.Server(log)
	a.server.TLSConfig = tlsConfig
	a.server.RegisterOnShutdown(h.stream.End)
	return a, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// handler composes the API of every module.
func (h *house) handler() (*api.API, error) {
	console, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("find the console in the program: %w", err)
	}
	return api.New(api.Options{
		Version: h.version, People: h.people, Routes: h.routes(), Console: console, Secure: h.cfg.HTTP.TLS.On(),
		Looks: newViews(h.store.Space("api"), h.now, h.alarm.raise),
		Log:   h.log, Now: h.now,
		Root: []api.RootRoute{
			api.Liveness(h.version),
			api.Readiness(h.modules()),
			h.metrics(),
		},
	})
}

// Close closes what Open opened, in reverse order.
func (a *App) Close() error { return a.house.closers.close() }

// URL is the address of the console.
func (a *App) URL() string {
	host, port, err := net.SplitHostPort(a.house.cfg.HTTP.Listen)
	if err != nil || host == "" {
		host = "localhost"
	}
	if tcp, ok := a.listener.Addr().(*net.TCPAddr); ok {
		port = fmt.Sprint(tcp.Port)
	}
	return address(a.house.cfg.HTTP.TLS.On(), net.JoinHostPort(host, port))
}

// Fingerprint is the SHA-256 of the certificate, empty without TLS.
func (a *App) Fingerprint() string { return a.fingerprint }

// FirstLink makes a one-time link for a first administrator when nobody may sign
// in yet; otherwise it is empty.
func (a *App) FirstLink(ctx context.Context) (string, error) {
	somebody, err := a.house.people.Any(ctx)
	if err != nil || somebody {
		return "", err
	}
	link, err := a.house.people.LinkFor(ctx, "Administrator", api.RoleAdmin)
	return a.URL() + link, err
}
