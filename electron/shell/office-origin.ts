/** The screens live under a scheme of their own: no web server, no other page shares it. */
export const officeScheme = 'office'
export const officeOrigin = 'office://app'

/** Whether an address belongs to the screens: scheme and host compared as a whole, never as the beginning of a text. */
export function isOfficeAddress(address: string): boolean {
  const url = URL.parse(address)
  return (
    url !== null && url.protocol === `${officeScheme}:` && url.host === 'app' && url.username === '' && url.port === ''
  )
}
