import { EventEmitter } from 'node:events'

/** Takes the place of an Electron object that announces things; the pieces under test use no more of it than this. */
export class FakeEmitter extends EventEmitter {
  /** Emits an event that can be prevented and tells whether it was. */
  prevents(name: string, details: Readonly<Record<string, unknown>> = {}, ...others: readonly unknown[]): boolean {
    let prevented = false
    const preventDefault = (): void => {
      prevented = true
    }
    this.emit(name, { ...details, preventDefault }, ...others)
    return prevented
  }
}

type OpenHandler = (details: { url: string }) => { action: string }

/** A page as the main process sees it. */
export class FakeContents extends FakeEmitter {
  readonly id: number
  readonly told: unknown[] = []
  isGone = false
  #openHandler: OpenHandler | undefined

  constructor(id = 1) {
    super()
    this.id = id
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }
  /** What happens when the page asks for a new window. */
  asksToOpen(url: string): string | undefined {
    return this.#openHandler?.({ url }).action
  }
  send(_channel: string, text: string): void {
    this.told.push(JSON.parse(text))
  }
  isDestroyed(): boolean {
    return this.isGone
  }
}
