package store

import (
	"context"
	"database/sql"
)

// engine is the small map of what the two databases do not share. Everything
// else in this package, and all SQL of the modules, is one text for both.
type engine struct {
	name string
	// isolation makes a write transaction serialisable: what it read is still
	// true when it commits, or it is run again. SQLite's one writer always is.
	isolation sql.IsolationLevel
	// orderly is run before a transaction's outbox rows are written, and holds
	// other emitters off until it has committed, so that the order of the
	// sequence is the order of the commits. Nothing to do with one writer.
	orderly string
	// nextSeq is the expression that gives an outbox row its place.
	nextSeq string
	// alone keeps other processes from making tables until the transaction ends;
	// nothing where a transaction that writes is alone anyway.
	alone string
	// hasTable asks whether there is a table of a name.
	hasTable string
	// columns lists the tables' columns: table, column, type, in order.
	columns string
	// references lists which table refers to which.
	references string
	// loaded is run after rows came in from elsewhere.
	loaded []string
	// snapshot makes a transaction that reads see one moment to its end.
	snapshot sql.IsolationLevel
	// size asks for the bytes of the whole database.
	size string
	// copyTo writes a copy of the database to a file whose name ends with copyEnds;
	// tryUpgrade applies migrations to another copy.
	copyTo     func(s *Store, ctx context.Context, path string) error
	copyEnds   string
	tryUpgrade func(s *Store, ctx context.Context, known []migration) error
	// setup is run after the migrations, each time, in their transaction.
	setup []string
	// sort tells what a driver's error means.
	sort func(error) sorted
}

// sorted is what an error of a driver means to a caller.
type sorted int

const (
	foreign     sorted = iota // not from the database, or nothing that we tell apart
	again                     // busy or not serialisable: the transaction may be run again
	taken                     // a unique key exists already
	dangling                  // a reference to a row that is not there
	unfit                     // a check that the table makes
	away                      // the database cannot be reached, or is going down
	full                      // no space left
	appendsOnly               // an attempt to change the audit
)

const refusal = "the audit only grows"
