// What scripts add to pages that work without them: the reader's zone, times that move, copying, menus that
// close, and fragments that refresh themselves.
const locale = document.documentElement.lang

function rememberZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  if (timeZone) document.cookie = `tz=${timeZone}; path=/; max-age=31536000; samesite=lax`
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

function relativeText(at) {
  const seconds = (at - Date.now()) / 1000
  if (Math.abs(seconds) < 45) return relative.format(0, 'second')
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 45]
  return relative.format(Math.trunc(seconds / length), unit)
}

function moveTimes() {
  for (const time of document.querySelectorAll('time[data-relative]')) {
    const text = relativeText(new Date(time.dateTime))
    if (time.textContent !== text) time.textContent = text
  }
}

function offerCopying(root) {
  if (!navigator.clipboard) return
  for (const button of root.querySelectorAll('[data-copy] > button')) button.hidden = false
}

async function copyFrom(button) {
  await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
  const before = button.textContent
  button.textContent = button.dataset.copied
  setTimeout(() => {
    button.textContent = before
  }, 2000)
}

function onClick(event) {
  const copy = event.target.closest('[data-copy] > button')
  if (copy) return copyFrom(copy)
  const close = event.target.closest('[data-close]')
  if (close) return closeDetails(close.closest('details'))
  for (const menu of document.querySelectorAll('[data-menu][open]')) {
    if (!menu.contains(event.target)) menu.open = false
  }
}

function onKey(event) {
  if (event.key !== 'Escape') return
  closeDetails(document.querySelector('[data-menu][open], .confirm[open]'))
}

function closeDetails(details) {
  if (!details) return
  details.open = false
  details.querySelector('summary').focus()
}

// A fragment that somebody is using is left alone.
const inUse = fragment =>
  fragment.contains(document.activeElement) || fragment.querySelector('details[open]') !== null

async function refresh() {
  if (document.hidden) return
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!response.ok || response.redirected) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const fragment of document.querySelectorAll('[data-fragment]')) {
    const next = fresh.querySelector(`[data-fragment="${CSS.escape(fragment.dataset.fragment)}"]`)
    if (!next || inUse(fragment) || next.isEqualNode(fragment)) continue
    fragment.replaceWith(document.adoptNode(next))
    offerCopying(next)
  }
  document.body.toggleAttribute('data-live', fresh.body.hasAttribute('data-live'))
}

async function keepFresh() {
  if (document.body.hasAttribute('data-live')) await refresh().catch(() => {})
  setTimeout(keepFresh, 2500)
}

rememberZone()
offerCopying(document)
moveTimes()
setInterval(moveTimes, 15_000)
setTimeout(keepFresh, 2500)
document.addEventListener('click', onClick)
document.addEventListener('keydown', onKey)
