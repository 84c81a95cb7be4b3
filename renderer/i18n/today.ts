/** Today by the machine's calendar, `YYYY-MM-DD`. */
export function todayText(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}
