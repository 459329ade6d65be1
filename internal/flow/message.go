package flow

// Outgoing is one message on its way to a topic: what the outbox of the central
// database holds and the exchange takes.
type Outgoing struct {
	Key  string // order is kept per key when a topic is spread; may be empty
	Body []byte
}
