package app

import (
	"context"

	"warder/internal/exchange"
	"warder/internal/module"
)

// deadLetters shows messages that were set aside, and sends them again.
type deadLetters struct{ log exchange.Log }

type deadInput struct {
	Topic string `path:"topic" maxLength:"50"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type exhumeInput struct {
	Topic string `path:"topic" maxLength:"50"`
	ID    string `path:"id" maxLength:"100"`
}

// Routes are about the exchange: its topics and its dead letters.
func (d deadLetters) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "exchange", Permission: module.ManageInstance}
	}
	return []module.Route{
		module.Handle("GET", "/topics", op("list-topics", "Topics and how far their consumers are"), d.topics),
		module.Handle("GET", "/topics/{topic}/dead", op("list-dead-letters", "Messages that were set aside"), d.list),
		module.Handle("POST", "/topics/{topic}/dead/{id}/replay", op("replay-dead-letter", "Send a message again"), d.replay),
	}
}

func (d deadLetters) topics(ctx context.Context, _ *module.None) (*module.List[exchange.TopicStatus], error) {
	all, err := d.log.Status(ctx)
	return &module.List[exchange.TopicStatus]{Items: all}, err
}

func (d deadLetters) list(ctx context.Context, in *deadInput) (*module.List[exchange.DeadLetter], error) {
	all, err := d.log.Buried(ctx, in.Topic, in.Limit)
	return &module.List[exchange.DeadLetter]{Items: all}, err
}

func (d deadLetters) replay(ctx context.Context, in *exhumeInput) (*module.None, error) {
	return nil, d.log.Exhume(ctx, in.Topic, in.ID)
}
