import { Select, SimpleGrid, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PayeeIdType } from '../../../shared/model/payment-manager.ts'
import { usualPayeePrefix } from '../../../shared/rules/payee-address.ts'
import { Section } from '../../components/section.tsx'
import { HubPayeeFields } from './hub-fields.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'
import { newMapper } from './mapper-draft.ts'
import { MapperFields } from './mapper-fields.tsx'
import { sampleAddress } from './payee-samples.ts'

const payeeTypes: readonly PayeeIdType[] = ['bank_acc_no', 'bank_acc_iban', 'phone', 'email', 'reg_id', 'mapper']

/** How a person's address is formed, or who is asked for it. */
export function PayeeSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { text, words } = useFields(part)
  const { draft, change } = part
  const { payeeIdType, payeePrefix } = draft
  const byBank = payeeIdType === 'bank_acc_no' || payeeIdType === 'bank_acc_iban'
  const choose = (chosen: string | null): void => {
    const type = payeeTypes.find((one) => one === chosen)
    if (type === undefined) return
    const usual = payeePrefix === usualPayeePrefix[payeeIdType] ? { payeePrefix: usualPayeePrefix[type] } : {}
    const mapper = type === 'mapper' && draft.mapper === undefined ? { mapper: newMapper() } : {}
    change({ payeeIdType: type, ...usual, ...mapper, ...(type.startsWith('bank') ? { payeeSuffix: '' } : {}) })
  }
  return (
    <Section id={placeOf('payee')} title={t('form.payee')} description={t('form.payeeMeaning')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          {...words('payeeIdType')}
          value={payeeIdType}
          onChange={choose}
          data={payeeTypes.map((type) => ({ value: type, label: t(`payeeTypes.${type}`) }))}
          allowDeselect={false}
        />
        {payeeIdType === 'reg_id' && <TextInput {...text('regIdTypeForPayeeId')} maxLength={40} />}
        {payeeIdType !== 'mapper' && (
          <>
            <TextInput {...text('payeePrefix')} maxLength={40} />
            {!byBank && <TextInput {...text('payeeSuffix')} maxLength={80} />}
            <TextInput label={t('form.sample')} value={sampleAddress(draft)} readOnly variant="filled" dir="ltr" />
          </>
        )}
        {draft.kind === 'payment-hub' && <HubPayeeFields {...part} />}
      </SimpleGrid>
      {payeeIdType === 'mapper' && <MapperFields {...part} />}
    </Section>
  )
}
