import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/*
 * Ink-green on warm paper. `spruce` is the one colour of action; the others speak of states only: `moss` done, `ochre`
 * waits for somebody, `brick` came back or failed, `slate` on its way. All keep 4.5:1 on both grounds where they carry text.
 */
const spruce: MantineColorsTuple = [
  '#eef5f2',
  '#dbe9e4',
  '#b6d3c9',
  '#8dbcad',
  '#66a492',
  '#4a8d7a',
  '#347565',
  '#245f51',
  '#184b40',
  '#0f3a31',
]
const stone: MantineColorsTuple = [
  '#faf8f4',
  '#f4f1ea',
  '#e9e5db',
  '#dbd5c8',
  '#bdb5a5',
  '#988f7f',
  '#746c5e',
  '#575044',
  '#3a352d',
  '#23201b',
]
const charcoal: MantineColorsTuple = [
  '#e4e6e1',
  '#bcc2bc',
  '#939c95',
  '#6b756e',
  '#4c5650',
  '#39423d',
  '#2a322e',
  '#202724',
  '#191f1c',
  '#121715',
]
const moss: MantineColorsTuple = [
  '#f0f6ea',
  '#dfecd3',
  '#bfdaa8',
  '#9cc67b',
  '#7eb356',
  '#689d40',
  '#527f31',
  '#426728',
  '#345120',
  '#263c18',
]
const ochre: MantineColorsTuple = [
  '#fdf6e7',
  '#f9e9c6',
  '#f2d28b',
  '#ebbb52',
  '#e2a52a',
  '#c98d18',
  '#a87112',
  '#855710',
  '#66430f',
  '#4b310d',
]
const brick: MantineColorsTuple = [
  '#fcf0ed',
  '#f6dbd4',
  '#ecb5a8',
  '#e18e7b',
  '#d66c55',
  '#c4503a',
  '#a83f2c',
  '#883224',
  '#6b281d',
  '#4f1e16',
]
const slate: MantineColorsTuple = [
  '#eff4f7',
  '#dce7ed',
  '#b9cfdb',
  '#93b5c6',
  '#719cb2',
  '#57859d',
  '#436c82',
  '#355668',
  '#294351',
  '#1d303b',
]

const text =
  '"Segoe UI Variable Text", "Segoe UI", -apple-system, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", "Liberation Sans", ' +
  'Arial, "Noto Sans Arabic", "Geeza Pro", "Noto Sans Ethiopic", Nyala, Kefa, "Abyssinica SIL", "DejaVu Sans", sans-serif'

/** The look of the office, light and dark. */
export const theme = createTheme({
  primaryColor: 'spruce',
  primaryShade: { light: 7, dark: 6 },
  colors: {
    spruce,
    gray: stone,
    dark: charcoal,
    moss,
    ochre,
    brick,
    slate,
    red: brick,
    green: moss,
    yellow: ochre,
    blue: slate,
  },
  black: '#23201b',
  fontFamily: text,
  fontFamilyMonospace: '"Cascadia Mono", "SF Mono", Menlo, Consolas, "Noto Sans Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '640',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 600 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right', allowDeselect: false } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, radius: 'md', padding: 'lg' },
      styles: { content: { background: 'var(--office-sheet)' }, header: { background: 'var(--office-sheet)' } },
    },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.45 } } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Paper: { defaultProps: { radius: 'md' } },
    Menu: { defaultProps: { shadow: 'md', radius: 'md' } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
})

const ground = {
  '--mantine-color-body': 'var(--office-ground)',
  '--mantine-color-text': 'var(--office-ink)',
  '--mantine-color-dimmed': 'var(--office-muted)',
  '--mantine-color-default': 'var(--office-sheet)',
  '--mantine-color-default-border': 'var(--office-line)',
  '--mantine-color-default-hover': 'var(--office-sunk)',
}

/** Soft grounds of badges, alerts and light buttons; on charcoal the library's own are too dark to tell apart. */
const softOnDark = Object.fromEntries(
  ['spruce', 'moss', 'ochre', 'brick', 'slate', 'gray', 'red', 'green', 'yellow', 'blue'].flatMap((colour) => {
    const mixed = (share: number): string =>
      `color-mix(in srgb, var(--mantine-color-${colour}-4) ${share}%, transparent)`
    return [
      [`--mantine-color-${colour}-light`, mixed(18)],
      [`--mantine-color-${colour}-light-hover`, mixed(26)],
      [`--mantine-color-${colour}-light-color`, `var(--mantine-color-${colour}-2)`],
    ]
  }),
)

/** Puts the ground colours of `page.css` under Mantine's own names. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: ground,
  dark: { ...ground, ...softOnDark },
})

/** The nonce that the page's content security policy asks of style elements, if it asks for one. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
