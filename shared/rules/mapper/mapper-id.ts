import type { MapperSettings } from '../../model/mapper.ts'
import { type Ruling, refused, ruled } from '../ruling.ts'

const FORBIDDEN = /[\s\p{C}]/u

/** Whether a template of a mapper's id can be filled in: it names `{value}` once and nothing else. */
export const isIdTemplate = (template: string): boolean =>
  template.split('{value}').length === 2 && !/[{}]/.test(template.replace('{value}', '')) && !FORBIDDEN.test(template)

/** The id by which a mapper knows a person. Errors: `mapper.bad-id-template`. */
export const mapperId = ({ idTemplate }: Pick<MapperSettings, 'idTemplate'>, value: string): Ruling<string> =>
  // A function, since in a text `$` would mean something.
  isIdTemplate(idTemplate) ? ruled(idTemplate.replace('{value}', () => value)) : refused('mapper.bad-id-template')
