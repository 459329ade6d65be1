// Package module says what a capability must be for the program to carry it.
//
// Life of a module: its constructor is handed everything it may touch; Run works
// until its context ends and then returns nil; whatever the constructor opened
// is closed by whoever called it, on the line after construction. A module
// without a writer for a topic cannot write it, and each table has one writing
// module. Optional roles are one-method interfaces, found by type assertion and
// guarded at compile time where a module means to have them.
package module

import "context"

// Module is a part of the program with a life of its own.
type Module interface {
	Manifest() Manifest
	Run(ctx context.Context) error
}

// Manifest is what a module says about itself.
type Manifest struct {
	Name string
	Does string // one sentence, for people
	// Personal names the personal data that the module keeps, for how long and why.
	Personal []PersonalData
}

// PersonalData is one kind of personal data that a module keeps.
type PersonalData struct {
	What string
	Why  string
	Kept string // for how long, in words
}

// Router is the role of a module that answers over HTTP.
type Router interface {
	Routes() []Route
}

// Checker is the role of a module that can say whether it works.
type Checker interface {
	// Check returns nil, or what is wrong and what to do about it.
	Check(ctx context.Context) error
}

// Eraser is the role of a module that keeps personal data of its own.
type Eraser interface {
	// Erase removes what the module keeps about the person and returns how many
	// records that were.
	Erase(ctx context.Context, person string) (int, error)
}

// Emptier is the role of a module that keeps what came of a demo hospital: its
// incidents, events, plans.
type Emptier interface {
	// Empty removes everything that the module keeps about the hospital and its
	// events. Settings, people and the audit stay.
	Empty(ctx context.Context) error
}
