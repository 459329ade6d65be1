package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
)

// Document is the OpenAPI document of a Warder with its default configuration.
func Document(ctx context.Context, version string) (doc []byte, err error) {
	err = throwAway(ctx, version, func(h *house) error {
		handler, err := h.handler()
		if err != nil {
			return err
		}
		doc, err = handler.Document()
		return err
	})
	return doc, err
}

// throwAway composes a Warder in a folder of its own, which is removed again.
func throwAway(ctx context.Context, version string, do func(*house) error) (err error) {
	dir, err := os.MkdirTemp("", "warder-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	a, err := Open(ctx, DemoConfig(dir, "127.0.0.1:0"), version, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return do(a.house)
}
