package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"warder/internal/store"
)

// recordStart writes the start into the audit, with the program's version and a
// fingerprint of each part of the configuration: what is set may name people and
// places, and so does not go there itself. It says which parts are other than at
// the last start.
func (h *house) recordStart(ctx context.Context) error {
	parts, err := fingerprints(h.cfg)
	if err != nil {
		return err
	}
	last, _, err := h.store.AuditLog(ctx, store.AuditQuery{Action: "warder.start", Limit: 1})
	if err != nil {
		return err
	}
	detail := map[string]any{"version": h.version, "configuration": parts}
	if len(last) > 0 {
		before, _ := last[0].Detail["configuration"].(map[string]any)
		changed := []string{}
		for name, now := range parts {
			if before[name] != now {
				changed = append(changed, name)
			}
		}
		slices.Sort(changed)
		detail["changed"] = changed
	}
	return h.store.Space("app").Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: h.now(), Action: "warder.start", Subject: h.cfg.Name, Detail: detail})
	})
}

// fingerprints hashes each part of the configuration under its key.
func fingerprints(cfg Config) (map[string]string, error) {
	v, out := reflect.ValueOf(cfg), map[string]string{}
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("koanf")
		if key == "" { // where it was read from, say
			continue
		}
		data, err := json.Marshal(v.Field(i).Interface())
		if err != nil {
			return nil, fmt.Errorf("take the fingerprint of the configuration's %s: %w", key, err)
		}
		sum := sha256.Sum256(data)
		out[key] = hex.EncodeToString(sum[:8])
	}
	return out, nil
}
