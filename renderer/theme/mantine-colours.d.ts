import type { DefaultMantineColor, MantineColorsTuple } from '@mantine/core'

type OfficeColour = 'spruce' | 'moss' | 'ochre' | 'brick' | 'slate'

declare module '@mantine/core' {
  export interface MantineThemeColorsOverride {
    colors: Record<OfficeColour | DefaultMantineColor, MantineColorsTuple>
  }
}
