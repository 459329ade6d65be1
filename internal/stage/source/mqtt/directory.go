package mqtt

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"warder/internal/stage/source"
)

// directory knows every user, and what each may publish.
type directory struct {
	users     map[string]*user
	anonymous *source.Inlet // nil when nobody may come without a name
	proving   chan struct{} // one at a time: a proof may take the memory of argon2id
	salt      [32]byte
}

type user struct {
	inlet  *source.Inlet
	secret source.Secret

	mu     sync.Mutex
	proven map[[32]byte]struct{} // hashes of passwords that were right
}

func newDirectory(inlets []*source.Inlet) (*directory, error) {
	d := &directory{users: make(map[string]*user), proving: make(chan struct{}, 1)}
	_, _ = rand.Read(d.salt[:]) // never fails (crypto/rand)
	for _, in := range inlets {
		t := in.Source().Topics
		if t.Anonymous {
			d.anonymous = in
		}
		for _, u := range t.Users {
			s, err := source.ParseSecret(u.Password)
			if err == nil {
				s, err = s.Load()
			}
			if err != nil {
				return nil, fmt.Errorf("user %s of source %s: %w", u.Name, in.Source().ID, err)
			}
			d.users[u.Name] = &user{inlet: in, secret: s, proven: make(map[[32]byte]struct{})}
		}
	}
	return d, nil
}

// find returns whose a name is; nil for nobody.
func (d *directory) find(name string) *source.Inlet {
	if name == "" {
		return d.anonymous
	}
	if u := d.users[name]; u != nil {
		return u.inlet
	}
	return nil
}

// proves tells whether the password belongs to the name.
func (d *directory) proves(name string, password []byte) bool {
	if name == "" {
		return d.anonymous != nil
	}
	u := d.users[name]
	if u == nil {
		return false
	}
	h := sha256.Sum256(slices.Concat(d.salt[:], password))
	u.mu.Lock()
	_, known := u.proven[h]
	u.mu.Unlock()
	if known {
		return true
	}
	d.proving <- struct{}{}
	ok := u.secret.Matches(password)
	<-d.proving
	if ok {
		u.mu.Lock()
		u.proven[h] = struct{}{}
		u.mu.Unlock()
	}
	return ok
}

// split takes the mark of an exercise off a topic: exercise/<id>/<topic>.
func split(topic string) (exercise, rest string) {
	after, marked := strings.CutPrefix(topic, source.ExerciseTopic+"/")
	id, rest, whole := strings.Cut(after, "/")
	if !marked || !whole || id == "" || rest == "" {
		return "", topic
	}
	return id, rest
}

// route finds how a topic's messages are read; ignored when they are let go.
func route(t *source.Topics, topic string) (how source.Topic, taken, ignored bool) {
	for _, how := range t.Topics {
		if matches(how.Filter, topic) {
			return how, true, false
		}
	}
	for _, f := range t.Ignore {
		if matches(f, topic) {
			return source.Topic{}, false, true
		}
	}
	return source.Topic{}, false, false
}

// matches compares a topic with a filter, level by level (MQTT 5 section 4.7).
func matches(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") {
		return false
	}
	for {
		f, filterRest, filterMore := strings.Cut(filter, "/")
		if f == "#" {
			return true
		}
		t, topicRest, topicMore := strings.Cut(topic, "/")
		if f != "+" && f != t {
			return false
		}
		if !filterMore || !topicMore {
			// "a/#" matches "a" as well.
			return filterMore == topicMore || filterMore && filterRest == "#"
		}
		filter, topic = filterRest, topicRest
	}
}
