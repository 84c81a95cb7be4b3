import type { ReplySigning, Signing } from '../../../../../shared/model/message-security.ts'
import { compactJws } from './compact-jws.ts'
import { detachedJws } from './detached-jws.ts'
import { httpSigString } from './http-sig-string.ts'
import { rawRsa } from './raw-rsa.ts'
import type { SignatureProfile } from './signature-profile.ts'

type Signed = Exclude<Signing, { kind: 'placeholder' }>

/** Every way to sign. A new one is a file beside the others and a line here. */
export const signatureProfiles: { readonly [K in Signed['kind']]: SignatureProfile<Extract<Signed, { kind: K }>> } = {
  'http-sig-string': httpSigString,
  jws: compactJws,
  'detached-jws': detachedJws,
  'raw-rsa': rawRsa,
}

/** How replies of this form are verified. */
export const replyProfile = (
  form: Exclude<ReplySigning, 'none'>,
): Pick<SignatureProfile<Signed>, 'isSigned' | 'keyIdIn' | 'verify'> => signatureProfiles[form]
