/** Hands text to the browser as a file that is saved. */
export function saveText(text: string | readonly string[], fileName: string): void {
  const parts = typeof text === 'string' ? [text] : [...text]
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
