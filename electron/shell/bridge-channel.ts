/** The only channel between the window and the main process. Both ways carry JSON text. */
export const bridgeChannel = 'office-bridge'

/** From the window. `line` numbers the lines that one page has opened. */
export type FromWindow =
  | { readonly line: number; readonly does: 'open' }
  | { readonly line: number; readonly does: 'send'; readonly request: string }
  | { readonly line: number; readonly does: 'close' }

/** To the window. */
export type ToWindow =
  | { readonly line: number; readonly tells: 'reply'; readonly reply: string }
  | { readonly line: number; readonly tells: 'state'; readonly up: boolean }
