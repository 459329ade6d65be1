package exchange

import (
	"encoding/binary"

	"warder/internal/kit/fault"
)

// Keys of the embedded log. The first byte says what a key holds; a topic's name
// ends with a zero byte, so that one topic's keys never lie among another's;
// offsets are big-endian, so that key order is offset order.
const (
	spaceMessage    = 'm' // topic 0 offset
	spaceCheckpoint = 'c' // topic 0 consumer
	spaceDead       = 'd' // topic 0 offset consumer
	spaceTopic      = 't' // topic
	spaceWriter     = 'w'
)

// longestName bounds the names of topics and consumers, in bytes.
const longestName = 100

func topicPrefix(space byte, topic string) []byte {
	key := make([]byte, 0, 1+len(topic)+1+8)
	key = append(key, space)
	key = append(key, topic...)
	return append(key, 0)
}

// topicEnd is the first key after all keys of topicPrefix.
func topicEnd(space byte, topic string) []byte {
	key := topicPrefix(space, topic)
	key[len(key)-1] = 1
	return key
}

func messageKey(topic string, offset uint64) []byte {
	return binary.BigEndian.AppendUint64(topicPrefix(spaceMessage, topic), offset)
}

func checkpointKey(topic, consumer string) []byte {
	return append(topicPrefix(spaceCheckpoint, topic), consumer...)
}

func deadKey(topic string, offset uint64, consumer string) []byte {
	return append(binary.BigEndian.AppendUint64(topicPrefix(spaceDead, topic), offset), consumer...)
}

func topicKey(topic string) []byte { return append([]byte{spaceTopic}, topic...) }

// offsetIn reads the offset that follows a topic's prefix; ok is false for a key
// that is too short to hold one.
func offsetIn(key []byte, topic string) (offset uint64, ok bool) {
	start := 1 + len(topic) + 1
	if len(key) < start+8 {
		return 0, false
	}
	return binary.BigEndian.Uint64(key[start:]), true
}

// checkName refuses names that could not be told apart in keys, file names and metrics.
func checkName(what, name string) error {
	if name == "" || len(name) > longestName {
		return fault.New(fault.Invalid, "the %s %q must have 1 to %d letters", what, name, longestName)
	}
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == '_', c == ':', c == '/':
		default:
			return fault.New(fault.Invalid, "the %s %q may hold only letters, digits and . - _ : /", what, name)
		}
	}
	return nil
}
