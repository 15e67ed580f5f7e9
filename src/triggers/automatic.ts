import type { Person } from '../lib/person.ts'

/** Who triggers what nobody triggers: no address, so that no mail is sent to it. */
export const automatic = (trigger: 'build' | 'schedule'): Person => ({
  ...{ email: `trigger:${trigger}`, isAdmin: true, groups: [] },
  ...{ ip: null, locale: 'en' },
})
