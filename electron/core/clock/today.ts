/** The office's own calendar day, `YYYY-MM-DD`: memberships, enrolments and payment days go by days, not moments. */
export function today(now = new Date()): string {
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
}
