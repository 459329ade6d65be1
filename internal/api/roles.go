package api

import (
	"slices"

	"warder/internal/module"
)

// The roles, from least to most. A sender is a program that may only hand in events.
const (
	RoleSender   = "sender"
	RoleViewer   = "viewer"
	RoleOperator = "operator"
	RoleLead     = "lead"
	RoleAdmin    = "admin"
)

// Roles lists the roles, from least to most.
func Roles() []string {
	return []string{RoleSender, RoleViewer, RoleOperator, RoleLead, RoleAdmin}
}

// grants gives what a role holds beyond the role below it. Reading events means
// reading personal data, so a viewer (a wall display, a visitor) does not.
func grants(role string) []module.Permission {
	switch role {
	case RoleSender:
		return []module.Permission{module.SendEvents, module.SignedIn}
	case RoleViewer:
		return []module.Permission{module.SignedIn, module.ReadIncidents, module.ReadHospital, module.ReadSources}
	case RoleOperator:
		return append(grants(RoleViewer), module.WorkIncidents, module.ReadEvents)
	case RoleLead:
		return append(grants(RoleOperator), module.LeadIncidents, module.RunExercises, module.EditRules)
	case RoleAdmin:
		return append(grants(RoleLead), module.EditHospital, module.SendEvents, module.ManagePeople,
			module.ManageInstance, module.ReadDiagnostics, module.ReadAudit)
	}
	return nil
}

func allowed(role string, p module.Permission) bool {
	return p == module.Public || slices.Contains(grants(role), p)
}
