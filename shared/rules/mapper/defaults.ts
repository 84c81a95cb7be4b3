import type { MapperProfileName, MapperSettings, MapperSigning } from '../../model/mapper.ts'

/** What suits mappers of a generation, until an administrator knows better. */
interface UsualSettings extends Pick<MapperSettings, 'strategies' | 'idTemplate'> {
  /** Where questions go under the mapper's own address. */
  readonly path: string
  readonly signing: MapperSigning['kind']
}

export const usualMapper: Readonly<Record<MapperProfileName, UsualSettings>> = {
  // The specification's own samples are in its grammar of addresses, which needs no template.
  'g2p-connect-1.0': {
    path: '/mapper/sync/resolve',
    signing: 'http-sig-string',
    strategies: [],
    idTemplate: 'token:{value}@nid',
  },
  'spar-0.1': {
    path: '/mapper/sync/resolve',
    signing: 'none',
    strategies: [
      'account:{account_no}@{branch}.{bank}.{type}',
      'account:{phone}@{wallet}.{type}',
      'email:{email}.{type}',
    ],
    idTemplate: 'token:{value}@nationalId',
  },
  'spar-1': {
    path: '/sync/resolve',
    signing: 'authorization-jwt',
    strategies: [
      'account_number:{account_number}.branch_name:{branch_name}.branch_code:{branch_code}.bank_name:{bank_name}.bank_code:{bank_code}.fa_type:{fa_type}',
      'mobile_number:{mobile_number}.wallet_provider_name:{wallet_provider_name}.wallet_provider_code:{wallet_provider_code}.fa_type:{fa_type}',
      'email_address:{email_address}.wallet_provider_name:{wallet_provider_name}.wallet_provider_code:{wallet_provider_code}.fa_type:{fa_type}',
    ],
    idTemplate: 'token:{value}@nationalId',
  },
  // Accounts come as objects.
  'spar-2': {
    path: '/mapper/resolve',
    signing: 'detached-jws',
    strategies: [],
    idTemplate: 'token:{value}@nationalId',
  },
}
