// Shortcuts by keyboard. What they open is in the page: the palette, whose script comes when it is first opened, and
// the sheet of shortcuts. Keys without a modifier can be turned off there, and do nothing in a field.
const PAGES = {
  t: '/tests',
  r: '/runs',
  b: '/builds',
  p: '/parameter-sets',
  e: '/environments',
  s: '/settings',
}
const SECOND_KEY_MS = 1500
const MOST_REMEMBERED = 40

const sheet = () => document.getElementById('shortcuts')
const isDialogOpen = () => document.querySelector('dialog[open]') !== null
let awaitsPageUntil = 0

const KEYS = {
  '/': () => togglePalette(),
  '?': () => open(sheet()),
  g: () => {
    awaitsPageUntil = performance.now() + SECOND_KEY_MS
  },
  j: () => moveInList(1),
  k: () => moveInList(-1),
  o: () => document.activeElement.matches('main a') && document.activeElement.click(),
  t: () => triggerButton()?.focus(),
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return
  if (
    (event.ctrlKey || event.metaKey) &&
    !event.altKey &&
    !event.shiftKey &&
    event.key.toLowerCase() === 'k'
  ) {
    event.preventDefault()
    togglePalette()
  } else if (takesSingleKeys(event)) pressSingleKey(event)
}

function takesSingleKeys({ ctrlKey, metaKey, altKey, target }) {
  if (ctrlKey || metaKey || altKey || isDialogOpen() || sheet().dataset.off !== undefined) return false
  // The field of a palette that was just closed keeps the focus for a moment.
  return !target.closest?.('input, textarea, select, [contenteditable]')?.checkVisibility()
}

function pressSingleKey(event) {
  const page = performance.now() < awaitsPageUntil ? PAGES[event.key] : undefined
  awaitsPageUntil = 0
  if (!page && !KEYS[event.key]) return
  event.preventDefault()
  if (page) goTo(page)
  else KEYS[event.key]()
}

function goTo(path) {
  const link = document.querySelector(`.nav a[href="${path}"]`)
  if (link) link.click()
  else location.assign(path)
}

async function togglePalette() {
  // As fresh as this script: an older one may be in the browser's cache.
  const { toggle } = await import(`/palette.js${new URL(import.meta.url).search}`)
  toggle()
}

function open(dialog) {
  for (const menu of document.querySelectorAll('[data-menu][open]')) menu.open = false
  if (!isDialogOpen()) dialog.showModal()
}

/** The first link of each row, card and item that can be seen. */
function linksOfLists() {
  const entries = document.querySelectorAll(
    'main :is(tbody tr, article, .list > li, .results > li, .queue > li)',
  )
  const links = [...entries].map(entry => entry.querySelector('a[href]'))
  return [...new Set(links)].filter(link => link?.checkVisibility())
}

function moveInList(step) {
  const links = linksOfLists()
  const entry = document.activeElement.closest('tr, article, li')
  const place = links.findIndex(link => link === document.activeElement || entry?.contains(link))
  const next = links[place < 0 ? (step > 0 ? 0 : links.length - 1) : place + step]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

function triggerButton() {
  const ofPage = document.querySelector('main [data-trigger]')
  return ofPage ?? document.querySelector('main form[action$="/trigger"] button:not(:disabled)')
}

function onClick(event) {
  const link = event.target.closest('a[href="/search"]')
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
  if (link && isPlain && location.pathname !== '/search') {
    event.preventDefault()
    event.stopPropagation()
    togglePalette()
  }
  const opener = event.target.closest('[data-opens]')
  if (opener) open(document.getElementById(opener.dataset.opens))
  if (event.target.closest('[data-closes]')) event.target.closest('dialog').close()
}

/** For the palette: what was opened here, how often and when. */
function remember() {
  if (document.querySelector('main .alone')) return
  const { pathname, search } = location
  const isOne = /^\/(tests|runs|parameter-sets|environments|script-bundles)\/[^/]+$/.test(pathname)
  const job = pathname === '/builds' && new URLSearchParams(search).get('job_name')
  if (!isOne && !job) return
  const key = `crat-pages ${document.getElementById('palette').dataset.person}`
  const url = job ? `/builds?job_name=${encodeURIComponent(job)}` : pathname
  const pages = readPages(key)
  const count = (pages.find(page => page.url === url)?.count ?? 0) + 1
  const title = document.querySelector('main h1')?.textContent.trim() ?? document.title
  const others = pages.filter(page => page.url !== url)
  const kept = [{ url, title: title.slice(0, 200), count, at: Date.now() }, ...others].slice(
    0,
    MOST_REMEMBERED,
  )
  localStorage.setItem(key, JSON.stringify(kept))
}

function readPages(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? []
  } catch {
    return []
  }
}

function onArrival() {
  for (const opener of document.querySelectorAll('[data-opens]')) opener.hidden = false
  if (location.hash === '#trigger') triggerButton()?.focus()
  remember()
}

document.addEventListener('keydown', onKey)
// Before htmx follows the link.
document.addEventListener('click', onClick, true)
document.addEventListener('htmx:after:swap', ({ detail }) => detail.ctx.request && onArrival())
onArrival()
