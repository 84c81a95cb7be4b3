import type { Api } from '../../api/client.ts'

/** Bytes of one piece on its way to the core. */
const PIECE = 900_000

/** Hands a file to the core piece by piece. @returns the upload's id */
export async function uploadList(api: Api, file: File): Promise<string> {
  const { id } = await api.programmes.lists.begin.run({ fileName: file.name, size: file.size })
  for (let piece = 0; piece * PIECE < file.size; piece += 1) {
    const content = await base64Of(file.slice(piece * PIECE, (piece + 1) * PIECE))
    await api.programmes.lists.append.run({ id, piece, content })
  }
  return id
}

function base64Of(part: Blob): Promise<string> {
  const read = Promise.withResolvers<string>()
  const reader = new FileReader()
  // A data address: everything behind its comma is the content.
  reader.onload = () => read.resolve(String(reader.result).replace(/^[^,]*,/, ''))
  reader.onerror = () => read.reject(reader.error ?? new Error('the file could not be read'))
  reader.readAsDataURL(part)
  return read.promise
}
