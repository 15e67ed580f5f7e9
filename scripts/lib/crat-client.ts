/** The JSON API as a person or a script uses it. */
export interface CratClient {
  /** Of its session. */
  token: string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: object): Promise<T>
  put<T>(path: string, body: object): Promise<T>
}

/** Logs in; with a password as the admin. */
export async function logIn(
  cratUrl: string,
  credentials: { email: string; password?: string },
): Promise<CratClient> {
  const { token } = await call<{ token: string }>(cratUrl, 'POST', '/auth/login', undefined, credentials)
  return {
    token,
    get: path => call(cratUrl, 'GET', path, token),
    post: (path, body) => call(cratUrl, 'POST', path, token, body),
    put: (path, body) => call(cratUrl, 'PUT', path, token, body),
  }
}

async function call<T>(
  cratUrl: string,
  method: string,
  path: string,
  token?: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${cratUrl}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** A run as the API shows it; only what the scripts read. */
export interface ShownRun {
  id: number
  status: string
  outcome: string | null
  download_url: string | null
  download_path: string | null
  task_id: string | null
  report_url: string | null
  error_message: string | null
  steps: ShownStep[]
  summary: Summary | null
}

export interface ShownStep {
  name: string
  status: string
  start_time: string
  end_time: string | null
  /** What is known while it runs: the test server's phase, for one. */
  progress?: { status?: string } | null
  error: string | null
}

export interface Summary {
  passed: number
  failed: number
  broken: number
  skipped: number
  total: number
  pass_rate: number | null
  duration_ms: number | null
}
