import { useEffect, useRef } from 'react'

/**
 * Opens the print window once, when everything that goes on paper is there.
 *
 * @param onDone the window is closed again, whether or not anything was printed
 */
export function usePrint(isReady: boolean, onDone: () => void): void {
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  }, [onDone])
  useEffect(() => {
    if (!isReady) return
    const end = (): void => done.current()
    window.addEventListener('afterprint', end)
    // One frame later the sheet is laid out.
    const frame = requestAnimationFrame(() => window.print())
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('afterprint', end)
    }
  }, [isReady])
}
