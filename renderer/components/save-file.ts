/** Characters that some file system refuses in a name. */
const FORBIDDEN = /[\\/:*?"<>|]/g

/** Gives the officer a file to keep, through the browser's or Electron's own download. */
export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name.replace(FORBIDDEN, '-')
  link.click()
  // The download has read the address by the next turn; keeping it would keep the whole file in memory.
  setTimeout(() => URL.revokeObjectURL(address), 0)
}
