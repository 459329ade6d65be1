package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"warder/internal/api"
	"warder/internal/capability/exercise"
	"warder/internal/kit/mqttpub"
)

// exerciseLife is how long the token lives with which an exercise sends.
const exerciseLife = 26 * time.Hour

// exerciseTargets are this instance's own listeners, for scenarios to be played
// through.
func (h *house) exerciseTargets(ctx context.Context) (exercise.Targets, error) {
	token, err := h.people.MakeToken(ctx, "exercise", api.RoleSender, exerciseLife)
	if err != nil {
		return exercise.Targets{}, err
	}
	t := exercise.Targets{
		SyslogUDP: h.addresses.SyslogUDP, SyslogTCP: h.addresses.SyslogTCP,
		MQTT: mqttpub.Options{Address: h.addresses.MQTT, ClientID: "warder-exercise", User: h.cfg.Exercise.MQTTUser},
		HTTP: h.addresses.HTTP, Token: token.Secret, Client: &http.Client{Timeout: time.Minute},
	}
	if h.cfg.HTTP.TLS.On() {
		// Warder speaks to itself over loopback; its certificate may be for
		// another name.
		t.Client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}}
	}
	if file := h.cfg.Exercise.MQTTPasswordFile; file != "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			return t, fmt.Errorf("read the password for exercises: %w", err)
		}
		t.MQTT.Password = strings.TrimSpace(string(secret))
	}
	return t, nil
}
