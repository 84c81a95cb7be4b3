import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../../shared/contract/result.ts'
import { CoreLife } from '../core-handle.ts'
import type { CoreStart } from '../messages.ts'
import { officersOf } from './district-kit.ts'
import type { Line, OfficeContent, OfficeState, ToOffice } from './office-messages.ts'

export type OfficeLife = CoreLife<ToOffice>

const STORE = ['office.db', 'office.db-wal']

/** One laptop of the district: its folder, its process, its clock, its lines, and copies of it that somebody made. */
export class OfficeAtWork {
  readonly index: number
  readonly officers: ReturnType<typeof officersOf>
  readonly #file: string
  readonly #start: Omit<CoreStart, 'ahead'>
  readonly #room: string
  readonly #cut = new Set<Line>()
  readonly #storeCopies: string[] = []
  readonly #folderCopies: string[] = []
  #life: OfficeLife
  /** The same folder once more, on another laptop. */
  #twin: OfficeLife | undefined
  #twins = 0
  #ahead = 0
  /** Posts that a killed process left without an outcome. */
  cutOff = 0
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

  /** Killed and started again, with the store of before or with an older one in its place. @returns whether it was older */
  async restart(older: 'no' | 'store' | 'folder', pick: number): Promise<boolean> {
    await this.#life.kill()
    const { directory } = this.#start
    const stores = [...this.#storeCopies]
    const folders = [...this.#folderCopies]
    this.#storeCopies.push(copyFiles(directory, join(this.#room, `store-${stores.length}`), STORE))
    this.#folderCopies.push(copyFiles(directory, join(this.#room, `folder-${folders.length}`), filesOf(directory)))
    const copies = older === 'store' ? stores : older === 'folder' ? folders : []
    const copy = copies[Math.floor(pick * copies.length)]
    if (copy !== undefined) {
      const gone = older === 'store' ? [...STORE, 'office.db-shm'] : filesOf(directory)
      for (const name of gone) rmSync(join(directory, name), { force: true })
      copyFiles(copy, directory, filesOf(copy))
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
    this.cutOff += life.cutOff
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

/** As they lie while nobody has them open. */
function copyFiles(from: string, to: string, names: readonly string[]): string {
  mkdirSync(to, { recursive: true })
  for (const name of names) if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
  return to
}
