package hospital

// Rule names what a problem offends against; RuleTable says each in words.
type Rule string
