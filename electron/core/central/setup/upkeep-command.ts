import { readArguments } from '../../doors/command-line.ts'
import type { Desk } from '../../doors/desk.ts'
import { ArgumentError } from '../../doors/office-arguments.ts'
import { createHttp } from '../../http/http.ts'
import { credentials, readText, serverAddress } from './server-arguments.ts'
import { tidyDistrict } from './tidy-district.ts'

const text = { type: 'string' } as const
const options = { district: text, 'certificate-authority': text, 'credentials-fd': text } as const

/** `central-upkeep URL --district CODE`: takes out what is left of numbers that were given up, and compacts. */
export async function centralUpkeep(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [url, ...rest] = positionals
  if (url === undefined || rest.length > 0) throw new ArgumentError('one address of a server is needed')
  if (values.district === undefined) throw new ArgumentError('--district is missing')
  const authority = values['certificate-authority']
  const http = createHttp()
  try {
    const tidied = await tidyDistrict(http, {
      url: serverAddress(url),
      admin: credentials(values['credentials-fd']),
      district: values.district,
      ...(authority === undefined ? {} : { certificateAuthority: readText(authority) }),
    })
    desk.say({ district: values.district, ...tidied })
    const open = tidied.databases.filter(({ ended }) => !ended)
    for (const { name } of open) desk.explain(`The server is still compacting ${name}; it goes on by itself.`)
  } finally {
    http.close()
  }
  return 0
}
