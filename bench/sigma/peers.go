package main

import (
	"context"
	"fmt"
	"strings"

	peer "github.com/bradleyjkemp/sigma-go"
	"github.com/bradleyjkemp/sigma-go/evaluator"
	mk "github.com/markuskont/go-sigma-rule-engine"
	"gopkg.in/yaml.v2"
)

// engine is a Sigma engine under comparison: it is told one rule at a time, so
// that one that it cannot load keeps none of the others from being compared.
type engine interface {
	name() string
	// load takes the rule with the number given, or says why it cannot.
	load(number int, text []byte) error
	// match tells whether a loaded rule meets an event that was parsed before.
	match(number int, event map[string]any) bool
}

// lazy is sigma-go, one evaluator a rule.
type lazy struct {
	rules map[int]*evaluator.RuleEvaluator
}

func (*lazy) name() string { return "sigma-go 0.6.6" }

func (e *lazy) load(number int, text []byte) error {
	rule, err := peer.ParseRule(text)
	if err != nil {
		return err
	}
	e.rules[number] = evaluator.ForRule(rule)
	return nil
}

func (e *lazy) match(number int, event map[string]any) bool {
	r := e.rules[number]
	if r == nil {
		return false
	}
	result, err := r.Matches(context.Background(), event)
	return err == nil && result.Match
}

// tree is go-sigma-rule-engine.
type tree struct{ rules map[int]*mk.Tree }

func (*tree) name() string { return "go-sigma-rule-engine 0.3.0" }

// load does what its own NewRuleList does with a file; documents that it calls
// multipart are refused there too.
func (e *tree) load(number int, text []byte) (err error) {
	defer func() {
		if r := recover(); r != nil { // some values make it panic
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var rule mk.Rule
	if err := yaml.Unmarshal(text, &rule); err != nil {
		return err
	}
	if strings.Contains(strings.TrimPrefix(string(text), "---"), "---") {
		return fmt.Errorf("multipart")
	}
	t, err := mk.NewTree(mk.RuleHandle{Rule: rule})
	if err != nil {
		return err
	}
	e.rules[number] = t
	return nil
}

func (e *tree) match(number int, event map[string]any) bool {
	t := e.rules[number]
	if t == nil {
		return false
	}
	met, _ := t.Match(fields(event))
	return met
}

// fields shows an event as go-sigma-rule-engine wants to see it.
type fields map[string]any

func (f fields) Keywords() ([]string, bool) {
	var words []string
	for _, v := range f {
		if s, ok := v.(string); ok {
			words = append(words, s)
		}
	}
	return words, len(words) > 0
}

func (f fields) Select(name string) (any, bool) {
	v, ok := f[name]
	return v, ok
}
