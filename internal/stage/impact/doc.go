// Package impact predicts what an incident will do to the hospital: which
// assets harm reaches, how likely, when, by which path, and when which care
// service is degraded or lost.
//
// The core (Engine, Spread) is a pure function of a model snapshot, a rule set
// and the incident's affected assets; the Module around it consumes topics
// incident and model (new versions of the model), keeps every assessment, and
// publishes it on topic impact and on the live stream.
//
// Guarantees:
//   - The likelihood of an impact is that of its best derivation among those
//     that arrive within the horizon; it is a lower bound of the probability
//     that any derivation comes true. Of derivations equally likely the soonest
//     is taken.
//   - A path replays: the product of its steps' likelihoods is the impact's
//     likelihood, the sum of their delays is its delay.
//   - Adding a protection never raises a likelihood; adding a redundant supplier
//     never makes a loss come sooner or more likely.
//   - The same input gives the same assessment, to the byte, but for the time it
//     took.
//
// Redundancy: of the suppliers of a consumer in one group, Need must hold. With
// n suppliers the consumer falls with the (n-Need+1)-th of them, after its
// autonomy towards that one. Its likelihood is the smallest among those
// suppliers': an upper bound of the joint probability, because one cause
// usually takes redundant suppliers together and an independent product would
// flatter the hospital.
package impact
