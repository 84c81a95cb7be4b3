/**
 * Each thread has a heap of its own, and by default its youngest part alone may grow to 48 MB. A quarter of that collects
 * as fast for what the office does, and the threads of one office together stay small.
 */
export const smallYoungGeneration = { maxYoungGenerationSizeMb: 12 } as const
