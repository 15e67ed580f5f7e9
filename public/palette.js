// The palette: a combobox with a list of results (WAI-ARIA APG). The focus stays in the field;
// aria-activedescendant says which result is chosen.
const DEBOUNCE_MS = 120
const RECENT_SHOWN = 6
const ACTIONS_SHOWN = 8
const DAY_MS = 24 * 3_600_000

const dialog = () => document.getElementById('palette')
const input = () => dialog().querySelector('[role="combobox"]')
const list = () => document.getElementById('palette-list')
const query = () => input().value.trim()

let shown = []
let chosen = -1
let timer
let request = null

export function toggle() {
  if (dialog().open) return dialog().close()
  if (document.querySelector('dialog[open]')) return
  input().value = ''
  dialog().showModal()
  showStart()
}

function showStart() {
  show([...recentPages().slice(0, RECENT_SHOWN), ...actions()])
  say('')
}

/** What was opened often and lately comes first. */
function recentPages() {
  const age = ({ at }) => (Date.now() - at) / DAY_MS
  const weight = page => page.count / (1 + age(page))
  return rememberedPages()
    .filter(({ url }) => url !== location.pathname + location.search)
    .sort((a, b) => weight(b) - weight(a))
    .map(({ url, title }) => ({ kind: 'recent', url, title }))
}

function rememberedPages() {
  try {
    return JSON.parse(localStorage.getItem(`crat-pages ${dialog().dataset.person}`)) ?? []
  } catch {
    return []
  }
}

function actions() {
  const entries = dialog().querySelector('template[data-actions]').content.children
  return [...entries].map(entry => ({
    kind: 'action',
    title: entry.textContent.trim(),
    url: entry.getAttribute('href'),
    press: entry.dataset.press,
  }))
}

function onInput() {
  clearTimeout(timer)
  request?.abort()
  if (!query()) return showStart()
  // Enter means the search page until the answer is there.
  choose(-1)
  say(dialog().dataset.searching)
  timer = setTimeout(find, DEBOUNCE_MS)
}

async function find() {
  const own = new AbortController()
  request = own
  const text = query()
  try {
    const response = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`, { signal: own.signal })
    if (!response.ok) throw new Error(response.statusText)
    const { data } = await response.json()
    if (request === own && !own.signal.aborted && text === query()) showFound(data, text.toLowerCase())
  } catch {
    if (!own.signal.aborted) show([], dialog().dataset.failed)
  }
}

function showFound(results, text) {
  const matching = actions().filter(({ title }) => title.toLowerCase().includes(text))
  const triggers = results
    .filter(({ kind }) => kind === 'test_item')
    .slice(0, 2)
    .map(({ title, url }) => ({ kind: 'action', title: filled('trigger', title), url: `${url}#trigger` }))
  show([...results, ...triggers, ...matching.slice(0, ACTIONS_SHOWN)])
}

const filled = (name, value) => dialog().dataset[name].replace('{}', value)

function show(results, said) {
  shown = results
  list().replaceChildren(...results.map(toOption))
  input().setAttribute('aria-expanded', String(results.length > 0))
  choose(results.length ? 0 : -1)
  say(said ?? (results.length ? filled('found', results.length) : dialog().dataset.none))
}

function toOption({ kind, title, detail }, index) {
  const option = dialog()
    .querySelector(`template[data-kind="${kind}"]`)
    .content.firstElementChild.cloneNode(true)
  const [name, more] = option.querySelector('.result-text').children
  name.textContent = title
  name.title = title
  if (detail) more.textContent = detail
  else more.remove()
  option.id = `palette-${index}`
  option.setAttribute('aria-selected', 'false')
  return option
}

function choose(index) {
  list().children[chosen]?.setAttribute('aria-selected', 'false')
  chosen = index
  const option = list().children[index]
  if (!option) return input().removeAttribute('aria-activedescendant')
  option.setAttribute('aria-selected', 'true')
  option.scrollIntoView({ block: 'nearest' })
  input().setAttribute('aria-activedescendant', option.id)
}

function say(text) {
  dialog().querySelector('[data-said]').textContent = text
}

function onKey(event) {
  if (event.isComposing || event.target !== input()) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step && shown.length) {
    event.preventDefault()
    choose((chosen + step + (chosen < 0 && step < 0 ? 1 : 0) + shown.length) % shown.length)
  }
  if (event.key === 'Enter' && shown[chosen]) {
    event.preventDefault()
    follow(shown[chosen])
  }
}

function follow({ url, press }) {
  dialog().close()
  if (press) document.querySelector(press)?.click()
  else location.assign(url)
}

const placeOf = target => [...list().children].indexOf(target.closest('[role="option"]'))

function onClick(event) {
  const result = shown[placeOf(event.target)]
  if (result) follow(result)
}

function onPointer(event) {
  const place = placeOf(event.target)
  if (place >= 0 && place !== chosen) choose(place)
}

/** Pages come and go, and with each its palette; this script stays. */
function inPalette(act) {
  return event => event.target.closest?.('#palette') && act(event)
}

document.addEventListener('input', inPalette(onInput))
document.addEventListener('keydown', inPalette(onKey))
document.addEventListener('click', inPalette(onClick))
document.addEventListener('pointermove', inPalette(onPointer))
