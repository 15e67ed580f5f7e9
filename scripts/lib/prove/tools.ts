import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

const PYTHON_PACKAGES = ['pytest==9.2.0', 'allure-pytest==2.16.2', 'locust==2.47.0']
const GOTESTSUM = 'gotest.tools/gotestsum@v1.13.0'

/** Where the tools of a framework lie, or why they are not here. */
export type Tool = { path: string } | { missing: string }

/** The programs of pytest and Locust, in a virtual environment of their own. */
export async function installPython(
  folder: string,
  signal: AbortSignal,
): Promise<{ pytest: Tool; locust: Tool }> {
  const bin = join(folder, 'venv/bin')
  try {
    await execa('python3', ['-m', 'venv', join(folder, 'venv')], { cancelSignal: signal })
    await execa(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PYTHON_PACKAGES], {
      cancelSignal: signal,
    })
    return { pytest: { path: join(bin, 'pytest') }, locust: { path: join(bin, 'locust') } }
  } catch (error) {
    const missing = `Python with ${PYTHON_PACKAGES.join(', ')} cannot be set up: ${lastLine(error)}`
    return { pytest: { missing }, locust: { missing } }
  }
}

/** gotestsum, which turns what `go test` says into JUnit XML. */
export async function installGo(folder: string, signal: AbortSignal): Promise<Tool> {
  const bin = join(folder, 'go-bin')
  try {
    await execa('go', ['install', GOTESTSUM], { env: { GOBIN: bin }, cancelSignal: signal })
    await access(join(bin, 'gotestsum'))
    return { path: join(bin, 'gotestsum') }
  } catch (error) {
    return { missing: `Go with ${GOTESTSUM} cannot be set up: ${lastLine(error)}` }
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n').at(-1) ?? ''
}
