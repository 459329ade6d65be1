// Queries are written here as the server reads them: docs/reference/search.md.

const plain = /^[A-Za-z_@][A-Za-z0-9_@.-]*$/

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** The term for a whole value of a field. */
export function is(field: string, value: string): string {
  return `${plain.test(field) ? field : quoted(field)}:${quoted(value)}`
}

/** Both a query and a term. A query with OR is put in parentheses, which the term would else fall into. */
export function both(q: string, term: string): string {
  const before = q.trim()
  if (!before) return term
  return / OR /.test(before) ? `(${before}) ${term}` : `${before} ${term}`
}

export function without(q: string, term: string): string {
  return both(q, `-${term}`)
}
