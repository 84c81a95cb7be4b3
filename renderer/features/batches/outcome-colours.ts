import type { Delivery } from '../../../shared/model/payment.ts'
import type { StateLook } from '../../components/state-looks.ts'

/** How a post ended, as a colour of the theme. */
export const outcomeColours: Readonly<Record<Delivery['outcome'], StateLook['colour']>> = {
  posting: 'slate',
  'never-sent': 'gray',
  acknowledged: 'moss',
  nack: 'ochre',
  refused: 'brick',
  'too-large': 'gray',
  'set-apart': 'gray',
  duplicate: 'ochre',
  answered: 'moss',
  unknown: 'ochre',
}
