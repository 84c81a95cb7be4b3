import { type Ruling, refused, ruled } from './ruling.ts'

/*
 * Minor digits by ISO 4217, as data. `Intl` cannot be asked: it follows CLDR's habits of cash (0 digits for IQD, AFN,
 * PKR, LBP, MMK…, where ISO says 3 or 2) and changes with the browser's version, so two laptops would read the same
 * stored amount a hundredfold apart.
 */
const CODES_BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
      'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
      'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
      'NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
      'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
]

/** Where no currency is meant (ISO 4217). Money cannot be kept in it. */
export const NO_CURRENCY = 'XXX'

const DIGITS: ReadonlyMap<string, number> = new Map(
  CODES_BY_DIGITS.flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, digits] as const)),
)

/** Every currency that money can be kept in, sorted by code. */
export const currencies: readonly string[] = [...DIGITS.keys()].sort()

/** Digits of the minor unit (ISO 4217), or undefined for a code that is no currency in use. */
export const findCurrencyDigits = (currency: string): number | undefined => DIGITS.get(currency)

/** Digits of the minor unit (ISO 4217), or `currency.unknown`. */
export function currencyDigits(currency: string): Ruling<number> {
  const digits = DIGITS.get(currency)
  return digits === undefined ? refused('currency.unknown', { currency: currency.slice(0, 3) }) : ruled(digits)
}
