import { Text } from '@mantine/core'
import classes from './signature-lines.module.css'

export interface SignatureLine {
  /** Who signs here and as what. */
  readonly label: string
  /** Whose signature is expected, where that is known. */
  readonly name?: string
}

/** Lines at the end of a paper on which people sign by hand. */
export function SignatureLines({ lines }: { lines: readonly SignatureLine[] }) {
  return (
    <div className={classes.lines}>
      {lines.map(({ label, name = '' }) => (
        <div key={label} className={classes.line}>
          {label}
          {name !== '' && (
            <Text size="sm">
              <bdi>{name}</bdi>
            </Text>
          )}
        </div>
      ))}
    </div>
  )
}
