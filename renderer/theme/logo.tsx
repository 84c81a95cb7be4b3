/** The mark of the office: a door ajar over a ledger line, read as an open hand that gives. Decorative beside the name. */
export function Logo({ size = 28, onDark = false }: { size?: number; onDark?: boolean }) {
  const ground = onDark ? '#e2a52a' : 'var(--office-accent)'
  const figure = onDark ? '#123c34' : 'var(--office-sheet)'
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill={ground} />
      <path
        d="M7.5 19.5h4.2c1.4 0 2.3.6 3.1 1.5.6.7 1.2 1 2.2 1h2.5"
        fill="none"
        stroke={figure}
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <path
        d="M7.5 24.5h10.7c1.2 0 2.2-.4 3.1-1.2l4-3.8c.9-.9.1-2.3-1.1-1.9l-4.2 1.5"
        fill="none"
        stroke={figure}
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="17.5" cy="10.5" r="4.6" fill="none" stroke={figure} strokeWidth="2.4" />
      <path d="M17.5 8.9v3.2" stroke={figure} strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
