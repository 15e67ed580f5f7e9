// The log of a run: its end at once, what is before it when it is scrolled to or searched, what is new as it comes.
// All lines are kept as text, those that can be seen as elements: so 200,000 of them are no burden.
import { parseLine, plainText } from './ansi.js'
import { LogText, RANGE_BYTES, SignedOut, WHOLE_RANGE_BYTES } from './log-text.js'

/** Beyond the edges, so that scrolling shows no gaps. */
const SPARE_LINES = 30
const RETRY_MS = 3000
const SEARCH_AFTER_MS = 150

class LogView {
  following = true
  unseen = 0
  query = ''
  matches = []
  current = -1
  /** Lines that have been searched, from the first on. */
  searched = 0
  reading = false
  missed = false
  /** The methods that could not read. */
  failed = new Set()

  constructor(fold) {
    this.fold = fold
    this.texts = JSON.parse(fold.dataset.texts)
    this.log = new LogText(fold.dataset.log)
    this.box = fold.querySelector('.log')
    this.input = fold.querySelector('input')
    this.status = fold.querySelector('[role="status"]')
    this.button = fold.querySelector('[data-follow]')
    this.followingText = this.button.textContent
  }

  async open() {
    this.fold.dataset.followed = ''
    if (!(await this.attempt(this.open, () => this.log.readEnd()))) return
    this.show()
    this.listen()
    this.render()
    this.readOn()
  }

  /** In place of the text that the server wrote. */
  show() {
    this.window = document.createElement('div')
    this.window.className = 'log-window'
    this.space = document.createElement('div')
    this.space.className = 'log-space'
    this.space.append(this.window)
    this.box.replaceChildren(this.space)
    this.fold.querySelector('.log-tools').hidden = false
    this.fold.querySelector('[data-tail]')?.remove()
    const line = document.createElement('div')
    line.textContent = 'x'
    this.window.append(line)
    this.lineHeight = line.getBoundingClientRect().height
  }

