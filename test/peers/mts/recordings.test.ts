import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ToldAnswer } from '../../../electron/peers/mts/identity-system.ts'
import { type MtsPeer, startMtsPeer } from '../../../electron/peers/mts/mts-peer.ts'
import { startCentralPeer } from '../../../electron/peers/odk-central/central-peer.ts'
import { centralOptions, recordedSubmissions } from '../odk-central/household-form.ts'
import { describeRecordings } from '../transcripts.ts'
import { type CallbackReceiver, startCallbackReceiver } from './callback-receiver.ts'
import { replay } from './replay.ts'

let receiver: CallbackReceiver
let mts: MtsPeer

beforeAll(async () => {
  receiver = await startCallbackReceiver()
  mts = await startMtsPeer()
})
afterAll(async () => {
  await mts.close()
  await receiver.close()
})

for (const file of ['requests', 'validation', 'csv', 'callbacks', 'registry-connector'] as const) {
  describeRecordings(`mts/transcripts/${file}.json`, (exchanges) => {
    test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', async (_, exchange) => {
      await replay(exchange, { mts: mts.origin, receiver, hosts: { 'http://callback.test': receiver.origin } })
    })
  })
}

const THIRTY_SIX_DIGITS = { token: '762380399571772839202053212854280987' }
const errors = (...told: readonly (readonly [string, string])[]): ToldAnswer => ({
  errors: told.map(([code, message]) => ({ code, message })),
})

describeRecordings('mts/transcripts/ida-results.json', (exchanges) => {
  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', async (name, exchange) => {
    const other = await startMtsPeer({
      answers: {
        '2014391641351279': name === 'ida-unreachable' ? 'unreachable' : THIRTY_SIX_DIGITS,
        '1': errors(['IDA-MLC-009', 'Invalid VID']),
        '2': errors(['IDA-MLC-018', 'VID is not available in the database']),
        '3': errors(
          ['IDA-DEA-001', 'Demographic data name in eng did not match'],
          ['IDA-DEA-001', 'Demographic data dob did not match'],
        ),
        '4': 'unreadable',
        '5': 'nothing',
        '6': 'unreadable',
        '7': errors(['IDA-MLC-101', 'Unknown error occured']),
        '8': errors(['IDA-MLC-005', 'Expired VID']),
      },
    })
    await replay(exchange, { mts: other.origin, receiver, hosts: {} })
    await other.close()
  })
})

describeRecordings('mts/transcripts/sync-mode.json', (exchanges) => {
  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', async (_, exchange) => {
    const other = await startMtsPeer({
      syncMode: true,
      answers: {
        '2014391641351279': THIRTY_SIX_DIGITS,
        '1': errors(['IDA-MLC-009', 'Invalid VID. Please retry with the correct VID']),
        '3': errors(
          ['IDA-DEA-001', 'Demographic data name in eng did not match. Please re-enter your name in eng'],
          ['IDA-DEA-001', 'Demographic data dob did not match. Please re-enter your dob'],
        ),
        '4': 'nothing',
        '6': 'unreadable',
        '8': errors(['IDA-MLC-005', 'Expired VID. Please regenerate VID']),
      },
    })
    await replay(exchange, { mts: other.origin, receiver, hosts: {} })
    expect((await fetch(`${other.origin}/authtoken/odk`, { method: 'POST', body: '{}' })).status).toBe(404)
    await other.close()
  })
})

describeRecordings('mts/transcripts/odk-pull.json', (exchanges) => {
  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', async (_, exchange) => {
    const dates = ['20:48:54.892', '20:48:56.138', '20:48:57.377', '20:48:58.616'].map((at) => `2026-11-21T${at}Z`)
    const central = await startCentralPeer({ ...centralOptions, submissions: recordedSubmissions(dates) })
    const hosts = { 'http://callback.test': receiver.origin, 'http://odk.test': central.origin }
    await replay(exchange, { mts: mts.origin, receiver, hosts })
    await central.close()
  })
})
