package events

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// TopQuery asks for the most frequent values of one field, or pairs of values of
// two, among the events that meet a query.
type TopQuery struct {
	Query
	Fields []string // one or two, under the names that the query language uses
	Limit  int      // how many values; 0 means 10
}

// Top is which values were the most frequent. Case does not matter: of the
// spellings of a value the first in the order of text is shown.
type Top struct {
	Fields   []string   `json:"fields" doc:"the fields, as the query language names them"`
	Values   []TopValue `json:"values" doc:"the most frequent first"`
	Total    int        `json:"total" doc:"how many events were looked at"`
	Without  int        `json:"without" doc:"how many of them have no value of a field"`
	Distinct int        `json:"distinct" doc:"how many different values there are, as far as they were counted"`
	// Approximate says that there were more different values than are counted: those
	// that came late are missing, and the others are exact.
	Approximate bool `json:"approximate,omitempty" doc:"more different values than are counted; what is shown is exact and a value may be missing"`
	Cut         *Cut `json:"cut,omitempty" doc:"why not everything was counted, and back to when it was"`
	Damaged     int  `json:"damaged,omitempty" doc:"damaged segments, whose events are not counted"`
}

// TopValue is one value, or pair of values, and how many events have it.
type TopValue struct {
	Values []string `json:"values" doc:"one for each field"`
	Count  int      `json:"count"`
}

// Bounds of what is counted and shown.
const (
	defaultTop = 10
	mostTop    = 1000
	mostValues = 1_000_000
)

// Top counts values. An event with several values of a field counts once for each.
func (s *Store) Top(ctx context.Context, q TopQuery) (Top, error) {
	if len(q.Fields) < 1 || len(q.Fields) > 2 || slices.Contains(q.Fields, "") {
		return Top{}, fault.New(fault.Invalid, "values of one field or two can be counted, and %d were named", len(q.Fields))
	}
	if q.Limit <= 0 {
		q.Limit = defaultTop
	}
	c := &reckoning{most: cmp.Or(q.Budget.Values, mostValues), counts: map[uint64]int{}}
	t := Top{}
	for _, name := range q.Fields {
		f := query.NewField(name)
		c.fields = append(c.fields, &ranked{field: f, ids: map[string]int32{}})
		t.Fields = append(t.Fields, f.Name())
	}
	if err := s.tally(ctx, q.Query, &t.Damaged, &t.Cut, c); err != nil {
		return Top{}, err
	}
	t.Total, t.Without, t.Approximate = c.total, c.without, c.full
	t.Values, t.Distinct = c.foremost(min(q.Limit, mostTop))
	return t, nil
}

// reckoning counts values by numbers that stand for them.
type reckoning struct {
	mu      sync.Mutex
	fields  []*ranked
	singles []int          // one field: by the value's number
	counts  map[uint64]int // two fields: by both numbers
	most    int
	full    bool
	total   int
	without int
}

// ranked gives the values of a field numbers.
type ranked struct {
	field query.Field
	ids   map[string]int32 // folded -> number
	shown []string
}

// number returns that of a value; -1 when there are too many.
func (r *ranked) number(value string, most int) int32 {
	folded := query.Fold(value)
	id, ok := r.ids[folded]
	switch {
	case ok && value < r.shown[id]:
		r.shown[id] = value
	case !ok && len(r.shown) >= most:
		return -1
	case !ok:
		id = int32(len(r.shown))
		r.ids[folded] = id
		r.shown = append(r.shown, value)
	}
	return id
}

func (c *reckoning) event(e *flow.Event) {
	var lists [2][]int32
	for i, f := range c.fields {
		for _, value := range f.field.Values(e) {
			lists[i] = append(lists[i], f.number(value, c.most))
		}
	}
	c.add(lists[:len(c.fields)])
}

