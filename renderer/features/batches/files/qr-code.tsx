import encodeQR from 'qr'
import { useMemo } from 'react'

interface QrCodeProps {
  text: string
  /** What it is, for those who cannot see it. */
  label: string
  /** Millimetres on paper. */
  size?: number
}

/** A QR code as a drawing of squares, sharp on any paper. */
export function QrCode({ text, label, size = 28 }: QrCodeProps) {
  const { path, side } = useMemo(() => {
    const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 })
    const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { path: squares.join(''), side: rows.length }
  }, [text])
  return (
    <svg
      viewBox={`0 0 ${side} ${side}`}
      width={`${size}mm`}
      height={`${size}mm`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
