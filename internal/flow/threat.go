package flow

// Threat is what is wrong with an asset: a harm at work there, or a function
// that it no longer gives. Rules name threats, dependencies carry them on, and
// incident types are named after them.
type Threat string

// The threats.
const (
	ThreatLoitering       Threat = "loitering"
	ThreatIntruder        Threat = "intruder"      // somebody is where they must not be
	ThreatForcedDoor      Threat = "forced-door"   //
	ThreatHeldDoor        Threat = "held-door"     //
	ThreatBadgeMisuse     Threat = "badge-misuse"  // one badge, two people or two places
	ThreatTheft           Threat = "theft"         //
	ThreatTamper          Threat = "tamper"        // a device was opened, covered or handled
	ThreatCrowd           Threat = "crowd"         //
	ThreatFire            Threat = "fire"          //
	ThreatSmoke           Threat = "smoke"         //
	ThreatFlood           Threat = "flood"         //
	ThreatGlass           Threat = "glass-break"   //
	ThreatHot             Threat = "too-hot"       // temperature above its limit
	ThreatCold            Threat = "too-cold"      //
	ThreatHumid           Threat = "humidity"      //
	ThreatNoise           Threat = "noise"         //
	ThreatPhishing        Threat = "phishing"      //
	ThreatScan            Threat = "scan"          //
	ThreatCredential      Threat = "credential"    // an account is misused
	ThreatMalware         Threat = "malware"       //
	ThreatCompromise      Threat = "compromise"    // somebody else controls it
	ThreatExfiltration    Threat = "exfiltration"  //
	ThreatManipulation    Threat = "manipulation"  // data changed on purpose
	ThreatDenial          Threat = "denial"        // overloaded on purpose
	ThreatDegraded        Threat = "degraded"      // gives its function badly
	ThreatLost            Threat = "lost"          // gives its function no more
	ThreatSourceSilent    Threat = "source-silent" // a feed that should speak does not
	ThreatPipeline        Threat = "pipeline"      // Warder itself is impaired
	ThreatPolicyViolation Threat = "policy"        // allowed by machines, forbidden by rules
)

// Cyber tells whether the threat is worked through computers; the others are
// physical or functional.
func (t Threat) Cyber() bool {
	switch t {
	case ThreatPhishing, ThreatScan, ThreatCredential, ThreatMalware, ThreatCompromise,
		ThreatExfiltration, ThreatManipulation, ThreatDenial, ThreatPolicyViolation:
		return true
	}
	return false
}

// Threats lists every threat, in the order of the reference page.
func Threats() []Threat {
	return []Threat{
		ThreatLoitering, ThreatIntruder, ThreatForcedDoor, ThreatHeldDoor, ThreatBadgeMisuse, ThreatTheft,
		ThreatTamper, ThreatCrowd, ThreatFire, ThreatSmoke, ThreatFlood, ThreatGlass, ThreatHot, ThreatCold,
		ThreatHumid, ThreatNoise, ThreatPhishing, ThreatScan, ThreatCredential, ThreatMalware,
		ThreatCompromise, ThreatExfiltration, ThreatManipulation, ThreatDenial, ThreatDegraded, ThreatLost,
		ThreatSourceSilent, ThreatPipeline, ThreatPolicyViolation,
	}
}

// Severity is how bad an alert or incident is.
type Severity string

// The severities.
const (
	SeverityInfo     Severity = "info"
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Rank orders severities: 0 for info to 4 for critical, -1 for anything else.
func (s Severity) Rank() int {
	switch s {
	case SeverityInfo:
		return 0
	case SeverityLow:
		return 1
	case SeverityMedium:
		return 2
	case SeverityHigh:
		return 3
	case SeverityCritical:
		return 4
	}
	return -1
}

// Text is machine text as data: a code of the catalogue in content/notices and
// its parameters, so that what a machine says is translated when it is shown.
type Text struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}
