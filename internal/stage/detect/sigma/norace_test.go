//go:build !race

package sigma

const raced = false
