import type { Body } from '../recorder.ts'
import type { StoryWorld } from '../story-world.ts'

/** Is it there, which program is it, what can it do. */
export async function system({ nobody }: StoryWorld): Promise<void> {
  for (const method of ['GET', 'HEAD', 'POST'])
    for (const path of ['/health', '/ready']) await nobody.send({ method, path })
  await nobody.get('/version')
  await nobody.send({ method: 'HEAD', path: '/api/v1/version' })
  await nobody.get('/openapi.json', methodsOf)
}

/** Path → methods: the schemas may be described otherwise. */
function methodsOf({ paths }: Body): Record<string, object> {
  const methods = (path: object) => Object.fromEntries(Object.keys(path).map(method => [method, true]))
  return Object.fromEntries(Object.entries<object>(paths).map(([path, each]) => [path, methods(each)]))
}
