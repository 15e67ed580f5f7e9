import * as z from 'zod'
import { jobName } from '../builds/announcement.ts'
import { slicePage } from '../database/paging.ts'
import { endpoint } from '../http/endpoint.ts'
import { jobParams, optionalPageQuery } from '../http/input.ts'
import { message, page, presentPage } from '../http/shapes.ts'
import * as jobs from './jobs.ts'

export const listNames = endpoint({
  summary: 'List the names of all jobs, A to Z',
  query: optionalPageQuery,
  answers: {
    200: z
      .object({ data: z.array(z.string()) })
      .extend(page(z.string()).partial().omit({ data: true }).shape),
  },
  async handle(ctx, { query: { limit, offset } }) {
    const names = await jobs.listJobNames(ctx.db)
    return limit ? presentPage(slicePage(names, { limit, offset }), name => name) : { data: names }
  },
})

const jobAnswer = message.extend({ job_name: z.string() })

export const add = endpoint({
  summary: 'Add a job before its first build',
  body: z.object({ job_name: jobName }),
  answers: { 201: jobAnswer },
  async handle(ctx, { body, person, res }) {
    await jobs.addJob(ctx, body.job_name, person)
    res.status(201)
    return { message: 'Job added', job_name: body.job_name }
  },
})

export const remove = endpoint({
  summary: 'Delete a job and its builds',
  params: jobParams,
  answers: { 200: jobAnswer },
  async handle(ctx, { params, person }) {
    await jobs.deleteJob(ctx, params.job_name, person)
    return { message: 'Job deleted', job_name: params.job_name }
  },
})
