// Keeps the page as the server would show it now: GET /live tells what changes, the page is fetched again, and
// htmx morphs what differs into it. Its morph keeps focus, selection, scroll and open details, needs no eval, and
// htmx does the navigation as well. Its extension for events knows no topics and no session that has ended.
const GATHER_MS = 100
const CONNECT_AGAIN_MS = 2000
/** The server says something every 15 seconds. */
const SILENT_MS = 40_000
const FETCH_WITHIN_MS = 10_000

let source = null
let said = null
let silence
let reconnect
let timer = null
let looking = false
let missed = false
let changedAt = 0
let leftAt = 0
let arrivals = 0
/** notify.js asks for it, in one tab of all. */
let staysConnected = false

const shown = () => document.getElementById('main')
const topics = () => shown().dataset.live?.split(' ') ?? []

/** Connected as long as there is something to follow and someone to see it, or to be notified. */
function follow() {
  const seen = topics().length > 0 && !document.hidden
  if ((!seen && !staysConnected) || said === 'ended') disconnect()
  else if (!source) connect()
}

function connect() {
  clearTimeout(reconnect)
  source = new EventSource(`/live?since=${encodeURIComponent(shown().dataset.mark ?? '')}`)
  source.addEventListener('open', onOpen)
  source.addEventListener('error', onLost)
  source.addEventListener('change', onChange)
  source.addEventListener('gap', onGap)
  source.addEventListener('alive', heard)
  source.addEventListener('ended', announceEnd)
}

function disconnect() {
  clearTimeout(timer)
  timer = null
  clearTimeout(silence)
  clearTimeout(reconnect)
  source?.close()
  source = null
}

/** What has changed since the page was made follows. */
function onOpen() {
  say(null)
  heard()
  announceEnd()
}

function onGap() {
  announce(null)
  lookSoon()
  announceEnd()
}

/** A run of one's own has ended, or may have while there was no connection. */
function announceEnd() {
  document.dispatchEvent(new Event('crat:ended'))
}

/** For scripts that keep a part of the page themselves. */
function announce(change) {
  document.dispatchEvent(new CustomEvent('crat:change', { detail: change }))
}

function heard() {
  clearTimeout(silence)
  silence = setTimeout(() => onLost(disconnect()), SILENT_MS)
}

function onChange(event) {
  heard()
  changedAt = performance.now()
  const change = JSON.parse(event.data)
  const { topic, id } = change
  announce(change)
  if (topics().some(each => each === topic || each === `${topic}:${id}`)) lookSoon()
}

/** The browser tries again by itself, but for an answer that is no stream: no session, or a proxy's error. */
function onLost() {
  say('lost')
  if (source?.readyState === EventSource.CONNECTING) return
  disconnect()
  reconnect = setTimeout(follow, CONNECT_AGAIN_MS)
  look()
}

/** Not on a page that follows nothing, such as a refused form: what is typed in it is nowhere else. */
function lookSoon() {
  if (said !== 'ended' && topics().length > 0) timer ??= setTimeout(look, GATHER_MS)
}

async function look() {
  clearTimeout(timer)
  timer = null
  if (looking) {
    missed = true
    return
  }
  looking = true
  // What fails is seen by the connection's end, and looked at again when there is one.
  await fetchAndMorph().catch(() => {})
  looking = false
  if (missed) lookSoon()
  missed = false
}

async function fetchAndMorph() {
  const before = arrivals
  const headers = { accept: 'text/html' }
  const response = await fetch(location.href, { headers, signal: AbortSignal.timeout(FETCH_WITHIN_MS) })
  if (response.redirected && new URL(response.url).pathname === '/login') return endSession()
  const text = await response.text()
  if (!response.ok || arrivals !== before || topics().length === 0) return
  await htmx.swap({
    text,
    target: '#main',
    select: '#main',
    swap: 'outerMorph',
    sourceElement: document.body,
  })
}

/** Clocks and what moves would go on to tell of what is no longer known. */
function endSession() {
  disconnect()
  say('ended')
  document.documentElement.dataset.ended = ''
}

function say(state) {
  said = state
  const bar = document.getElementById('connection')
  if (bar.dataset.says === (state ?? '')) return
  bar.dataset.says = state ?? ''
  bar.replaceChildren(
    ...(state ? [document.getElementById(`connection-${state}`).content.cloneNode(true)] : []),
  )
  // What is typed in a form stays in this tab; sent after the login, it is offered again.
  const typed = document.querySelector('form[data-touched]') !== null
  for (const link of bar.querySelectorAll('a')) link.target = typed ? '_blank' : ''
}

/** Another page is shown; what it shows may have changed on its way here. */
function onArrival() {
  arrivals += 1
  say(null)
  delete document.documentElement.dataset.ended
  follow()
  if (changedAt > leftAt) lookSoon()
}

document.addEventListener('visibilitychange', follow)
document.addEventListener('crat:signed-out', endSession)
addEventListener('pagehide', disconnect)
document.addEventListener('crat:stay-connected', () => {
  staysConnected = true
  follow()
})
addEventListener('pageshow', follow)
document.addEventListener('htmx:before:request', () => {
  leftAt = performance.now()
})
document.addEventListener('htmx:after:swap', ({ detail }) => {
  if (detail.ctx.request) onArrival()
})
// A page could not be fetched.
document.addEventListener('htmx:error', ({ detail }) => detail.ctx && say('lost'))
