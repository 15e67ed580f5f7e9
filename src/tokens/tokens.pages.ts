import type { Context } from '../context.ts'
import type { ApiTokenModel as ApiToken } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  type PageRequest,
  page,
  refusedForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { SCOPES } from '../lib/token-scopes.ts'
import { createToken, deleteToken, listTokens, newToken } from './tokens.ts'

interface TokensPage {
  tokens: ApiToken[]
  scopes: typeof SCOPES
  form: Form
  created: { name: string; token: string } | null
}
const tokensPage = template<TokensPage>('pages/settings-tokens')

export const showTokens = page((ctx, { res }) => renderTokens(ctx, res, { form: formOf({}), created: null }))

async function renderTokens(
  ctx: Context,
  res: PageRequest['res'],
  locals: Pick<TokensPage, 'form' | 'created'>,
  status?: number,
): Promise<void> {
  ctx.view.render(res, tokensPage, { tokens: await listTokens(ctx.db), scopes: SCOPES, ...locals }, status)
}

// Answered directly, not by a redirect: the token must not be kept anywhere.
export const submitToken = page(async (ctx, request) => {
  const { req, res, person } = request
  try {
    const { token, row } = await createToken(ctx, tokenIn(req.body), person)
    await renderTokens(ctx, res, { form: formOf({}), created: { name: row.name, token } }, 201)
  } catch (error) {
    const { form, status } = refusedForm(request, error, 'name')
    await renderTokens(ctx, res, { form, created: null }, status)
  }
})

function tokenIn(body: unknown) {
  const typed = fieldsOf(body)
  const scopes = SCOPES.filter(scope => typed[`scope_${scope}`] === 'on')
  return parseInput(newToken, { name: typed.name ?? '', scopes, expires_at: typed.expires_at || null })
}

export const deleteTokenAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/settings/tokens', async () => {
    const { name } = await deleteToken(ctx, idOf(req), person)
    flash(res, 'done', 'pages:flash.token_deleted', { name })
    return undefined
  })
})