// add counts one event by the numbers of its values.
func (c *reckoning) add(lists [][]int32) {
	c.total++
	if len(lists[0]) == 0 || len(lists[len(lists)-1]) == 0 {
		c.without++
		return
	}
	for _, a := range lists[0] {
		if len(lists) == 1 {
			c.single(a, 1)
			continue
		}
		for _, b := range lists[1] {
			c.pair(a, b)
		}
	}
}

func (c *reckoning) single(id int32, n int) {
	if id < 0 {
		c.full = true
		return
	}
	for int(id) >= len(c.singles) {
		c.singles = append(c.singles, 0)
	}
	c.singles[id] += n
}

func (c *reckoning) pair(a, b int32) {
	key := uint64(uint32(a))<<32 | uint64(uint32(b))
	if len(c.counts) < c.most && a >= 0 && b >= 0 {
		c.counts[key]++
		return
	}
	if n, ok := c.counts[key]; ok {
		c.counts[key] = n + 1
		return
	}
	c.full = true
}

// rows counts those of a group: each different value is looked up once.
func (c *reckoning) rows(g *group, m mask) error {
	columns := make([]*texts, len(c.fields))
	for i, f := range c.fields {
		var err error
		if columns[i], err = g.values(f.field, m); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	numbers := make([][]int32, len(columns))
	for i, t := range columns {
		numbers[i] = slices.Repeat([]int32{unnumbered}, len(t.values))
	}
	number := func(field int, place int32) int32 {
		if id := numbers[field][place]; id != unnumbered {
			return id
		}
		id := c.fields[field].number(columns[field].values[place], c.most)
		numbers[field][place] = id
		return id
	}
	switch {
	case columns[0].starts == nil && len(columns) == 1:
		c.column(columns[0], m, number)
	case columns[0].starts == nil && columns[1].starts == nil:
		c.columns(columns, m, number)
	default:
		c.lists(columns, m, number)
	}
	return nil
}

const unnumbered = -2

// column counts a field that has one value at most, by place first.
func (c *reckoning) column(t *texts, m mask, number func(int, int32) int32) {
	counts := make([]int, len(t.values)+1)
	for row, meets := range m {
		if meets {
			counts[t.places[row]+1]++
		}
	}
	c.without += counts[0]
	for place, n := range counts {
		c.total += n
		if place > 0 && n > 0 {
			c.single(number(0, int32(place-1)), n)
		}
	}
}

func (c *reckoning) columns(t []*texts, m mask, number func(int, int32) int32) {
	for row, meets := range m {
		if !meets {
			continue
		}
		c.total++
		a, b := t[0].places[row], t[1].places[row]
		if a < 0 || b < 0 {
			c.without++
			continue
		}
		c.pair(number(0, a), number(1, b))
	}
}

func (c *reckoning) lists(t []*texts, m mask, number func(int, int32) int32) {
	numbers := make([][]int32, len(t))
	for row, meets := range m {
		if !meets {
			continue
		}
		for i := range t {
			numbers[i] = numbers[i][:0]
			t[i].row(row, func(place int32) bool {
				if id := number(i, place); !slices.Contains(numbers[i], id) {
					numbers[i] = append(numbers[i], id)
				}
				return false
			})
		}
		c.add(numbers)
	}
}

// foremost returns the most frequent values, those of one number in the order of
// text, and how many different there are.
func (c *reckoning) foremost(limit int) ([]TopValue, int) {
	all := make([]TopValue, 0, len(c.singles)+len(c.counts))
	for id, n := range c.singles {
		if n > 0 {
			all = append(all, TopValue{Values: []string{c.fields[0].shown[id]}, Count: n})
		}
	}
	for pair, n := range c.counts {
		all = append(all, TopValue{Values: []string{c.fields[0].shown[pair>>32], c.fields[1].shown[uint32(pair)]}, Count: n})
	}
	slices.SortFunc(all, func(a, b TopValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), slices.Compare(a.Values, b.Values))
	})
	return all[:min(limit, len(all))], len(all)
}
