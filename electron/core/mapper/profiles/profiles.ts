import type { MapperProfileName } from '../../../../shared/model/mapper.ts'
import { envelopeProfile } from './envelope-profile.ts'
import type { MapperProfile } from './mapper-profile.ts'
import { spar2 } from './spar-2.ts'

/** Every generation of the protocol that is spoken. A new one is a file here, a line, and its words in `settings.json`. */
export const mapperProfiles: Readonly<Record<MapperProfileName, MapperProfile>> = {
  'g2p-connect-1.0': envelopeProfile('g2p-connect-1.0'),
  'spar-0.1': envelopeProfile('spar-0.1'),
  'spar-1': envelopeProfile('spar-1'),
  'spar-2': spar2,
}
