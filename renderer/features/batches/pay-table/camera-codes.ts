import decodeQR from 'qr/decode.js'

interface Watcher {
  started: () => void
  /** No camera, or it is not allowed. */
  failed: () => void
  /** A code came into view; the next one is looked for when this has been dealt with. */
  read: (text: string) => Promise<void>
}

/** Milliseconds between two looks: quick enough for a hand, and light enough for an old laptop. */
const PAUSE = 150
/** Pixels of the longer side of what is looked at. */
const LONGEST = 800

/**
 * Shows the camera in a video element and reads QR codes from it, all on this machine.
 *
 * @returns stops the camera
 */
export function watchForCode(video: HTMLVideoElement, watcher: Watcher): () => void {
  const canvas = document.createElement('canvas')
  const brush = canvas.getContext('2d', { willReadFrequently: true })
  let stream: MediaStream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  let last = ''

  const look = async (): Promise<void> => {
    const text = brush === null ? undefined : findCode(video, canvas, brush)
    // A code that stays in view is not asked about again and again.
    if (text !== undefined && text !== last) {
      last = text
      await watcher.read(text)
    }
    if (!stopped) timer = setTimeout(() => void look(), PAUSE)
  }
  const start = async (): Promise<void> => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
    if (stopped) return stop()
    video.srcObject = stream
    await video.play()
    watcher.started()
    await look()
  }
  const stop = (): void => {
    stopped = true
    clearTimeout(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
  }
  // A door without a safe origin has no devices at all.
  if (navigator.mediaDevices === undefined) watcher.failed()
  else start().catch(() => !stopped && watcher.failed())
  return stop
}

function findCode(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  brush: CanvasRenderingContext2D,
): string | undefined {
  const { videoWidth, videoHeight } = video
  if (videoWidth === 0 || videoHeight === 0) return undefined
  const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight))
  canvas.width = Math.round(videoWidth * scale)
  canvas.height = Math.round(videoHeight * scale)
  brush.drawImage(video, 0, 0, canvas.width, canvas.height)
  try {
    return decodeQR(brush.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    // The decoder throws where it finds no code, which is most of the time.
    return undefined
  }
}
