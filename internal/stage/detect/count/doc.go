// Package count counts over time what single events cannot tell: it takes hits
// of rules from the partitions of topic hit and raises the alerts of
// correlations (Sigma correlation rules specification 2.1).
//
// Guarantees:
//   - Windows are over the events' own time, as long as the timespan with both
//     ends. A correlation is judged with each hit, over the windows that hold it
//     and end with it or with a later hit that is known already. So an upper
//     bound says "no more until now".
//   - A hit may come late by as much as Lateness and still counts where it
//     belongs; an event whose clock runs ahead counts as of its acceptance.
//   - After an alert a group stays silent for one window: one burst, one alert.
//   - Exercise records are counted apart from live ones.
//   - A correlation that is met is itself a hit for those that count it, at the
//     end of its window, with its group-by fields and the events behind it.
//   - Groups are spread over partitions by a hash; each partition has a topic, a
//     worker and a checkpoint of its own, and is in order.
//   - The state is bounded in bytes, and per group. When it is full, groups are
//     forgotten and counted: those of the correlation that holds most, quiet
//     longest first.
//   - The state is checkpointed with the offset that it was reached at: a small
//     one after every batch, one of many megabytes once a minute. After a crash
//     the hits since are counted again and raise the same alerts under the same
//     ids, since ids derive from the rule and its events.
//   - Rules change while it runs (Consumer.Swap). What is remembered survives for
//     correlations whose meaning is unchanged.
//
// A correlation's group-by field that an event lacks leaves the event out,
// except where a single event is enough.
package count
