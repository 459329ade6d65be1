package hospital

// outOfRange stands for a 0 that was written where 0 would read as the default.
// Every field that takes it is bounded below by something greater.
const outOfRange = -1

// columns are the keys of the three kinds of records, made once for a load.
type columns struct{ asset, dependency, plan []string }

func allColumns() columns {
	return columns{asset: assetKeys(), dependency: dependencyKeys(), plan: planKeys()}
}

// room tells whether a list may grow; the first time that it may not is a problem.
func (l *loader) room(list, file string, line int) bool {
	length, most := 0, 0
	switch list {
	case "assets":
		length, most = len(l.model.Assets), l.limits.assets
	case "dependencies":
		length, most = len(l.model.Dependencies), l.limits.dependencies
	case "plans":
		length, most = len(l.model.Plans), l.limits.plans
	}
	if length < most {
		return true
	}
	if !l.full[list] {
		l.full[list] = true
		l.lost(file, line, RuleBounds, "there are more than %d %s; the rest is not read", most, list)
	}
	return false
}

func (l *loader) addAsset(a Asset, where position) {
	l.model.Assets = append(l.model.Assets, a)
	l.origins.assets = append(l.origins.assets, where)
}

func (l *loader) addDependency(d Dependency, where position) {
	l.model.Dependencies = append(l.model.Dependencies, d)
	l.origins.dependencies = append(l.origins.dependencies, where)
}

func (l *loader) addPlan(p Plan, where position) {
	l.model.Plans = append(l.model.Plans, p)
	l.origins.plans = append(l.origins.plans, where)
}
