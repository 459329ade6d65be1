package correlate

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// cursor is where a page of a list ended: a time and an id.
type cursor struct {
	at int64
	id string
}

func (c cursor) String() string { return strconv.FormatInt(c.at, 10) + "_" + c.id }

func readCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	at, id, _ := strings.Cut(s, "_")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil || id == "" {
		return cursor{}, fault.New(fault.Invalid, "the cursor %q is none of this list", s)
	}
	return cursor{n, id}, nil
}

func (m *Module) get(ctx context.Context, in *ByID) (*flow.Incident, error) {
	c, err := readCase(ctx, m.space, in.ID)
	if err != nil {
		return nil, err
	}
	return &c.Incident, nil
}

type listIn struct {
	module.Page
	Status   string `query:"status" enum:"open,all,new,acknowledged,in-progress,resolved,closed" default:"open" doc:"which incidents; open: those that somebody still has to work on"`
	Exercise string `query:"exercise" enum:"true,false" doc:"only exercises, or only what is real; absent for both"`
	Severity string `query:"severity" enum:"info,low,medium,high,critical" doc:"at least this severe"`
	Site     string `query:"site" doc:"only of this site"`
	Owner    string `query:"owner" doc:"only of this owner"`
	Q        string `query:"q" maxLength:"200" doc:"text to find: number, place, asset, threat, owner"`
	Sort     string `query:"sort" enum:"updated,opened" default:"updated" doc:"what the newest of comes first"`
}

func (m *Module) list(ctx context.Context, in *listIn) (*module.List[flow.Incident], error) {
	after, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	f := filter{}
	f.status(in.Status)
	f.exercise(in.Exercise)
	if s := flow.Severity(in.Severity); s.Rank() > 0 {
		f.add("severity >= ?", s.Rank())
	}
	if in.Site != "" {
		f.add("site = ?", in.Site)
	}
	if in.Owner != "" {
		f.add("owner = ?", in.Owner)
	}
	for _, word := range strings.Fields(strings.ToLower(in.Q)) {
		f.add(`words LIKE ? ESCAPE '!'`, "%"+escaped(word)+"%")
	}
	by := "updated"
	if in.Sort == "opened" {
		by = "opened"
	}
	total, err := f.count(ctx, m.space)
	if err != nil {
		return nil, err
	}
	if after.id != "" {
		f.add(fmt.Sprintf("(%s < ? OR %s = ? AND id < ?)", by, by), after.at, after.at, after.id)
	}
	items, next, err := f.page(ctx, m.space, by, in.limit())
	return &module.List[flow.Incident]{Items: items, Next: next, Total: total}, err
}

func (in *listIn) limit() int { return limitOf(in.Page) }

func limitOf(p module.Page) int {
	if p.Limit <= 0 {
		return 100
	}
	return min(p.Limit, 500)
}

// escaped makes a word literal in LIKE.
func escaped(word string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(word)
}

// filter gathers conditions of a list, with "?" for parameters.
type filter struct {
	where []string
	args  []any
}

func (f *filter) add(condition string, args ...any) {
	for _, a := range args {
		f.args = append(f.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(f.args)), 1)
	}
	f.where = append(f.where, condition)
}

func (f *filter) status(s string) {
	switch s {
	case "all":
	case "open", "":
		f.add("is_open")
	default:
		f.add("status = ?", s)
	}
}

func (f *filter) exercise(s string) {
	switch s {
	case "true":
		f.add("exercise <> ''")
	case "false":
		f.add("exercise = ''")
	}
}

func (f *filter) clause() string {
	if len(f.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.where, " AND ")
}

func (f *filter) count(ctx context.Context, r store.Reader) (int, error) {
	var n int
	err := r.QueryRowContext(ctx, `SELECT count(*) FROM correlate_incident`+f.clause(), f.args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count incidents: %w", err)
	}
	return n, nil
}

func (f *filter) page(ctx context.Context, r store.Reader, by string, limit int) (items []flow.Incident, next string, err error) {
	query := `SELECT ` + by + `, id, body FROM correlate_incident` + f.clause() + ` ORDER BY ` + by + ` DESC, id DESC LIMIT $` + strconv.Itoa(len(f.args)+1)
	items = []flow.Incident{}
	var last cursor
	err = each(ctx, r, query, append(f.args, limit+1), func(scan func(...any) error) error {
		var at cursor
		var body string
		if err := scan(&at.at, &at.id, &body); err != nil {
			return err
		}
		if len(items) == limit {
			next = last.String()
			return nil
		}
		var c Case
		if err := json.Unmarshal([]byte(body), &c); err != nil {
			return err
		}
		items, last = append(items, c.Incident), at
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("list incidents: %w", err)
	}
	return items, next, nil
}
