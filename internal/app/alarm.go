package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/id"
)

// alarm makes alerts of Warder's own troubles, so that a person learns of them
// in the queue like of anything else.
type alarm struct {
	alerts exchange.Publisher[flow.Alert]
	queue  chan error
	now    func() time.Time
	log    *slog.Logger
}

// waiting is how many troubles may wait for their alert. More at once say
// nothing new: the rest is in the log only.
const waiting = 64

func newAlarm(alerts exchange.Publisher[flow.Alert], now func() time.Time, log *slog.Logger) *alarm {
	return &alarm{alerts: alerts, queue: make(chan error, waiting), now: now, log: log}
}

// raise takes note of a trouble; it never blocks.
func (a *alarm) raise(err error) {
	if err == nil {
		return
	}
	a.log.Error("Warder is impaired", "error", err)
	select {
	case a.queue <- err:
	default:
	}
}

// run publishes an alert for each trouble until ctx ends. The same trouble in
// the same hour is one alert.
func (a *alarm) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-a.queue:
			if _, err := a.alerts.Publish(ctx, "warder", a.alert(err)); err != nil && ctx.Err() == nil {
				return fmt.Errorf("publish an alert about Warder itself: %w", err)
			}
		}
	}
}

func (a *alarm) alert(err error) flow.Alert {
	at := a.now().UTC()
	return flow.Alert{
		ID:   id.Derive("al", "warder.pipeline", err.Error(), at.Truncate(time.Hour).Format(time.RFC3339)),
		Rule: "warder.pipeline", Detector: "health",
		Text:   flow.Text{Code: "alert.pipeline", Params: map[string]string{"error": err.Error()}},
		Threat: flow.ThreatPipeline, Severity: flow.SeverityHigh, Time: at, Received: at, Source: "warder", Events: []string{},
	}
}

// watched is the exchange with an eye on it: damage and dead letters raise an
// alarm, whoever met them.
type watched struct {
	exchange.Log
	alarm *alarm
}

// Read is the log's, with damage reported.
func (w watched) Read(ctx context.Context, topic string, after uint64, most, bytes int) ([]exchange.Message, error) {
	msgs, err := w.Log.Read(ctx, topic, after, most, bytes)
	if errors.Is(err, exchange.ErrDamaged) {
		w.alarm.raise(err)
	}
	return msgs, err
}

// Bury is the log's, with the dead letter reported.
func (w watched) Bury(ctx context.Context, topic, consumer string, m exchange.Message, reason string) error {
	w.alarm.raise(fmt.Errorf("message %d of topic %s was set aside by %s: %s", m.Offset, topic, consumer, reason))
	return w.Log.Bury(ctx, topic, consumer, m, reason)
}
