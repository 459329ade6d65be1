// Package count counts over time what single events cannot tell: it takes hits
// of rules from topic hit and raises the alerts of correlations.
//
// Guarantees:
//   - Windows are over the events' own time. A hit may come late by as much as
//     Lateness and still counts where it belongs; an event whose clock runs
//     ahead counts as of its acceptance.
//   - After an alert a group stays silent for one window: one burst, one alert.
//   - Exercise records are counted apart from live ones.
//   - The state is bounded: per group, per correlation and in all. When it is
//     full the groups that were quiet longest are forgotten first, and counted.
//   - The state is checkpointed with the offset that it was reached at. After a
//     crash the hits since are counted again and raise the same alerts under the
//     same ids, since ids derive from the rule and its events.
//
// A correlation's group-by field that an event lacks leaves the event out,
// except where a single event is enough.
package count
