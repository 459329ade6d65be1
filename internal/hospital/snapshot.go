package hospital

import "warder/internal/flow"

// Snapshot is one version of the model, indexed and immutable. All its methods
// are cheap and may be called at the same time; what they return is not to be
// changed.
type Snapshot struct {
	version string
	model   *Model
	byID    map[string]int
	out     [][]int // asset index -> indexes of dependencies that leave it
	in      [][]int
	within  [][]int // place index -> indexes of assets directly in it
	known   map[flow.Identifier]int
	site    []int // asset index -> index of its site, -1 for none
}

// Source gives the newest snapshot; Holder is the one in the program.
type Source interface {
	Snapshot() *Snapshot
}
