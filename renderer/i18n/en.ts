/** Every file of sentences of this language; a feature adds its own JSON file beside the others. */
export const files: Record<string, Record<string, unknown>> = import.meta.glob('./en/*.json', {
  eager: true,
  import: 'default',
})
