export function AssetsPage() { return <div className="page" /> }
