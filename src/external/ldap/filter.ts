/** As RFC 4515 writes a value, so that nothing in it is read as a part of the filter. */
export function escapeFilterValue(value: string): string {
  return Buffer.from(value)
    .toString('latin1')
    .replace(/[\0()*\\\x80-\xff]/g, char => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function filterFor(pattern: string, login: string): string {
  return pattern.replaceAll('{{login}}', () => escapeFilterValue(login))
}
