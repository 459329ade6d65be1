package sigma

import (
	"hash/maphash"
	"math/bits"

	"warder/internal/stage/detect/sigma/index"
)

// takeLeaves adds every value of the record that is not null, for keywords.
func (s *scratch) takeLeaves() {
	v := s.view
	if s.repeats() {
		s.takeLast(0)
		return
	}
	for n := int32(1); n < int32(len(v.nodes)); n++ {
		s.takeLeaf(n)
	}
}

func (s *scratch) takeLeaf(n int32) {
	switch s.view.nodes[n].kind {
	case nullNode, listNode, objectNode:
	default:
		s.take(n, false)
	}
}

// suspicious tells whether a value of the record may hold a pattern of the sieve.
// The sieve's patterns are told by characters that JSON writes in one way only,
// but for those that are coded.
func (s *scratch) suspicious(sieve *index.Sieve) bool {
	v := s.view
	for n := range v.nodes {
		node := &v.nodes[n]
		switch node.kind {
		case textNode:
			text := v.line[node.from:node.to]
			if node.looks&looksCoded != 0 || sieve.May(text) || node.looks&looksForeign != 0 && index.Odd(text) {
				return true
			}
		case integerNode, numberNode:
			if sieve.Numeric() {
				return true
			}
		}
	}
	return false
}

// writtenAsIs tells which ASCII characters stand for themselves in JSON, unless
// they are coded.
func writtenAsIs(c byte) bool { return c >= ' ' && c != '"' && c != '\\' && c != '/' }

// takeLast is takeLeaves for a record with equal keys: the last of them counts.
func (s *scratch) takeLast(n int32) {
	switch s.view.nodes[n].kind {
	case objectNode:
		last := map[string]int32{}
		for child := range s.view.children(n) {
			last[s.keyOf(child)] = child
		}
		for _, child := range last {
			s.takeLast(child)
		}
	case listNode:
		for child := range s.view.children(n) {
			s.takeLast(child)
		}
	default:
		s.takeLeaf(n)
	}
}

// repeats tells whether any object of the record has two equal keys, or two that
// cannot be told apart quickly.
func (s *scratch) repeats() bool {
	v := s.view
	v.keys.begin(len(v.nodes))
	return s.repeatsIn(0)
}

func (s *scratch) repeatsIn(n int32) bool {
	v := s.view
	object := v.nodes[n].kind == objectNode
	for child := range v.children(n) {
		if object && !v.keys.add(uint64(n), s.keyOf(child)) {
			return true
		}
		if kind := v.nodes[child].kind; (kind == objectNode || kind == listNode) && s.repeatsIn(child) {
			return true
		}
	}
	return false
}

// keySet tells equal keys apart from others, by their hashes alone.
type keySet struct {
	seed  maphash.Seed
	round uint32
	slots []keySlot
}

type keySlot struct {
	hash  uint64
	round uint32
}

// begin makes room for n keys.
func (k *keySet) begin(n int) {
	if size := 1 << bits.Len(uint(2*n)); size > len(k.slots) {
		k.slots, k.round = make([]keySlot, size), 0
	}
	if k.round++; k.round == 0 {
		clear(k.slots)
		k.round = 1
	}
}

// add tells whether a key was not there yet.
func (k *keySet) add(object uint64, key string) bool {
	h := maphash.String(k.seed, key) ^ object*0x9E3779B97F4A7C15
	mask := uint64(len(k.slots) - 1)
	at := h & mask
	for ; k.slots[at].round == k.round; at = (at + 1) & mask {
		if k.slots[at].hash == h {
			return false
		}
	}
	k.slots[at] = keySlot{h, k.round}
	return true
}
