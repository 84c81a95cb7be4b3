import { useTranslation } from 'react-i18next'
import { FactList } from '../../components/fact-list.tsx'
import { Money } from '../../components/money.tsx'
import { useFormat } from '../../i18n/format.ts'

interface DeedSummaryProps {
  count: number
  sums: readonly { readonly sum: number; readonly currency: string }[]
  programme?: string
  cycle?: string
}

/** What a deed is about, in figures, before it is done. */
export function DeedSummary({ count, sums, programme, cycle }: DeedSummaryProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  return (
    <FactList
      facts={[
        { name: t('figures.payments'), value: format.number(count) },
        {
          name: t('figures.sum'),
          value: sums.map(({ sum, currency }) => (
            <div key={currency}>
              <Money minor={sum} currency={currency} fw={640} />
            </div>
          )),
        },
        ...(programme === undefined ? [] : [{ name: t('columns.programme'), value: <bdi>{programme}</bdi> }]),
        ...(cycle === undefined ? [] : [{ name: t('columns.cycle'), value: <bdi>{cycle}</bdi> }]),
      ]}
    />
  )
}
