/** Who comes here, and what Jenkins builds for them. */
export const LI_WEI = 'li.wei@example.com'
export const WANG_FANG = 'wang.fang@example.com'
export const ADMIN_PASSWORD = 'correct horse'

export const CORE = 'CDN/Core'

/** The body that Jenkins posts for a build of CDN/Core. */
export function coreBuild(number = 101, more: Record<string, unknown> = {}) {
  return {
    JOB_NAME: CORE,
    BUILD_NUMBER: number,
    BUILD_USER: 'jenkins',
    PACKAGE_PATH: `/build/CDN/Core/${number}/`,
    ...more,
  }
}

/** An admin, where a test calls what a request would call. */
export const ADMIN = { email: 'admin', ip: null }
