/** Guards against open redirects: returns /tests for anything but a local path. */
export function localUrl(url: string | undefined): string {
  return url && /^\/(?![/\\])/.test(url) && !/\p{Cc}/u.test(url) ? url : '/tests'
}
