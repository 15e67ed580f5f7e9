export class ReportFile {
  readonly url: URL
  readonly body: Buffer
  #parsed: { json: unknown } | undefined

  constructor(url: URL, body: Buffer) {
    this.url = url
    this.body = body
  }

  get json(): unknown {
    this.#parsed ??= { json: parseJson(this.body) }
    return this.#parsed.json
  }
}

export function isJson(url: URL): boolean {
  return url.pathname.endsWith('.json')
}

/** A web application may answer any path with its start page and 200. */
export function jsonProblem(file: ReportFile, otherJson: string): string {
  if (file.json !== undefined) return otherJson
  return file.body.toString('latin1', 0, 1000).trimStart().startsWith('<') ? 'report:html' : 'report:not_json'
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    // TextDecoder drops a byte order mark.
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
