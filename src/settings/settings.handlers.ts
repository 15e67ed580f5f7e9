import * as z from 'zod'
import type { SettingModel as Setting } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { ifMatch, setETag } from '../http/etag.ts'
import { message, time } from '../http/shapes.ts'
import { describedAs } from '../lib/input-schemas.ts'
import { revisionOf } from '../lib/revision.ts'
import { masked } from '../lib/secrets.ts'
import { changedSettings, parseSetting, SETTING_KEYS } from './definitions.ts'
import * as settings from './settings.ts'

const valueShape = z.union([z.string(), z.number(), z.boolean()])
const settingShape = z.object({ value: valueShape, description: z.string(), updated_at: time })
const oneSetting = settingShape.extend({ key: z.string() })

const presentSetting = ({ key, value, description, updatedAt }: Setting) => ({
  ...{ ...masked({ key, value }), description, updated_at: updatedAt },
})

function presentSettings(rows: Setting[]) {
  return Object.fromEntries(rows.map(({ key, ...row }) => [key, withoutKey(presentSetting({ key, ...row }))]))
}

function withoutKey({ key, ...rest }: ReturnType<typeof presentSetting>) {
  return rest
}

const revisionOfRows = (rows: Setting[]) =>
  revisionOf(Object.fromEntries(rows.map(({ key, value }) => [key, value])))

const keyParams = z.object({ key: z.string().meta({ enum: SETTING_KEYS }) })
const newValue = describedAs(z.unknown(), { type: ['string', 'number'] })
const allSettings = z.record(z.string(), settingShape)

export const list = endpoint({
  summary: 'List all settings',
  answers: { 200: z.object({ data: allSettings }) },
  async handle(ctx, { res }) {
    const rows = await settings.listSettings(ctx.db)
    setETag(res, revisionOfRows(rows))
    return { data: presentSettings(rows) }
  },
})

export const get = endpoint({
  summary: 'Get a setting',
  params: keyParams,
  answers: { 200: z.object({ data: oneSetting }) },
  async handle(ctx, { params, res }) {
    const row = await settings.getSetting(ctx.db, params.key)
    setETag(res, revisionOfRows([row]))
    return { data: presentSetting(row) }
  },
})

export const changeAll = endpoint({
  summary: 'Change settings: all that are named, or none',
  body: changedSettings,
  answers: { 200: message.extend({ data: allSettings }) },
  async handle(ctx, { body, person, req, res }) {
    const revision = ifMatch(req)
    const rows = await settings.changeSettings(
      ctx,
      body,
      person,
      revision ? { keys: SETTING_KEYS, revision } : null,
    )
    setETag(res, revisionOfRows(rows))
    return { message: 'Settings changed', data: presentSettings(rows) }
  },
})

export const change = endpoint({
  summary: 'Change a setting',
  params: keyParams,
  body: z.object({ value: newValue }).meta({ required: ['value'] }),
  answers: { 200: message.extend({ data: oneSetting }) },
  async handle(ctx, { params, body, person, req, res }) {
    const revision = ifMatch(req)
    const input = parseSetting(params.key, body.value)
    const keys = SETTING_KEYS.filter(key => key === params.key)
    await settings.changeSettings(ctx, input, person, revision ? { keys, revision } : null)
    const row = await settings.getSetting(ctx.db, params.key)
    setETag(res, revisionOfRows([row]))
    return { message: 'Setting changed', data: presentSetting(row) }
  },
})
