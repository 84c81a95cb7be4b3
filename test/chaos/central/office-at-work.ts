import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../../shared/contract/result.ts'
import { CoreLife } from '../core-handle.ts'
import type { CoreStart } from '../messages.ts'
import { officersOf } from './district-kit.ts'
import type { Line, OfficeContent, OfficeState, ToOffice } from './office-messages.ts'

export type OfficeLife = CoreLife<ToOffice>

const STORE = 'office.db'

/** One laptop of the district: its folder, its process, its clock, its lines, and copies of it that somebody made. */
export class OfficeAtWork {
  readonly index: number
  readonly officers: ReturnType<typeof officersOf>
  readonly #file: string
  readonly #start: Omit<CoreStart, 'ahead'>
  readonly #room: string
  readonly #cut = new Set<Line>()
  readonly #copies: string[] = []
  #life: OfficeLife
  /** The same folder once more, on another laptop. */
  #twin: OfficeLife | undefined
  #twins = 0
  #ahead = 0
  /** The laptop is lost. */
  lost = false

  private constructor(index: number, file: string, start: Omit<CoreStart, 'ahead'>, room: string, life: OfficeLife) {
    this.index = index
    this.officers = officersOf(index)
    this.#file = file
    this.#start = start
    this.#room = room
    this.#life = life
  }

  /** @param room where the office's folder and its copies lie */
  static async open(index: number, file: string, room: string, start: Omit<CoreStart, 'ahead' | 'directory'>) {
    const directory = join(room, 'office')
    mkdirSync(directory, { recursive: true })
    const whole = { ...start, directory }
    const life: OfficeLife = await CoreLife.start(file, { ...whole, ahead: 0 })
    return new OfficeAtWork(index, file, whole, room, life)
  }

  get life(): OfficeLife {
    return this.#life
  }

  get twin(): OfficeLife | undefined {
    return this.#twin
  }

  get lives(): readonly OfficeLife[] {
    return this.#twin === undefined ? [this.#life] : [this.#life, this.#twin]
  }

  /** An officer's command; undefined when the process ended before it answered. */
  command(officer: keyof ReturnType<typeof officersOf>, path: string, input: object, life = this.#life) {
    return life.call(this.officers[officer], 'mutation', path, input)
  }

  async state(life = this.#life): Promise<OfficeState | undefined> {
    return answered<OfficeState>(await life.ask({ do: 'state' }))
  }

  async content(): Promise<OfficeContent | undefined> {
    return answered<OfficeContent>(await this.#life.ask({ do: 'content' }))
  }

  jump(ahead: number): void {
    this.#ahead = ahead
    for (const life of this.lives) life.tell({ do: 'jump', ahead })
  }

  cutLine(line: Line, cut: boolean): void {
    if (cut) this.#cut.add(line)
    else this.#cut.delete(line)
    for (const life of this.lives) life.tell({ do: 'cut-line', line, cut })
  }

  isCut(line: Line): boolean {
    return this.#cut.has(line)
  }

  /** Somebody makes a copy of the laptop while it is at work. */
  async backUp(): Promise<void> {
    const copy = join(this.#room, `copy-${this.#copies.length}`)
    mkdirSync(copy)
    const done = await this.#life.ask({ do: 'copy', file: join(copy, STORE) })
    if (done?.ok !== true) return
    const { directory } = this.#start
    copyFiles(
      directory,
      copy,
      filesOf(directory).filter((name) => !name.startsWith(STORE)),
    )
    this.#copies.push(copy)
  }

  /**
   * Killed and started again, with the store as it was, with an older one in its place, or with an older one together with
   * everything beside it.
   *
   * @param pick of the copies, from 0 to 1
   * @returns whether it was older
   */
  async restart(older: 'no' | 'store' | 'folder', pick: number): Promise<boolean> {
    await this.#life.kill()
    const { directory } = this.#start
    const copy = older === 'no' ? undefined : this.#copies[Math.floor(pick * this.#copies.length)]
    if (copy !== undefined) {
      const isStore = (name: string): boolean => name.startsWith(STORE)
      const wanted = (name: string): boolean => older === 'folder' || isStore(name)
      for (const name of filesOf(directory).filter(wanted)) rmSync(join(directory, name))
      copyFiles(copy, directory, filesOf(copy).filter(wanted))
    }
    this.#life = await this.#begin(directory)
    return copy !== undefined
  }

  /** The folder is copied and opened on another laptop too. */
  async copyFolder(): Promise<void> {
    if (this.#twin !== undefined) return
    await this.#life.kill()
    const directory = join(this.#room, `twin-${this.#twins}`)
    this.#twins += 1
    cpSync(this.#start.directory, directory, { recursive: true })
    this.#life = await this.#begin(this.#start.directory)
    this.#twin = await this.#begin(directory)
  }

  async endTwin(): Promise<void> {
    await this.#twin?.kill()
    this.#twin = undefined
  }

  /** Nobody sees the laptop again, unless it is found. */
  async lose(): Promise<void> {
    this.lost = true
    await this.endTwin()
    await this.#life.kill()
  }

  async find(): Promise<void> {
    this.#life = await this.#begin(this.#start.directory)
    this.lost = false
  }

  async close(): Promise<void> {
    await this.endTwin()
    if (!this.lost) await this.#life.close()
  }

  async #begin(directory: string): Promise<OfficeLife> {
    const life: OfficeLife = await CoreLife.start(this.#file, { ...this.#start, directory, ahead: this.#ahead })
    for (const line of this.#cut) life.tell({ do: 'cut-line', line, cut: true })
    return life
  }
}

const answered = <T>(result: Result<unknown> | undefined): T | undefined =>
  result?.ok === true ? (result.value as T) : undefined

const filesOf = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

function copyFiles(from: string, to: string, names: readonly string[]): void {
  for (const name of names) copyFileSync(join(from, name), join(to, name))
}
