package correlate

import "time"

// Limits say when alerts are one story. The zero value of a field reads as its
// default.
type Limits struct {
	Window  time.Duration // how far an alert may be from the incident's nearest alert in time; 2 h
	Age     time.Duration // from the first to the last alert of an incident at most; 24 h
	Size    int           // alerts of an incident at most; 500
	Hops    int           // greatest distance in the model that joins; 2
	Fan     int           // an asset with more neighbours is not crossed on the way; 40
	Quiet   int           // this many low alerts that share one thing open an incident; 5
	Reached int           // assets near an alert that are looked at, at most; 400
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	if l.Window == 0 {
		l.Window = 2 * time.Hour
	}
	if l.Age == 0 {
		l.Age = 24 * time.Hour
	}
	def(&l.Size, 500)
	def(&l.Hops, 2)
	def(&l.Fan, 40)
	def(&l.Quiet, 5)
	def(&l.Reached, 400)
	return l
}
