// What scripts add to pages that work without them: the reader's zone, times that move, copying, menus that
// close, and where the focus is after a part of the page has changed.
const locale = document.documentElement.lang

function rememberZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs HTTPS
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

// Older browsers keep what the server wrote.
const narrow = Intl.DurationFormat && new Intl.DurationFormat(locale, { style: 'narrow' })

/** As the server writes it: the two largest units. */
function durationText(since) {
  const whole = Math.max(0, Math.round((Date.now() - since) / 1000))
  const [days, hours, minutes, seconds] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ]
  if (days) return narrow.format({ days, hours })
  if (hours) return narrow.format({ hours, minutes })
  if (minutes) return narrow.format({ minutes, seconds })
  return narrow.format({ seconds: Math.max(1, seconds) })
}

function moveTimes() {
  if ('ended' in document.documentElement.dataset) return
  for (const time of document.querySelectorAll('time[data-relative]')) {
    write(time, relativeText(new Date(time.dateTime)))
  }
  if (!narrow) return
  for (const running of document.querySelectorAll('[data-since]')) {
    const text = durationText(new Date(running.dataset.since))
    write(running, running.dataset.sentence?.replace('{}', text) ?? text)
  }
  for (const left of document.querySelectorAll('[data-end]')) write(left, leftText(left.dataset))
  for (const meter of document.querySelectorAll('progress[data-start]')) {
    meter.value = Math.min(meter.max, Date.now() - new Date(meter.dataset.start))
  }
}

function leftText({ end, sentence, due }) {
  const left = new Date(end) - Date.now()
  return left > 0 ? sentence.replace('{}', durationText(Date.now() - left)) : due
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function offerCopying() {
  if (!navigator.clipboard) return
  for (const button of document.querySelectorAll('[data-copy] > button')) button.hidden = false
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

// A form that somebody is filling in is left alone until it is sent: views/layouts/page.eta tells htmx so.
function onInput({ target }) {
  target.form?.setAttribute('data-touched', '')
}

/** What a POST answers without leading elsewhere has no address; where one already is makes no second entry. */
function onHistoryUpdate(event) {
  const { history, response, sourceElement } = event.detail
  if (sourceElement.getAttribute('method') === 'post' && !response.raw.redirected) event.preventDefault()
  if (history.path === location.pathname + location.search) history.type = 'replace'
}

/** A mail is as high as it is, and does not scroll inside itself. */
function growFrames() {
  for (const frame of document.querySelectorAll('.mail-frame')) {
    if ('grows' in frame.dataset) continue
    frame.dataset.grows = ''
    frame.addEventListener('load', grow)
    grow({ target: frame })
    new ResizeObserver(() => grow({ target: frame })).observe(frame.parentElement)
  }
}

function grow({ target: frame }) {
  const page = frame.contentDocument?.documentElement
  if (!page?.querySelector('table')) return
  frame.style.flex = 'none'
  frame.style.height = `${page.querySelector('body').scrollHeight}px`
}

let focused = null

function beforeSwap() {
  focused = document.activeElement
}

function afterSwap({ detail: { ctx } }) {
  offerCopying()
  moveTimes()
  growFrames()
  const lost = focused !== document.body && document.activeElement === document.body
  if (ctx.request?.headers['HX-Boosted']) arrive(ctx.request)
  else if (lost) heading().focus({ preventScroll: true })
}

/** To the field that is wrong, else to what is said, else to where the page begins: there it is read aloud. */
function arrive({ anchor }) {
  if (document.activeElement !== document.body) return
  const answer = document.querySelector('#flash > *, main [role="alert"]')
  const place = answer ?? (anchor ? document.getElementById(anchor) : null) ?? heading()
  place.tabIndex = -1
  place.focus({ preventScroll: true })
}

function heading() {
  const heading = document.querySelector('main h1') ?? document.getElementById('main')
  heading.tabIndex = -1
  return heading
}

rememberZone()
offerCopying()
moveTimes()
growFrames()
setInterval(moveTimes, 1000)
document.addEventListener('click', onClick)
document.addEventListener('keydown', onKey)
document.addEventListener('input', onInput)
document.addEventListener('htmx:before:history:update', onHistoryUpdate)
document.addEventListener('htmx:before:swap', beforeSwap)
document.addEventListener('htmx:after:swap', afterSwap)
