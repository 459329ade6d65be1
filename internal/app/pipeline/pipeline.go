// Package pipeline shows how the way of events fares, from topic to topic: how
// much comes, how far each consumer lags behind and since when, what was set
// aside, what the disk holds. It lets a person look at what was set aside, mend
// it, send it again or let it go.
//
// Whatever a person does to a dead letter is in the audit before it is done,
// with the letter as it was.
package pipeline

import (
	"context"
	"time"

	"warder/internal/exchange"
	"warder/internal/module"
	"warder/internal/store"
)

// Worker is a consumer of a topic, whoever keeps its cursor.
type Worker struct {
	Name string
	At   func(ctx context.Context) (uint64, error)
}

// Disk tells what a directory takes and what is free beside it, in bytes.
type Disk func() (used, free uint64, err error)

// Options are what a Line is made of.
type Options struct {
	Log     exchange.Log
	Order   []string            // of the topics, along the way; others follow by name
	Workers map[string][]Worker // by topic
	Views   map[string]View     // by topic: how its records are shown; others are shown as text
	Disk    Disk
	Space   *store.Space // for the audit
	Now     func() time.Time
}

// Line is the way of events under watch.
type Line struct {
	o     Options
	meter *meter
}

// New returns the line; Run measures its rates.
func New(o Options) *Line { return &Line{o: o, meter: newMeter()} }

type topicInput struct {
	Topic string `path:"topic" maxLength:"50"`
}

type deadInput struct {
	topicInput
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type letterInput struct {
	topicInput
	ID string `path:"id" maxLength:"120"`
}

// Routes are about the topics and their dead letters.
func (l *Line) Routes() []module.Route {
	op := func(id, summary string, needs module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "exchange", Permission: needs}
	}
	const dead = "/topics/{topic}/dead"
	return []module.Route{
		module.Handle("GET", "/topics", op("list-topics", "Topics, what comes on them and how far their consumers are", module.ReadSources), l.list),
		module.Handle("GET", "/pipeline", op("get-pipeline", "The topics along the way of events, and what the exchange takes on its disk", module.ReadSources), l.pipeline),
		module.Handle("GET", dead, op("list-dead-letters", "Messages that were set aside, newest first", module.ManageInstance), l.dead),
		module.Handle("GET", dead+"/{id}", op("get-dead-letter", "A message that was set aside, and what it says", module.ManageInstance), l.letter),
		module.Handle("POST", dead+"/replay", op("replay-dead-letters", "Send all messages of a topic that were set aside again", module.ManageInstance), l.replayAll),
		module.Handle("POST", dead+"/{id}/replay", op("replay-dead-letter", "Send a message again as it is", module.ManageInstance), l.replay),
		module.Handle("POST", dead+"/{id}/mend", op("mend-dead-letter", "Send a corrected message in the place of one that was set aside", module.ManageInstance), l.mend),
		module.Handle("POST", dead+"/{id}/discard", op("discard-dead-letter", "Let a message go for good, with a reason", module.ManageInstance), l.discard),
	}
}
