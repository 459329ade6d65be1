package hospital

// Rule names what a problem offends against; RuleTable says each in words.
type Rule string

// The rules that files must keep.
const (
	RuleReadable  Rule = "readable"
	RuleBounds    Rule = "bounds"
	RuleSyntax    Rule = "syntax"
	RuleNoAlias   Rule = "no-alias"
	RuleKnownKey  Rule = "known-key"
	RuleOneKey    Rule = "one-key"
	RuleType      Rule = "type"
	RuleHospital  Rule = "hospital"
	RuleTimeZone  Rule = "time-zone"
	RuleText      Rule = "text"
	RuleCSVColumn Rule = "csv-column"
)

// The rules that assets must keep.
const (
	RuleID               Rule = "id"
	RuleOneID            Rule = "one-id"
	RuleKind             Rule = "kind"
	RuleName             Rule = "name"
	RulePlaceExists      Rule = "place-exists"
	RulePlaceKind        Rule = "place-kind"
	RulePlaceMissing     Rule = "place-missing"
	RulePlaceCycle       Rule = "place-cycle"
	RuleBuilding         Rule = "building"
	RuleCriticality      Rule = "criticality"
	RuleBeds             Rule = "beds"
	RuleIdentifierKind   Rule = "identifier-kind"
	RuleIdentifierValue  Rule = "identifier-value"
	RuleOneIdentifier    Rule = "one-identifier"
	RuleThreat           Rule = "threat"
	RuleDegree           Rule = "degree"
	RuleProtectionExists Rule = "protection-exists"
	RuleController       Rule = "controller"
	RuleDataClass        Rule = "data-class"
	RuleControllerData   Rule = "controller-data"
)

// The rules that dependencies must keep.
const (
	RuleEndExists     Rule = "end-exists"
	RuleRelation      Rule = "relation"
	RuleSelf          Rule = "self"
	RuleOneDependency Rule = "one-dependency"
	RuleBothWays      Rule = "both-ways"
	RuleLikelihood    Rule = "likelihood"
	RuleAutonomy      Rule = "autonomy"
	RuleNeed          Rule = "need"
)

// The rules that plans must keep.
const (
	RulePlan          Rule = "plan"
	RulePlanPlace     Rule = "plan-place"
	RulePlanFile      Rule = "plan-file"
	RulePlanSVG       Rule = "plan-svg"
	RulePlanActive    Rule = "plan-active"
	RulePlanReference Rule = "plan-reference"
	RulePlanAsset     Rule = "plan-asset"
)

// RuleInfo documents a rule.
type RuleInfo struct {
	Rule Rule
	Says string
}

// RuleTable documents every rule, in the order of the reference page.
func RuleTable() []RuleInfo {
	return []RuleInfo{
		{RuleReadable, "every file can be read, is UTF-8 and, if it is CSV, is named assets*.csv, dependencies*.csv or plans*.csv"},
		{RuleBounds, "files, and the numbers of assets, dependencies and plans, keep within the bounds below"},
		{RuleSyntax, "YAML and CSV are well formed; a YAML file holds one document"},
		{RuleNoAlias, "YAML anchors, aliases, merge keys and own tags are not read: values are written out"},
		{RuleKnownKey, "every key is one that this page names"},
		{RuleOneKey, "a key stands once in its table"},
		{RuleType, "a value has the type of its key: a number is a number, a list is a list, a duration is written like 30m or 1h30m"},
		{RuleCSVColumn, "a CSV file begins with its column names, each known and once, with at least the required ones; no row is longer"},
		{RuleHospital, "there is a hospital.yaml, and it gives a name"},
		{RuleTimeZone, "the time zone is an IANA name, such as Europe/Paris"},
		{RuleText, "texts have no control characters but new line and tab, no white space around them and keep within 1,000 characters"},
		{RuleID, "an id is 1 to 128 letters, digits or any of . _ : - and begins with a letter or digit"},
		{RuleOneID, "no two assets share an id, upper and lower case being the same"},
		{RuleKind, "an asset's kind is one of the kinds above"},
		{RuleName, "an asset has a name"},
		{RulePlaceExists, "an asset's place is an asset of the model"},
		{RulePlaceKind, "an asset's place is of a kind that can hold it"},
		{RulePlaceMissing, "buildings, floors, rooms, zones and doors have a place"},
		{RulePlaceCycle, "no place is inside itself, however far around"},
		{RuleBuilding, "a building has at least one floor, room or building in it (SAFECARE: a complex building has at least one simple building)"},
		{RuleCriticality, "criticality is 1 (minor) to 5 (vital)"},
		{RuleBeds, "beds are not negative"},
		{RuleIdentifierKind, "an identifier's kind is one of the identifier kinds above"},
		{RuleIdentifierValue, "an identifier's value can be read as its kind: addresses are addresses, a BACnet instance is 0 to 4194302, a point is panel/point; a prefix belongs to a network"},
		{RuleOneIdentifier, "no two assets share an identifier, compared in its canonical form"},
		{RuleThreat, "a protection is against a known threat"},
		{RuleDegree, "a degree of protection is 0 (none) to 1 (full)"},
		{RuleProtectionExists, "what protects is an asset of the model"},
		{RuleController, "a controller controls at least one door or port (SAFECARE: every controller controls an access point); with attribute class: building, at least one building device or supply"},
		{RuleDataClass, "data's attribute class, where it is given, is operating or patient"},
		{RuleControllerData, "data that supplies a controller has the attribute class: operating (SAFECARE: data required by a controller is operating data)"},
		{RuleEndExists, "both ends of a dependency are assets of the model"},
		{RuleRelation, "a dependency's relation is one of the relations above"},
		{RuleSelf, "a dependency joins two different assets"},
		{RuleOneDependency, "a dependency (from, to, relation) is stated once, both ways counting as two"},
		{RuleBothWays, "only leads-to goes both ways"},
		{RuleLikelihood, "likelihood is above 0 and at most 1"},
		{RuleAutonomy, "autonomy is not negative"},
		{RuleNeed, "need is at least 1, at most the size of the group, and the same for all of the group; more than 1 needs a group"},
		{RulePlan, "a plan has an id of its own and a name"},
		{RulePlanPlace, "a plan's place is a site, building or floor of the model"},
		{RulePlanFile, "a plan's file is an .svg inside the folder, its own, and exists"},
		{RulePlanSVG, "a plan is well-formed SVG in UTF-8 with a viewBox"},
		{RulePlanActive, "a plan holds nothing that acts: no scripts, no event attributes, no document type, only the drawing elements listed below"},
		{RulePlanReference, "a plan refers to nothing outside itself"},
		{RulePlanAsset, "every data-asset of a plan is an asset of the model"},
	}
}
