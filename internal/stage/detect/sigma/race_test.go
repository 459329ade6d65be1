//go:build race

package sigma

// raced tells that the race detector is on: pools then lose things by chance.
const raced = true
