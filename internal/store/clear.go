package store

import (
	"context"
	"fmt"
	"strings"
)

// Clear empties tables of this space in one transaction, in the order given. It
// is for the removal of demo data; the audit keeps that it happened.
func (sp *Space) Clear(ctx context.Context, by, name string, tables ...string) error {
	for _, t := range tables {
		if !strings.HasPrefix(t, sp.module+"_") {
			return fmt.Errorf("empty table %s: it does not belong to %s", t, sp.module)
		}
	}
	return sp.Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, t := range tables {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+t); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, Entry{By: by, Name: name, Action: "demo.empty", Subject: sp.module})
	})
}