  listen() {
    this.box.addEventListener('scroll', () => this.onScroll(), { passive: true })
    this.button.addEventListener('click', () => this.follow(!this.following))
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.search(), SEARCH_AFTER_MS)
    })
    this.input.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      this.move(event.shiftKey ? -1 : 1)
    })
    for (const button of this.fold.querySelectorAll('[data-move]')) {
      button.addEventListener('click', () => this.move(Number(button.dataset.move)))
    }
    new ResizeObserver(() => this.render()).observe(this.box)
  }

  onScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.box
    this.following = scrollTop + clientHeight >= scrollHeight - 2 * this.lineHeight
    if (scrollTop < 20 * this.lineHeight) this.readBefore()
    this.render()
  }

  follow(following) {
    this.following = following
    this.render()
  }

  async readBefore() {
    if (this.readingOlder) return
    if (!this.log.hasOlder()) return this.tell()
    this.readingOlder = true
    await this.attempt(this.readBefore, () => this.putBefore(RANGE_BYTES))
    this.readingOlder = false
  }

  async putBefore(bytes) {
    const lines = await this.log.readOlder(bytes)
    if (this.searched) {
      // The first line may have been a part of one.
      const before = this.matchesIn(0, lines + 1)
      this.matches = [...new Set([...before, ...this.matches.map(place => place + lines)])]
      this.searched += lines
    }
    this.resize()
    this.box.scrollTop += lines * this.lineHeight
    this.render()
  }

  /** What is new, once at a time. */
  async readOn() {
    if (this.log.ended && !this.reading) return this.update()
    if (this.reading) {
      this.missed = true
      return
    }
    this.reading = true
    const before = this.log.lines.length
    await this.attempt(this.readOn, () => this.log.readNew())
    this.reading = false
    this.searchNew()
    if (!this.following) this.unseen += this.log.lines.length - before
    this.update()
    if (this.missed) this.readOn()
    this.missed = false
  }

  /** The last line may have grown. */
  searchNew() {
    if (!this.searched) return
    const found = this.matchesIn(this.searched - 1, this.log.lines.length)
    if (found[0] === this.matches.at(-1)) found.shift()
    this.matches.push(...found)
    this.searched = this.log.lines.length
  }

  update() {
    this.render()
    this.tell()
  }

  /** Says whether it was read; if not, it is tried again in a while. */
  async attempt(method, read) {
    try {
      await read()
      this.failed.delete(method)
      this.tell()
      return true
    } catch (error) {
      if (error instanceof SignedOut) document.dispatchEvent(new Event('crat:signed-out'))
      else this.retryLater(method)
      return false
    }
  }

  retryLater(method) {
    this.failed.add(method)
    this.say(this.texts.failed)
    this.retry ??= setTimeout(() => this.retryFailed(), RETRY_MS)
  }

  retryFailed() {
    this.retry = undefined
    if (!this.fold.isConnected) return
    const methods = [...this.failed]
    this.failed.clear()
    for (const method of methods) method.call(this)
  }

  resize() {
    this.space.style.height = `${this.log.count() * this.lineHeight}px`
  }

  render() {
    this.resize()
    if (this.following) {
      this.unseen = 0
      this.box.scrollTop = this.box.scrollHeight
    }
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.lineHeight) - SPARE_LINES)
    const shown = Math.ceil(this.box.clientHeight / this.lineHeight) + 2 * SPARE_LINES
    const last = Math.min(this.log.count(), first + shown)
    this.window.style.top = `${first * this.lineHeight}px`
    const lines = []
    for (let place = first; place < last; place += 1) lines.push(this.lineAt(place))
    this.window.replaceChildren(...lines)
    this.mark(first)
    this.showFollowing()
  }

  lineAt(place) {
    const line = document.createElement('div')
    const { pieces } = parseLine(this.log.lines[place], this.log.styles[place])
    line.append(...pieces.map(({ text, classes }) => (classes ? spanOf(text, classes) : text)))
    if (this.query && place === this.matches[this.current]) line.setAttribute('aria-current', 'true')
    return line
  }

  showFollowing() {
    this.button.hidden = this.log.ended
    this.button.setAttribute('aria-pressed', String(this.following))
    const fresh = this.unseen ? ` · ${this.texts.fresh.replace('{count}', this.unseen)}` : ''
    const text = this.following ? this.followingText : this.texts.follow + fresh
    if (this.button.textContent !== text) this.button.textContent = text
  }

  async search() {
    this.query = this.input.value.toLowerCase()
    this.matches = []
    this.current = -1
    this.searched = 0
    this.failed.delete(this.search)
    if (this.query) {
      if (this.log.hasOlder()) this.say(this.texts.loading)
      const { query } = this
      await this.attempt(this.search, () => this.loadWhole(query))
      if (this.query !== query) return
      this.matches = this.matchesIn(0, this.log.lines.length)
      this.searched = this.log.lines.length
      const top = this.box.scrollTop / this.lineHeight
      this.current = Math.max(
        0,
        this.matches.findIndex(place => place >= top),
      )
      this.goTo()
    } else this.update()
  }

  async loadWhole(query) {
    while (this.log.hasOlder() && this.query === query) await this.putBefore(WHOLE_RANGE_BYTES)
  }

  matchesIn(from, to) {
    const found = []
    for (let place = from; place < to; place += 1) {
      if (plainText(this.log.lines[place]).toLowerCase().includes(this.query)) found.push(place)
    }
    return found
  }

  move(by) {
    const { length } = this.matches
    if (!length) return
    this.current = (this.current + by + length) % length
    this.goTo()
  }

  goTo() {
    const place = this.matches[this.current]
    if (place !== undefined) {
      this.following = false
      this.resize()
      this.box.scrollTop = place * this.lineHeight - this.box.clientHeight / 2
    }
    this.update()
  }

  tell() {
    if (this.failed.size) return
    if (!this.query) return this.say('')
    if (!this.searched && this.log.hasOlder()) return this.say(this.texts.loading)
    const { place, none } = this.texts
    const { length } = this.matches
    this.say(length ? place.replace('{place}', this.current + 1).replace('{total}', length) : none)
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text
  }

  /** What is found, where browsers can mark it without elements. */
  mark() {
    if (!globalThis.Highlight) return
    if (!this.query) return CSS.highlights.delete('found')
    const ranges = [...this.window.children].flatMap(line => rangesIn(line, this.query))
    CSS.highlights.set('found', new Highlight(...ranges))
  }
}

function spanOf(text, classes) {
  const span = document.createElement('span')
  span.className = classes
  span.textContent = text
  return span
}

function rangesIn(line, query) {
  const ranges = []
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const text = node.data.toLowerCase()
    for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
      ranges.push(new StaticRange({ ...startOf(node, at), endContainer: node, endOffset: at + query.length }))
    }
  }
  return ranges
}

const startOf = (startContainer, startOffset) => ({ startContainer, startOffset })

const views = new Map()

function openLogs() {
  for (const fold of views.keys()) if (!fold.isConnected) views.delete(fold)
  for (const fold of document.querySelectorAll('[data-log]')) {
    if (!fold.open || views.has(fold)) continue
    const view = new LogView(fold)
    views.set(fold, view)
    view.open()
  }
}

/** Null: some changes may have been missed. */
function onChange({ detail: change }) {
  for (const [fold, view] of views) {
    const concerns =
      !change || (['log', 'run'].includes(change.topic) && String(change.id) === fold.dataset.run)
    if (concerns && view.window) view.readOn()
  }
}

openLogs()
document.addEventListener('toggle', openLogs, true)
document.addEventListener('crat:change', onChange)
document.addEventListener('htmx:after:swap', openLogs)
