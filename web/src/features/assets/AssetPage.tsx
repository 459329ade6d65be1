export function AssetPage() { return <div className="page" /> }
