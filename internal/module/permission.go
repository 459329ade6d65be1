package module

import "context"

// Permission is what a caller must hold to use a route.
type Permission string

// The permissions. Public routes say so by name, so that none is public by omission.
const (
	Public          Permission = "public"           // anybody, signed in or not
	SignedIn        Permission = "signed-in"        // anybody with a session or token
	ReadIncidents   Permission = "incidents.read"   //
	WorkIncidents   Permission = "incidents.work"   // acknowledge, comment, plan steps, verdicts
	LeadIncidents   Permission = "incidents.lead"   // merge, split, close, shelve
	ReadHospital    Permission = "hospital.read"    //
	EditHospital    Permission = "hospital.edit"    // import, adopt
	ReadEvents      Permission = "events.read"      //
	EditRules       Permission = "rules.edit"       // settings, exceptions, reload
	ReadSources     Permission = "sources.read"     //
	SendEvents      Permission = "events.send"      // the ingest routes
	RunExercises    Permission = "exercises.run"    //
	ManagePeople    Permission = "people.manage"    // users, tokens, links
	ManageInstance  Permission = "instance.manage"  // demo data, dead letters
	ReadAudit       Permission = "audit.read"       // who did what
	ReadDiagnostics Permission = "diagnostics.read" // metrics
)

// Principal is who asks.
type Principal struct {
	ID     string // user id or token id
	Name   string
	Role   string // viewer, operator, lead, admin, sender
	Token  bool   // a program's token, not a person's session
	Locale string
}

type callerKey struct{}

// WithCaller returns a context that carries who asks.
func WithCaller(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, callerKey{}, p)
}

// Caller tells who asks; the zero Principal means Warder itself.
func Caller(ctx context.Context) Principal {
	p, _ := ctx.Value(callerKey{}).(Principal)
	return p
}
