package tiled

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ReadCheckpoint checks the signature of a checkpoint by a verifier key and
// returns the tree that it stands for.
func ReadCheckpoint(msg []byte, verifier string) (tree tlog.Tree, err error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return tree, fmt.Errorf("%q is no verifier key: %w", verifier, err)
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return tree, fmt.Errorf("the signature of the key %s is missing or wrong: %w", v.Name(), err)
	}
	origin, tree, err := parseCheckpoint(n.Text)
	if err == nil && origin != v.Name() {
		err = fmt.Errorf("it is of the log %s, not of %s", origin, v.Name())
	}
	return tree, err
}

// PeekCheckpoint reads a checkpoint without asking who signed it.
func PeekCheckpoint(msg string) (origin string, tree tlog.Tree, err error) {
	text, _, found := strings.Cut(msg, "\n\n")
	if !found {
		return "", tree, fmt.Errorf("it is no signed checkpoint")
	}
	return parseCheckpoint(text + "\n")
}

// parseCheckpoint reads origin, size and root: the first three lines.
func parseCheckpoint(text string) (origin string, tree tlog.Tree, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return "", tree, fmt.Errorf("it is no checkpoint")
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return "", tree, fmt.Errorf("%q is no size of a log", lines[1])
	}
	if tree.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		return "", tree, fmt.Errorf("%q is no root of a log", lines[2])
	}
	return lines[0], tree, nil
}
