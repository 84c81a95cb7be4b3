/** Characters that some file system refuses in a name. */
const FORBIDDEN = /[\\/:*?"<>|]/g

const CSV = 'text/csv;charset=utf-8'

/** Gives the officer a file to keep, through the browser's or Electron's own download. */
export function saveFile(name: string, content: string | readonly BlobPart[], type: string = CSV): void {
  const address = URL.createObjectURL(new Blob(typeof content === 'string' ? [content] : [...content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name.replace(FORBIDDEN, '-')
  link.click()
  // Kept for a while, since the download may begin late; for good, it would keep the whole file in memory.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
