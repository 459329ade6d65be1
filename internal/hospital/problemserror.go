package hospital

import (
	"fmt"

	"warder/internal/kit/fault"
)

// ProblemsError is the refusal of a model, with everything that is wrong with it.
type ProblemsError struct{ Problems []Problem }

func (e *ProblemsError) Error() string {
	if len(e.Problems) == 1 {
		return "The hospital model has 1 problem; nothing was imported. " + e.Problems[0].String()
	}
	return fmt.Sprintf("The hospital model has %d problems; nothing was imported.", len(e.Problems))
}

// Unwrap gives the refusal its kind.
func (e *ProblemsError) Unwrap() error { return fault.New(fault.Invalid, "%s", e.Error()) }

// Details lists every problem by where it stands.
func (e *ProblemsError) Details() [][2]string {
	list := make([][2]string, len(e.Problems))
	for i := range e.Problems {
		list[i] = e.detail(i)
	}
	return list
}

func (e *ProblemsError) detail(i int) [2]string {
	p := e.Problems[i]
	if p.Asset == "" {
		return [2]string{p.place(), p.Text}
	}
	return [2]string{p.place(), p.Asset + ": " + p.Text}
}
