import assert from 'node:assert/strict'

/** An admin in a browser. The API’s `admin` is another session: there is one for each address. */
export const ZHANG_HUA = 'zhang.hua@example.com'

export interface Page {
  status: number
  html: string
  /** Where a form led to, as the browser's address bar shows it. */
  path: string
  headers: Headers
}

/** Somebody with a browser that runs no scripts: follows links, fills in forms, keeps cookies. */
export class Visitor {
  readonly #url: string
  readonly #cookies = new Map<string, string>()
  #csrf = ''

  constructor(url: string) {
    this.#url = url
  }

  async logIn(email: string, password = ''): Promise<this> {
    const page = await this.submit('/login', { email, password })
    assert.equal(page.status, 200, page.html)
    assert.notEqual(page.path, '/login')
    return this
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  open(path: string): Promise<Page> {
    return this.#follow(path, { method: 'GET' })
  }

  /** Where a page leads to, on whatever host. */
  async locationOf(path: string): Promise<string> {
    return (await this.#send(path, { method: 'GET' })).headers.get('location') ?? ''
  }

  /** Sends a form of the page that was opened last. */
  submit(path: string, fields: Record<string, string> = {}): Promise<Page> {
    const body = new URLSearchParams({ _csrf: this.#csrf, ...fields })
    return this.#follow(path, { method: 'POST', body })
  }

  /** One with a file. */
  submitForm(path: string, form: FormData): Promise<Page> {
    form.set('_csrf', this.#csrf)
    return this.#follow(path, { method: 'POST', body: form })
  }

  async #follow(path: string, init: RequestInit): Promise<Page> {
    const answer = await this.#send(path, init)
    const next = answer.headers.get('location')
    const html = await answer.text()
    if (next) return this.#follow(next, { method: 'GET' })
    this.#csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? this.#csrf
    return { status: answer.status, html, path, headers: answer.headers }
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(init.method === 'POST' && { origin: this.#url }) }
    const answer = await fetch(this.#url + path, { ...init, redirect: 'manual', headers })
    for (const line of answer.headers.getSetCookie()) this.#keep(line)
    return answer
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name)
    else this.#cookies.set(name, value)
  }
}

/** The text of the field's error, or null. */
export function errorOf(html: string, field: string): string | null {
  const found = new RegExp(`id="[a-z]+-${field}-error">.*?<span>([^<]*)</span>`, 's').exec(html)
  return found?.[1] ?? null
}
