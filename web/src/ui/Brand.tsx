/** Warder's mark. */
export function Brand({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" stroke="currentColor" strokeLinejoin="round" strokeLinecap="round" aria-hidden="true" className="icon">
      <path d="M16 3.500 27.500 8v8.500c0 7-4.800 10.800-11.500 12.500C9.300 27.300 4.500 23.500 4.500 16.500V8z" strokeWidth="2.200" />
      <path d="M16 10.500v10M11 15.500h10" strokeWidth="2.800" />
    </svg>
  )
}
