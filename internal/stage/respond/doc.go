// Package respond turns an incident into what people have to do: it binds
// playbooks to incidents, keeps the checklists, and decides when people are told.
//
// A playbook is bound by the incident's type when it opens, another one when the
// type becomes a graver one or when care is about to be lost. Notices are made
// when an incident opens, when its severity rises, when a person escalates it,
// and when a care service is newly threatened; they go to the console and to
// every webhook (an exercise's to the console only).
//
// Guarantees:
//   - The same incident and cause make the same plan and notice: a replay tells
//     nobody twice.
//   - A step that would block an escape route or life support is never proposed:
//     its place takes a warning. If the danger is known only later, the step is
//     withdrawn as long as nobody has done it.
//   - A task's state says who set it and when.
package respond
