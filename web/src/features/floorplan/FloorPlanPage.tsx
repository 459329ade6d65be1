export function FloorPlanPage() { return <div className="page" /> }
