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
	"warder/internal/kit/supervise"
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

// stopTime is how long requests may take to end when Warder stops.
const stopTime = 5 * time.Second

// Open opens the data directory and the listeners, and composes everything.
func Open(ctx context.Context, cfg Config, version string, log *slog.Logger) (_ *App, err error) {
	cfg.Sources = cfg.Sources.WithDefaults()
	h := &house{cfg: cfg, version: version, log: log, now: time.Now}
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
		Log: h.log, Now: h.now,
		Root: []api.RootRoute{
			api.Liveness(h.version),
			api.Readiness(h.modules()),
			h.metrics(),
		},
	})
}

// Run serves until ctx ends, then lets what is under way finish.
func (a *App) Run(ctx context.Context) error {
	tasks := supervise.NewGroup(ctx, a.house.log)
	for _, s := range a.house.way() {
		tasks.Go(s.does, s.run)
	}
	for _, s := range a.house.beside() {
		tasks.Go(s.does, s.run)
	}
	tasks.Go("serve console and API", a.serve)
	if show := a.house.demo.show; show != nil {
		tasks.Go("play the demo", show.run)
	}
	<-ctx.Done()
	a.house.log.Info("Warder stops: it finishes what is under way")
	tasks.Stop()
	return nil
}

func (a *App) serve(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() {
		if a.server.TLSConfig != nil {
			ended <- a.server.ServeTLS(a.listener, "", "")
		} else {
			ended <- a.server.Serve(a.listener)
		}
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("serve console and API: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := a.server.Shutdown(stop); err != nil {
		_ = a.server.Close() // streams last; they are cut when the time is up
	}
	<-ended
	return nil
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
