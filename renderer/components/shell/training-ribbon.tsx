import { useTranslation } from 'react-i18next'
import { useSession } from '../../state/session.ts'
import classes from './shell.module.css'

/** The band across every screen and every sheet of paper of the training office. */
export function TrainingRibbon() {
  const { t } = useTranslation()
  const training = useSession((session) => session.training)
  if (!training) return null
  return (
    <div className={classes.ribbon} role="note" data-training>
      <strong>{t('training.name')}</strong>
      <span>{t('training.meaning')}</span>
    </div>
  )
}
