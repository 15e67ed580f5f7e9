import { LI_WEI } from '../world/index.ts'
import { startBusyWorld } from './busy-world.ts'
import { provePages } from './prove-pages.ts'

const world = await startBusyWorld()
provePages(world, {
  who: 'a user',
  email: LI_WEI,
  paths: [...world.pages, '/parameter-sets/new', '/docs/jenkins'],
})
