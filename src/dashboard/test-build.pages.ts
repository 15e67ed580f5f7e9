import { getBuild } from '../builds/builds.ts'
import type { BuildModel as Build, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { idOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { listItemsOfJob } from '../job-versions/jobs.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'

interface TestBuildPage {
  build: Build
  items: TestItem[]
  mayTrigger: (item: TestItem) => boolean
}

const testBuildPage = template<TestBuildPage>('pages/test-build')

export const showTestBuild = page(async (ctx, { req, res, person }) => {
  const build = await getBuild(ctx.db, idOf(req))
  const items = await listItemsOfJob(ctx.db, build.jobName)
  ctx.view.render(res, testBuildPage, { build, items, mayTrigger: item => mayTrigger(item, person) })
})
