/** What an officer shows up at the provider for once more, where its settings say so. */
export const deeds = ['approve', 'settle', 'send', 'hand-over', 'tick'] as const
export type Deed = (typeof deeds)[number]
