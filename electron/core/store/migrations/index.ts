import type { Database } from '../database.ts'
import { callbackTables } from './initial/callbacks.ts'
import { centralTables } from './initial/central.ts'
import { keepingTables } from './initial/keeping.ts'
import { mapperTables } from './initial/mapper.ts'
import { officeTables } from './initial/office.ts'
import { paymentTables } from './initial/payments.ts'
import { programmeTables } from './initial/programmes.ts'
import { registryTables } from './initial/registry.ts'
import { tokenisationTables } from './initial/tokenisation.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  run(database: Database): void
}

/** In order, without gaps. A released migration is never edited; the next number changes what it did. */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'initial',
    run(database) {
      const all = [
        officeTables,
        registryTables,
        programmeTables,
        paymentTables,
        callbackTables,
        tokenisationTables,
        mapperTables,
        centralTables,
        keepingTables,
      ]
      for (const tables of all) database.exec(tables)
    },
  },
]
