import { page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { type Kept, measureStorage } from './storage.ts'

const storagePage = template<{ total: number; kept: Kept[] }>('pages/settings-storage')

export const showStorage = page(async (ctx, { res }) => {
  const { dataDir, packageDir, packageKeepDays, packageKeepBytes } = ctx.config
  const storage = await measureStorage({
    ...{ db: ctx.db, dataDir, packageDir, packageKeepDays, packageKeepBytes },
  })
  ctx.view.render(res, storagePage, storage)
})
