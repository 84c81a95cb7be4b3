import type { ComponentType } from 'react'
import type { PartName } from './connector-draft.ts'
import { DeliverySection } from './delivery-section.tsx'
import { FormSection } from './form-section.tsx'
import { MessageSection } from './message-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { QuestionsSection } from './questions-section.tsx'
import { ScheduleSection } from './schedule-section.tsx'
import { SeederSection } from './seeder-section.tsx'
import type { ConnectorPart } from './use-connector-draft.ts'

/** The sheet of each part of a connector's settings. */
export const partSheets: Readonly<Record<PartName, ComponentType<ConnectorPart>>> = {
  seeder: SeederSection,
  form: FormSection,
  questions: QuestionsSection,
  people: PeopleSection,
  message: MessageSection,
  delivery: DeliverySection,
  schedule: ScheduleSection,
}
