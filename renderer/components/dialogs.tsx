import { createContext, type ReactNode, use, useCallback, useState } from 'react'

type Close<Outcome> = (outcome?: Outcome) => void
type Show = <Outcome>(dialog: (close: Close<Outcome>) => ReactNode) => Promise<Outcome | undefined>

const DialogsContext = createContext<Show | undefined>(undefined)

/** Holds the dialogs that are asked for by `useDialog`, the newest on top. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<readonly { id: number; node: ReactNode }[]>([])
  const show: Show = useCallback((dialog) => {
    const { promise, resolve } = Promise.withResolvers<undefined | Parameters<Parameters<typeof dialog>[0]>[0]>()
    const id = Math.random()
    const node = dialog((outcome) => {
      setOpen((before) => before.filter((one) => one.id !== id))
      resolve(outcome)
    })
    setOpen((before) => [...before, { id, node }])
    return promise
  }, [])
  return (
    <DialogsContext value={show}>
      {children}
      {open.map(({ id, node }) => (
        <div key={id} style={{ display: 'contents' }}>
          {node}
        </div>
      ))}
    </DialogsContext>
  )
}

/** Shows any dialog and waits for its outcome; undefined when it was dismissed. */
export function useDialog(): Show {
  const show = use(DialogsContext)
  if (!show) throw new Error('useDialog outside of DialogsProvider')
  return show
}
