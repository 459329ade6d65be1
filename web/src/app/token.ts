/** Takes the one-time token out of the address, so that it stays neither in the history nor on the screen. */
export function takeLinkToken(): string {
  const match = /^#token=([^&]+)/.exec(globalThis.location.hash)
  if (!match?.[1]) return ''
  const { pathname, search } = globalThis.location
  globalThis.history.replaceState(globalThis.history.state, '', pathname + search)
  return decodeURIComponent(match[1])
}
