/** Posts of this process: which batches are posting right now, and how often each has posted. */
export class Posts {
  readonly #counts = new Map<string, number>()
  readonly #posting = new Set<string>()

  isPosting(batchId: string): boolean {
    return this.#posting.has(batchId)
  }

  count(batchId: string): number {
    return this.#counts.get(batchId) ?? 0
  }

  begin(batchId: string): void {
    this.#counts.set(batchId, this.count(batchId) + 1)
    this.#posting.add(batchId)
  }

  end(batchId: string): void {
    this.#posting.delete(batchId)
  }
}
