import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParams, jobParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { linksTo, recordAnnouncement } from '../lib/spans.ts'
import { traceOf } from '../lib/trace.ts'
import { announcement, jobName } from './announcement.ts'
import * as builds from './builds.ts'
import { listBuilds } from './list-builds.ts'
import { pruneBuilds } from './prune.ts'
import { receiveBuild } from './receive.ts'
import type { ShownBuild } from './store-builds.ts'

export const buildShape = z
  .object({
    id: z.int(),
    job_name: z.string(),
    build_number: z.int(),
    package_path: z.string(),
    build_user: z.string(),
    created_at: time,
    raw_data: z.looseObject({}),
    has_package: z
      .boolean()
      .nullable()
      .describe('Whether its directory holds a package; null: nobody has looked yet, or nobody could say'),
    package_checked_at: time.nullable(),
  })
  .meta({ id: 'Build' })

export function presentBuild(build: ShownBuild) {
  return {
    id: build.id,
    job_name: build.jobName,
    build_number: build.buildNumber,
    package_path: build.packagePath,
    build_user: build.buildUser,
    created_at: build.createdAt,
    raw_data: build.rawData,
    has_package: build.hasPackage,
    package_checked_at: build.packageCheckedAt,
  }
}

const oneBuild = z.object({ data: buildShape })
const announced = message.extend({ data: buildShape })

export const announce = endpoint({
  summary: 'Announce a finished build, as Jenkins does. The same build again is 200 with the first row.',
  body: announcement,
  answers: { 201: announced, 200: announced, 202: message },
  async handle(ctx, { body, rawBody, res, person }) {
    const startTime = Date.now()
    const announcedBy = person.email || null
    const received = await receiveBuild(ctx.storeBuild, ctx.spool, body, rawBody as object, announcedBy)
    if ('kept' in received) {
      ctx.log.warn(
        { job: body.JOB_NAME, number: body.BUILD_NUMBER },
        'build spooled: the database is unavailable',
      )
      res.status(202)
      return { message: 'Build kept on disk; it is stored as soon as the database is back' }
    }
    const { build, created } = received
    res.status(created ? 201 : 200)
    const { jobName: job, buildNumber: number } = build
    const attributes = { 'crat.job': job, 'crat.build': number, 'http.response.status_code': res.statusCode }
    const links = linksTo(res.req.headers)
    recordAnnouncement({ buildId: build.id }, created, { startTime, links, attributes }, () =>
      ctx.log.info({ trace: traceOf({ buildId: build.id }), job, number, created }, 'build announced'),
    )
    return { message: created ? 'Build stored' : 'Build was already stored', data: presentBuild(build) }
  },
})

export const list = endpoint({
  summary: 'List builds, newest first',
  query: pageQuery.extend({ job_name: filter(jobName) }),
  answers: { 200: page(buildShape) },
  handle: async (ctx, { query: { limit, offset, job_name } }) =>
    presentPage(await listBuilds(ctx, { limit, offset, jobName: job_name }), presentBuild),
})

export const get = endpoint({
  summary: 'Get a build',
  params: idParams,
  answers: { 200: oneBuild },
  handle: async (ctx, { params }) => ({ data: presentBuild(await builds.getBuild(ctx.db, params.id)) }),
})

export const remove = endpoint({
  summary: 'Delete a build',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await builds.deleteBuild(ctx, params.id, person)
    return { message: 'Build deleted' }
  },
})

export const listOfJob = endpoint({
  summary: "List a job's builds, newest first",
  params: jobParams,
  query: pageQuery,
  answers: { 200: page(buildShape) },
  handle: async (ctx, { params, query }) =>
    presentPage(await listBuilds(ctx, { ...query, jobName: params.job_name }), presentBuild),
})

export const latestOfJob = endpoint({
  summary: "Get a job's newest build",
  params: jobParams,
  answers: { 200: oneBuild },
  handle: async (ctx, { params }) => ({
    data: presentBuild(await builds.latestBuild(ctx.db, params.job_name)),
  }),
})

export const prune = endpoint({
  summary: 'Delete the builds of a job whose directory holds no package for any of its test items',
  params: jobParams,
  answers: { 200: z.object({ deleted: z.int(), kept: z.int(), unchecked: z.int() }) },
  handle: (ctx, { params, person }) => pruneBuilds(ctx, params.job_name, ctx.probePackage, person),
})
