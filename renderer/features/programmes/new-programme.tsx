import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { newProgramme, ProgrammeForm } from './programme-form.tsx'

/** Makes a programme. */
export function NewProgramme() {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const navigate = useNavigate()
  return (
    <Screen>
      <PageHeader title={t('list.new')} back={{ to: '/programmes', label: t('list.title') }} />
      <ProgrammeForm
        settings={newProgramme}
        submitLabel={t('form.create')}
        onSubmit={async (settings) => {
          const { id } = await api.programmes.programme.create.run(settings)
          notifyDone(t('form.created', { name: settings.name }))
          void navigate(`/programmes/${id}/enrolment`)
        }}
      />
    </Screen>
  )
}
