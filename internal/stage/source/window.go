package source

import "crypto/sha256"

// window remembers the newest keys of one source's sender. A key is on its way
// until its record is durable; a failed one is forgotten.
type window struct {
	keys map[keyHash]*mark
	ring []keyHash // durable keys, oldest overwritten first
	next int
}

type keyHash [16]byte // half a SHA-256: senders choose their keys, so a weak hash would let them collide

type mark struct {
	durable bool
	waiting []*call // calls that sent the same key meanwhile
}

func newWindow(size int) *window {
	return &window{keys: make(map[keyHash]*mark), ring: make([]keyHash, 0, size)}
}

func hashKey(key string) keyHash {
	sum := sha256.Sum256([]byte(key))
	return keyHash(sum[:16])
}

// begin notes that a record with this key is on its way and returns true, or
// returns false when the key is known; c then waits with it, if it is not
// durable yet.
func (w *window) begin(key string, c *call) bool {
	h := hashKey(key)
	m := w.keys[h]
	if m == nil {
		w.keys[h] = &mark{}
		return true
	}
	if !m.durable && c != nil {
		m.waiting = append(m.waiting, c)
	}
	return false
}

func (w *window) durable(key string) bool {
	m := w.keys[hashKey(key)]
	return m != nil && m.durable
}

// settle notes how a key's record ended and returns the calls that waited.
func (w *window) settle(key string, ok bool) []*call {
	h := hashKey(key)
	m := w.keys[h]
	if m == nil {
		return nil
	}
	waiting := m.waiting
	m.waiting = nil
	if !ok {
		delete(w.keys, h)
		return waiting
	}
	m.durable = true
	w.remember(h)
	return waiting
}

// add puts a key that is known to be durable.
func (w *window) add(key string) {
	h := hashKey(key)
	if w.keys[h] != nil {
		return
	}
	w.keys[h] = &mark{durable: true}
	w.remember(h)
}

func (w *window) remember(h keyHash) {
	if len(w.ring) < cap(w.ring) {
		w.ring = append(w.ring, h)
		return
	}
	delete(w.keys, w.ring[w.next])
	w.ring[w.next] = h
	w.next = (w.next + 1) % len(w.ring)
}
