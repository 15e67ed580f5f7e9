import { isIP } from 'node:net'
import type { Request, RequestHandler } from 'express'
import { AppError, forbidden } from '../lib/errors.ts'

/** Browsers send one of these with every request that changes something; curl and Jenkins send neither. */
export function isByBrowser(req: Request): boolean {
  return req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined
}

export interface Names {
  publicUrl: string
  allowedHosts: readonly string[]
}

/**
 * Refuses other names than ours in `Host`: a page of another site could rebind its own name to this address. Builds
 * that no browser announces are taken under every name.
 */
export function refuseForeignHosts(config: Names): RequestHandler {
  const own = new Set([new URL(config.publicUrl).hostname, ...config.allowedHosts.map(nameOf)])
  return (req, _res, next) => {
    const name = nameOf(req.headers.host ?? '')
    if (own.has(name) || isLoopback(name) || isOwnAddress(req, name) || isWebhookOfProgram(req)) return next()
    throw new AppError('errors:foreign_host', { host: name || '–' }, { status: 421 })
  }
}

function isWebhookOfProgram(req: Request): boolean {
  return req.method === 'POST' && req.path === '/api/v1/builds' && !isByBrowser(req)
}

function nameOf(host: string): string {
  return /^(\[[^\]]*\]|[^:]*)/.exec(host.trim().toLowerCase())?.[0].replace(/\.$/, '') ?? ''
}

function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

// The address that the request came in at: it cannot be rebound.
function isOwnAddress(req: Request, name: string): boolean {
  const address = (req.socket.localAddress ?? '').replace(/^::ffff:/i, '')
  return isIP(address) > 0 && name === (isIP(address) === 6 ? `[${address}]` : address)
}

export function refuseForeignOrigin(req: Request, config: Names): void {
  const site = req.get('sec-fetch-site')
  const origin = req.headers.origin ?? originOf(req.headers.referer)
  // Without either it is no browser of these days: the CSRF token still stands between.
  const foreign =
    origin === undefined ? site === 'cross-site' || site === 'same-site' : !isOwn(origin, req, config)
  if (foreign) throw forbidden('errors:forged')
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined || !URL.canParse(url) ? url : new URL(url).origin
}

function isOwn(origin: string, req: Request, config: Names): boolean {
  if (origin === new URL(config.publicUrl).origin) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  const own = `${protocol}//${req.headers.host}`
  if (URL.canParse(own) && new URL(own).host === host) return true
  return config.allowedHosts.includes(host)
}
