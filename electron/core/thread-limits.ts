/**
 * Each thread has a heap of its own, and by default its youngest part alone may grow to 48 MB. A quarter of that collects
 * as fast for what the office does. A heap that may become 1 GB or more also lets its garbage grow fourfold before it
 * collects; below that it collects sooner. So the threads of one office together stay small.
 */
export const smallHeap = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 768 } as const

/** For threads beside the core's, whose youngest part fills with what lives no longer than a row or a page of a list. */
export const smallerHeap = { ...smallHeap, maxYoungGenerationSizeMb: 6 } as const
