import { PDFiumLibrary } from '@hyzyla/pdfium'
import { encode } from 'fast-png'

/** A page as it comes out of the printer. */
export interface PrintedPage {
  /** In the order of the page, white space made one. */
  readonly text: string
  /** 144 dots per inch. */
  readonly png: Uint8Array
}

/** Looks at a PDF the way Chromium would show it. */
export async function pagesOf(pdf: Uint8Array): Promise<PrintedPage[]> {
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(pdf)
  try {
    const pages: PrintedPage[] = []
    for (const page of document.pages()) {
      const text = page.getText().replaceAll(/\s+/g, ' ').trim()
      const { data, width, height } = await page.render({
        scale: 2,
        render: async ({ data: pixels, width: across, height: down }) =>
          encode({ data: pixels, width: across, height: down, channels: 4, depth: 8 }),
      })
      if (width * height === 0) throw new Error('the page has no size')
      pages.push({ text, png: data })
    }
    return pages
  } finally {
    document.destroy()
    library.destroy()
  }
}
