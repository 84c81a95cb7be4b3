import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../../api/provider.tsx'
import { clearAfterSignOut } from '../../state/session.ts'

const PAUSE_BEFORE_FOLLOWING_AGAIN = 2_000
/** A touch is told at most this often, milliseconds. */
const TELL_EVERY = 20_000
const SIGNS_OF_A_PERSON = ['pointerdown', 'keydown', 'wheel'] as const

/**
 * Keeps the screen in step with the core about who is signed in: an administrator may suspend the officer, or the window
 * may be locked because nobody touched it. While somebody does, the core is told.
 */
export function useWatchSession(officerId: string | undefined): void {
  const api = useApi()
  const queryClient = useQueryClient()
  useEffect(() => {
    if (officerId === undefined) return
    let again: ReturnType<typeof setTimeout> | undefined
    let stop = (): void => undefined
    const follow = (): void => {
      stop = api.session.follow.follow(undefined, {
        event: (officer) => {
          queryClient.setQueryData(api.session.current.queryKey(), officer)
          if (officer !== null) return
          void queryClient.invalidateQueries({ queryKey: api.setup.status.queryKey() })
          void clearAfterSignOut()
        },
        end: () => {
          again = setTimeout(follow, PAUSE_BEFORE_FOLLOWING_AGAIN)
        },
      })
    }
    follow()

    let told = Date.now()
    const tell = (): void => {
      if (Date.now() - told < TELL_EVERY) return
      told = Date.now()
      // If it does not arrive, the window is locked a little earlier; nothing is lost.
      api.session.active.run(undefined).catch(() => undefined)
    }
    for (const sign of SIGNS_OF_A_PERSON) window.addEventListener(sign, tell, { passive: true })
    return () => {
      clearTimeout(again)
      stop()
      for (const sign of SIGNS_OF_A_PERSON) window.removeEventListener(sign, tell)
    }
  }, [api, queryClient, officerId])
}
