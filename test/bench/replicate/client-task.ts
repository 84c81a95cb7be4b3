/** What a client is told to do, in a process of its own. */
export interface ClientTask {
  readonly who: 'office' | 'pouchdb'
  /** `claim` and `contact` are the office's alone. */
  readonly what: 'push' | 'pull' | 'claim' | 'contact'
  /** The office's folder, or where LevelDB lies. */
  readonly folder: string
  readonly url: string
  readonly district: string
  readonly user: string
  readonly password: string
  /** Documents in one request; the office finds that out by itself. */
  readonly batchSize: number
  /** Documents, one a line, that PouchDB has before it pushes. */
  readonly documents: string
  /** How many of them; batches to claim, or contacts to make. */
  readonly count: number
}

/** What the task took, from the first request to everything being there and durable. */
export interface ClientFigures {
  /** Records that went over. */
  readonly records: number
  readonly time: number
  /** Processor time of the process with all its threads, milliseconds. */
  readonly work: number
  /** The most memory that the process ever had, MB. */
  readonly memory: number
  /** The longest time in which the main thread was at work without a pause, milliseconds. */
  readonly block: number
}
