import packageFile from '../../package.json' with { type: 'json' }

/** Version of this program: three numbers. */
export const programVersion: string = packageFile.version
