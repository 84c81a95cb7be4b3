import type { Api } from '../../api/client.ts'

/** An office of the district as the central server knows it. */
export type DistrictOffice = Awaited<ReturnType<Api['offices']['list']['ask']>>['offices'][number]
/** A batch that an office has claimed and not brought to its end. */
export type OpenClaim = Awaited<ReturnType<Api['offices']['openClaims']['ask']>>[number]
