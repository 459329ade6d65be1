export function ExercisesPage() { return <div className="page" /> }
