import { ADMIN_PASSWORD } from '../world/index.ts'
import { ZHANG_HUA } from './browser.ts'
import { startBusyWorld } from './busy-world.ts'
import { provePages } from './prove-pages.ts'

const world = await startBusyWorld()
// Users look at the others, and in Chinese at all but these.
provePages(world, {
  ...{ who: 'an admin', email: ZHANG_HUA, password: ADMIN_PASSWORD },
  ...{ paths: [...world.pagesWithMore, ...world.adminPages], pathsInChinese: world.adminPages },
})
