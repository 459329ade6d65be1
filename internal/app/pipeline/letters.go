package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Letter is a message that was set aside.
type Letter struct {
	ID       string          `json:"id"`
	Topic    string          `json:"topic"`
	Consumer string          `json:"consumer" doc:"who could not handle it"`
	Offset   uint64          `json:"offset"`
	Key      string          `json:"key,omitempty"`
	Reason   string          `json:"reason"`
	Buried   time.Time       `json:"buried" doc:"when it was set aside"`
	Size     int             `json:"size" doc:"bytes"`
	Shown    json.RawMessage `json:"shown,omitempty" doc:"what it says; absent in lists, and when it cannot be read"`
	Text     string          `json:"text,omitempty" doc:"what can be shown of it when it cannot be read"`
	Problem  string          `json:"problem,omitempty" doc:"why it cannot be read"`
}

func (l *Line) dead(ctx context.Context, in *deadInput) (*module.List[Letter], error) {
	all, err := l.o.Log.Buried(ctx, in.Topic, in.Limit)
	if err != nil {
		return nil, err
	}
	list := make([]Letter, len(all))
	for i, d := range all {
		list[i] = outline(d)
	}
	return &module.List[Letter]{Items: list}, nil
}

func outline(d exchange.DeadLetter) Letter {
	return Letter{ID: d.ID, Topic: d.Topic, Consumer: d.Consumer, Offset: d.Offset, Key: d.Key, Reason: d.Reason, Buried: d.Buried, Size: d.Size}
}

func (l *Line) letter(ctx context.Context, in *letterInput) (*Letter, error) {
	d, err := l.o.Log.Letter(ctx, in.Topic, in.ID)
	if err != nil {
		return nil, err
	}
	// A message may tell of people.
	if err := l.note(ctx, "dead-letter.look", d, nil); err != nil {
		return nil, err
	}
	out := outline(d)
	view, ok := l.o.Views[in.Topic]
	if !ok {
		out.Text, out.Problem = printable(d.Body), "messages of this topic are not known here"
		return &out, nil
	}
	if out.Shown, err = view.Show(d.Body); err != nil {
		out.Shown, out.Text, out.Problem = nil, printable(d.Body), err.Error()
	}
	return &out, nil
}

func (l *Line) replay(ctx context.Context, in *letterInput) (*module.None, error) {
	d, err := l.o.Log.Letter(ctx, in.Topic, in.ID)
	if err != nil {
		return nil, err
	}
	if err := l.note(ctx, "dead-letter.replay", d, map[string]any{"reason": d.Reason}); err != nil {
		return nil, err
	}
	return nil, l.o.Log.Exhume(ctx, in.Topic, in.ID)
}

// Replayed is what became of sending all again.
type Replayed struct {
	Replayed int `json:"replayed"`
	Left     int `json:"left" doc:"letters that are there still: beyond the first 500, or set aside again meanwhile"`
}

// mostAtOnce bounds one request to send all again.
const mostAtOnce = 500

func (l *Line) replayAll(ctx context.Context, in *topicInput) (*Replayed, error) {
	all, err := l.o.Log.Buried(ctx, in.Topic, mostAtOnce)
	if err != nil {
		return nil, err
	}
	out := &Replayed{}
	for _, d := range all {
		if _, err := l.replay(ctx, &letterInput{*in, d.ID}); err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, fmt.Errorf("send %s again, after %d others were: %w", d.ID, out.Replayed, err)
		}
		out.Replayed++
	}
	left, err := l.o.Log.Buried(ctx, in.Topic, mostAtOnce)
	out.Left = len(left)
	return out, err
}

type mendInput struct {
	letterInput
	Body struct {
		Message json.RawMessage `json:"message" required:"true" doc:"the corrected message, in the form in which the letter is shown"`
	}
}

func (l *Line) mend(ctx context.Context, in *mendInput) (*module.None, error) {
	view, ok := l.o.Views[in.Topic]
	if !ok {
		return nil, fault.New(fault.Invalid, "messages of topic %s cannot be corrected here: send it again as it is, or let it go", in.Topic)
	}
	body, err := view.Read(in.Body.Message)
	if err != nil {
		return nil, err
	}
	d, err := l.o.Log.Letter(ctx, in.Topic, in.ID)
	if err != nil {
		return nil, err
	}
	err = l.note(ctx, "dead-letter.mend", d, map[string]any{"reason": d.Reason, "original": d.Body, "mended": in.Body.Message})
	if err != nil {
		return nil, err
	}
	return nil, l.o.Log.Mend(ctx, in.Topic, in.ID, body)
}

type discardInput struct {
	letterInput
	Body struct {
		Why string `json:"why" required:"true" minLength:"3" maxLength:"500" doc:"why it is not needed"`
	}
}

func (l *Line) discard(ctx context.Context, in *discardInput) (*module.None, error) {
	why := strings.TrimSpace(in.Body.Why)
	if why == "" {
		return nil, fault.New(fault.Invalid, "say why the message is not needed: it is gone for good")
	}
	d, err := l.o.Log.Letter(ctx, in.Topic, in.ID)
	if err != nil {
		return nil, err
	}
	if err := l.note(ctx, "dead-letter.discard", d, map[string]any{"reason": d.Reason, "why": why, "original": d.Body}); err != nil {
		return nil, err
	}
	_, err = l.o.Log.Discard(ctx, in.Topic, in.ID)
	return nil, err
}

// note writes into the audit what is about to be done to a letter.
func (l *Line) note(ctx context.Context, action string, d exchange.DeadLetter, detail map[string]any) error {
	who := module.Caller(ctx)
	return l.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: l.o.Now(), By: who.ID, Name: who.Name, Action: action, Subject: d.Topic + "/" + d.ID, Detail: detail})
	})
}
