package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/stage/source"
	"warder/internal/stage/source/follow"
	"warder/internal/stage/source/mqtt"
	"warder/internal/stage/source/syslog"
)

// listeners are the sockets and files that sources speak through, but for HTTP,
// which is a route.
type listeners struct {
	syslog []*syslog.Server
	broker *mqtt.Broker // nil when no source needs it
	files  []*follow.Follower
}

// listen opens what the configuration asks for; the listeners accept once run.
func listen(ctx context.Context, sources *source.Module, c source.Config, log *slog.Logger) (*listeners, error) {
	l := &listeners{}
	for _, in := range sources.Inlets(source.KindSyslog) {
		s, err := syslog.Listen(ctx, in, log)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.syslog = append(l.syslog, s)
	}
	if c.MQTT.TCP != "" || c.MQTT.TLSAddress != "" {
		b, err := mqtt.Listen(ctx, mqtt.Options{Config: c.MQTT, Inlets: sources.Inlets(source.KindMQTT), Log: log})
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.broker = b
	}
	for _, in := range sources.Inlets(source.KindFile) {
		l.files = append(l.files, follow.New(follow.Options{Inlet: in, Cursors: sources, Now: time.Now, Log: log}))
	}
	return l, nil
}

// run serves every listener until ctx ends.
func (l *listeners) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, s := range l.syslog {
		g.Go(func() error { return s.Run(ctx) })
	}
	if l.broker != nil {
		g.Go(func() error { return l.broker.Run(ctx) })
	}
	for _, f := range l.files {
		g.Go(func() error { return f.Run(ctx) })
	}
	return g.Wait()
}

func (l *listeners) close() error {
	var errs []error
	for _, s := range l.syslog {
		errs = append(errs, s.Close())
	}
	if l.broker != nil {
		errs = append(errs, l.broker.Close())
	}
	return errors.Join(errs...)
}

// addresses are where real systems, the demo and exercises send to; empty for none.
type addresses struct {
	SyslogUDP string `json:"syslog_udp,omitempty"`
	SyslogTCP string `json:"syslog_tcp,omitempty"`
	MQTT      string `json:"mqtt,omitempty"`
	HTTP      string `json:"http"`
}

func (l *listeners) addresses() addresses {
	var a addresses
	for _, s := range l.syslog {
		if a.SyslogUDP == "" {
			a.SyslogUDP = text(s.UDPAddr())
		}
		if a.SyslogTCP == "" {
			a.SyslogTCP = text(s.TCPAddr())
		}
	}
	if l.broker != nil {
		a.MQTT = text(l.broker.Addr())
	}
	return a
}

func text(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}
