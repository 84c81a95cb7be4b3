import { useState } from 'react'
import { useApi } from '../../../api/provider.tsx'
import type { Inspected } from '../answers.ts'

/** Bytes of one piece; base64 makes a third more of it. */
const PIECE = 900_000

export interface Uploading {
  readonly sent: number
  readonly size: number
}

async function toBase64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}

/** Brings a file to the core piece by piece and has it looked at. */
export function useUpload(): {
  uploading: Uploading | undefined
  upload: (file: File) => Promise<{ id: string } & Inspected>
} {
  const api = useApi()
  const [uploading, setUploading] = useState<Uploading>()
  const upload = async (file: File): Promise<{ id: string } & Inspected> => {
    setUploading({ sent: 0, size: file.size })
    try {
      const { id } = await api.registry.imports.begin.run({ fileName: file.name.slice(0, 200), size: file.size })
      for (let sent = 0, piece = 0; sent < file.size; sent += PIECE, piece++) {
        const content = await toBase64(file.slice(sent, sent + PIECE))
        await api.registry.imports.append.run({ id, piece, content })
        setUploading({ sent: Math.min(file.size, sent + PIECE), size: file.size })
      }
      return { id, ...(await api.registry.imports.inspect.run({ id, reading: {} })) }
    } finally {
      setUploading(undefined)
    }
  }
  return { uploading, upload }
}
