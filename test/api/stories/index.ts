import type { StoryWorld } from '../story-world.ts'
import { access } from './access.ts'
import { bodies } from './bodies.ts'
import { builds } from './builds.ts'
import { environments } from './environments.ts'
import { failures } from './failures.ts'
import { history } from './history.ts'
import { jobVersions } from './job-versions.ts'
import { limits } from './limits.ts'
import { parameterSets } from './parameter-sets.ts'
import { prune } from './prune.ts'
import { queue } from './queue.ts'
import { runs } from './runs.ts'
import { scriptBundles } from './script-bundles.ts'
import { search } from './search.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { system } from './system.ts'
import { testItems } from './test-items.ts'
import { testResults } from './test-results.ts'
import { tokens } from './tokens.ts'
import { urls } from './urls.ts'
import { webhook } from './webhook.ts'

/** All stories, in the order in which they are played: each finds what those before it have left. */
export const stories: Record<string, (world: StoryWorld) => Promise<void>> = {
  ...{ system, urls, access, bodies, sessions, settings, webhook, builds },
  ...{ 'job versions': jobVersions, 'parameter sets': parameterSets, 'test items': testItems },
  ...{ runs, 'test results': testResults, failures, queue, history, prune, limits, tokens, environments },
  'script bundles': scriptBundles,
  search,
}
