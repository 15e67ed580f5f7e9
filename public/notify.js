// Browser notifications of one's own runs, for whoever has turned them on. One tab of all leads: it stays connected
// though hidden, asks what has ended, and shows it, unless a tab that somebody sees shows that run. The browser's
// locks choose the leader and say what is seen; they need HTTPS, as notifications do.
const MOST_REMEMBERED = 50

const form = () => document.querySelector('[data-notify]')
const isPossible = 'Notification' in window && navigator.locks !== undefined
const isWanted = () => /(^|; )notify=on(;|$)/.test(document.cookie)
const isPermitted = () => isPossible && isWanted() && Notification.permission === 'granted'

let leads = false
let asking = Promise.resolve()
let stopSeeing = null

function lead() {
  if (!isPermitted() || leads) return
  leads = true
  // Until this page is left, which leads to the next tab that waits.
  navigator.locks.request('crat-notifications', () => {
    document.dispatchEvent(new Event('crat:stay-connected'))
    document.addEventListener('crat:ended', askSoon)
    askSoon()
    return new Promise(() => {})
  })
}

/** One after the other, so that nothing is shown twice. */
function askSoon() {
  asking = asking.then(ask, ask)
}

async function ask() {
  if (!isPermitted()) return
  const key = `crat-ended ${form().dataset.person}`
  const { since, ids } = JSON.parse(localStorage.getItem(key)) ?? { since: null, ids: [] }
  const response = await fetch(`/runs/ended${since ? `?since=${since}` : ''}`)
  if (!response.ok || response.redirected) return
  const { now, runs } = await response.json()
  const fresh = runs.filter(({ id }) => !ids.includes(id))
  const kept = [...fresh.map(({ id }) => id), ...ids].slice(0, MOST_REMEMBERED)
  localStorage.setItem(key, JSON.stringify({ since: now, ids: kept }))
  // What ended before notifications were turned on is known.
  if (since === null) return
  for (const run of fresh) if (!(await isSeen(run.url))) show(run)
}

function show({ id, title, text, url }) {
  const options = {
    body: text,
    tag: `crat-run-${id}`,
    lang: document.documentElement.lang,
    icon: '/favicon.svg',
  }
  const notification = new Notification(title, options)
  notification.addEventListener('click', () => {
    notification.close()
    // In a tab of its own: what is being filled in here stays.
    if (!window.open(url, `crat-run-${id}`)) location.assign(url)
  })
}

async function isSeen(url) {
  const { held } = await navigator.locks.query()
  return held.some(({ name }) => name === `crat-sees ${url}`)
}

/** While it is visible, a run's page holds a lock with its name. */
function see() {
  stopSeeing?.()
  stopSeeing = null
  if (!isPossible || document.hidden || !/^\/runs\/\d+$/.test(location.pathname)) return
  const { promise, resolve } = Promise.withResolvers()
  stopSeeing = resolve
  navigator.locks.request(`crat-sees ${location.pathname}`, { mode: 'shared' }, () => promise)
}

async function onSubmit(event) {
  if (!event.target.matches('[data-notify]') || isWanted()) return
  event.preventDefault()
  const { name, value } = event.submitter
  const permission = isPossible ? await Notification.requestPermission() : 'impossible'
  if (permission !== 'granted') return showState()
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs HTTPS
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`
  location.reload()
}

/** The toggle is of no use without scripts; what keeps it from working is said beside it. */
function showState() {
  if (!form()) return
  form().hidden = false
  const state = isPossible ? Notification.permission : 'impossible'
  for (const reason of form().querySelectorAll('[data-reason]'))
    reason.hidden = reason.dataset.reason !== state
}

function onArrival() {
  showState()
  see()
  lead()
}

document.addEventListener('submit', onSubmit)
document.addEventListener('visibilitychange', see)
document.addEventListener('htmx:after:swap', ({ detail }) => detail.ctx.request && onArrival())
onArrival()
