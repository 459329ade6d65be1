package audit

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"warder/internal/audit/tiled"
)

// logged finds checkpoints in lines of the program's own log, where they stand
// as checkpoint="..." or "checkpoint":"...", with their line ends escaped.
const logged = `"?checkpoint"?[=:]\s*("(?:[^"\\]|\\.)*")`

// KeptCheckpoints finds every checkpoint in a text: a checkpoint as it is
// published or copied from the console, any number of them, or lines of the
// program's log as a log server kept them.
func KeptCheckpoints(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var found []string
	for _, match := range regexp.MustCompile(logged).FindAllStringSubmatch(text, -1) {
		if msg, ok := unquote(match[1]); ok && isCheckpoint(msg) {
			found = append(found, msg)
		}
	}
	return append(found, plainCheckpoints(text)...)
}

func unquote(quoted string) (string, bool) {
	var msg string
	if json.Unmarshal([]byte(quoted), &msg) == nil {
		return msg, true
	}
	msg, err := strconv.Unquote(quoted)
	return msg, err == nil
}

func isCheckpoint(msg string) bool {
	_, _, err := tiled.PeekCheckpoint(msg)
	return err == nil
}

// plainCheckpoints finds those that stand in lines of their own: three lines, an
// empty one, and signatures.
func plainCheckpoints(text string) (found []string) {
	lines := strings.Split(text, "\n")
	for i := 3; i < len(lines)-1; i++ {
		if lines[i] != "" || !strings.HasPrefix(lines[i+1], "— ") {
			continue
		}
		end := i + 1
		for end < len(lines) && strings.HasPrefix(lines[end], "— ") {
			end++
		}
		msg := strings.Join(lines[i-3:end], "\n") + "\n"
		if isCheckpoint(msg) {
			found = append(found, msg)
		}
	}
	return found
}
