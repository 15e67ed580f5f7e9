import { ADMIN_PASSWORD } from '../world/index.ts'
import { ZHANG_HUA } from './browser.ts'
import { startBusyWorld } from './busy-world.ts'
import { provePages } from './prove-pages.ts'

const world = await startBusyWorld()
provePages(world, {
  ...{ who: 'an admin', email: ZHANG_HUA, password: ADMIN_PASSWORD },
  ...{ paths: world.adminPages, alike: world.pagesWithMore },
})
