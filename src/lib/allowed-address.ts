/** Reports whether addresses of this domain may log in; no domains means all. */
export function isAllowedAddress(domains: readonly string[], email: string): boolean {
  return !domains.length || domains.includes(domainOf(email))
}

export const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1)
