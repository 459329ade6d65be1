package detect

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// keepEvery is how often the counts of rules are written down; a crash loses the
// counts of that long, never an alert.
const keepEvery = 15 * time.Second

// Module lists the rules with what they found, and keeps the counts.
type Module struct {
	board *Board
	space *store.Space
	log   *slog.Logger
	// restored: a task that is started again must not add the kept counts twice.
	restored bool
	writing  sync.Mutex // the table and what was taken of the board for it
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
)

// NewModule returns the module; its table is detect_rule in the space given.
func NewModule(board *Board, space *store.Space, log *slog.Logger) *Module {
	return &Module{board: board, space: space, log: log}
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{Name: "detect", Does: "Finds in events what rules describe, and counts what each rule found."}
}

// Run restores the counts and writes them down from time to time and at the end.
func (m *Module) Run(ctx context.Context) error {
	if !m.restored {
		if err := m.restore(ctx); err != nil {
			return err
		}
		m.restored = true
	}
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			m.keep(last)
			return nil
		case <-tick.C:
			m.keep(ctx)
		}
	}
}

func (m *Module) restore(ctx context.Context) error {
	rows, err := m.space.QueryContext(ctx, `SELECT rule, hits, last_hit FROM detect_rule`)
	if err != nil {
		return fmt.Errorf("read the counts of rules: %w", err)
	}
	defer rows.Close()
	var list []count
	for rows.Next() {
		var c count
		var last int64
		if err := rows.Scan(&c.rule, &c.hits, &last); err != nil {
			return fmt.Errorf("read the counts of rules: %w", err)
		}
		c.last = store.FromMicros(last)
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the counts of rules: %w", err)
	}
	m.board.restore(list)
	return nil
}

// keep writes the changed counts; what fails is written next time, with later
// hits, and the way does not wait for it.
func (m *Module) keep(ctx context.Context) {
	m.writing.Lock()
	defer m.writing.Unlock()
	changed := m.board.take()
	if len(changed) == 0 {
		return
	}
	err := m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range changed {
			_, err := tx.ExecContext(ctx, `INSERT INTO detect_rule (rule, hits, last_hit) VALUES ($1, $2, $3)
				ON CONFLICT (rule) DO UPDATE SET hits = excluded.hits, last_hit = excluded.last_hit`,
				c.rule, c.hits, store.Micros(c.last))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.log.Warn("the counts of rules could not be kept", "error", err)
	}
}

// Routes lists the module's operations.
func (m *Module) Routes() []module.Route {
	return []module.Route{
		module.Handle("GET", "/rules", module.Op{
			ID: "list-rules", Summary: "List the detection rules with what they found",
			Tag: "detection", Permission: module.ReadEvents,
		}, m.list),
	}
}

type listInput struct {
	module.Page
	Status string `query:"status" doc:"only rules of this status" enum:"active,off,error"`
}

func (m *Module) list(_ context.Context, in *listInput) (*module.List[RuleStatus], error) {
	all := m.board.List()
	if in.Status != "" {
		kept := all[:0]
		for _, r := range all {
			if r.Status == in.Status {
				kept = append(kept, r)
			}
		}
		all = kept
	}
	from := 0
	if in.Cursor != "" {
		n, err := strconv.Atoi(in.Cursor)
		if err != nil || n < 0 {
			return nil, fault.New(fault.Invalid, "list rules: the cursor %q is none of ours", in.Cursor)
		}
		from = min(n, len(all))
	}
	limit := in.Limit
	if limit <= 0 {
		limit = 100
	}
	to := min(from+limit, len(all))
	page := &module.List[RuleStatus]{Items: all[from:to], Total: len(all)}
	if to < len(all) {
		page.Next = strconv.Itoa(to)
	}
	return page, nil
}
