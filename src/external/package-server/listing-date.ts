const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const DAY_FIRST = /\b(?<day>\d{1,2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{4}) (?<time>\d{2}:\d{2}(?::\d{2})?)/
// Apache: 2026-11-20 11:56, lighttpd: 2026-Nov-20 11:56:00, Caddy: 2026-11-20T11:56:00Z
const YEAR_FIRST =
  /\b(?<year>\d{4})-(?<month>\d{2}|[A-Z][a-z]{2})-(?<day>\d{2})[ T](?<time>\d{2}:\d{2}(?::\d{2})?)/
const HTTP_DATE = /\b(?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2})/

/** Most listings give no zone. Read as UTC: dates are only compared within one listing. */
export function parseListingDate(text: string): number | null {
  const found = (DAY_FIRST.exec(text) ?? YEAR_FIRST.exec(text) ?? HTTP_DATE.exec(text))?.groups
  if (!found) return null
  const { year, month = '', day, time = '' } = found
  const monthIndex = /\d/.test(month) ? Number(month) - 1 : MONTHS.indexOf(month.toLowerCase())
  const [hours, minutes, seconds = 0] = time.split(':').map(Number)
  if (monthIndex < 0 || monthIndex > 11) return null
  return Date.UTC(Number(year), monthIndex, Number(day), hours, minutes, seconds)
}
