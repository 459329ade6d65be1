package detect

import (
	"slices"
	"time"
)

// DaysKept is for how many days it is known what each rule found on each.
const DaysKept = 14

// dayTally is what a rule found on one day.
type dayTally struct {
	day            int64 // days since 1970-01-01 on the site's calendar
	hits, excepted int64
}

// dayNumber numbers the calendar day of a zone that a time falls on.
func dayNumber(at time.Time, zone *time.Location) int64 {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// dayName writes a day as people do: 2026-11-22.
func dayName(day int64) string { return time.Unix(day*86400, 0).UTC().Format(time.DateOnly) }

// on gives the tally of a day, making room for it. What is counted for a day that
// is no longer kept is counted for nobody.
func (t *tally) on(day int64) *dayTally {
	at, found := slices.BinarySearchFunc(t.days, day, func(d dayTally, day int64) int { return int(d.day - day) })
	if !found {
		t.days = slices.Insert(t.days, at, dayTally{day: day})
		if len(t.days) > DaysKept {
			t.days = slices.Delete(t.days, 0, 1)
			if at--; at < 0 {
				return &dayTally{}
			}
		}
	}
	if t.changed == nil {
		t.changed = map[int64]bool{}
	}
	t.changed[day] = true
	return &t.days[at]
}

// HitsDay is what was found on one day of the site.
type HitsDay struct {
	Day  string `json:"day" format:"date"`
	Hits int64  `json:"hits"`
}

// perDay gives the last days up to today, oldest first, those without a hit too.
func (t *tally) perDay(today int64) []HitsDay {
	list := make([]HitsDay, DaysKept)
	for i := range list {
		list[i].Day = dayName(today - DaysKept + 1 + int64(i))
	}
	for _, d := range t.days {
		if i := d.day - today + DaysKept - 1; i >= 0 && i < DaysKept {
			list[i].Hits = d.hits
		}
	}
	return list
}
