import { Client as Connection, type Dispatcher } from 'undici'

export interface Answer {
  status: number
  body: Buffer
}

export interface Request {
  path: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers?: Record<string, string>
  body?: string
}

/** One connection that is kept, one request at a time, whatever time an answer takes. */
export function connect(url: string): { ask(request: Request): Promise<Answer>; close(): Promise<void> } {
  const connection = new Connection(url, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  return {
    ask: ({ method = 'GET', ...request }) =>
      new Promise((resolve, reject) => connection.dispatch({ method, ...request }, collect(resolve, reject))),
    close: () => connection.destroy(),
  }
}

/** Half the work of undici's `request`: a load generator must not be what is slow. */
function collect(
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  let status = 0
  return {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk)
    },
    onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks) }),
    onResponseError: (_controller, error) => reject(error),
  }
}
