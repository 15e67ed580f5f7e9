// Colours of terminals. Of the escape sequences only SGR (colours, bold …) has a meaning here; all others are dropped,
// with every control character.
const PLAIN = Object.freeze({
  colour: null,
  ground: null,
  bold: false,
  italic: false,
  underline: false,
  inverse: false,
})
export const PLAIN_STYLE = PLAIN

/** Of a line so long only the beginning is shown. */
const MOST_SHOWN = 5000

const TOKEN = new RegExp(
  [
    '(?:\\x1b\\[|\\x9b)(?<sgr>[0-9;:]*)m',
    // Other control sequences.
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?',
    // Titles, links and other strings, up to their end.
    '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])(?:[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c))?',
    '\\x1b[ -/]*[0-~]?',
    '(?<back>\\r)',
    // Control characters, and those that turn the direction of what follows.
    '[\\0-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
  ].join('|'),
  'g',
)
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const SPECIAL = /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** A line as pieces of text with their classes, and the style in which the next line begins. */
export function parseLine(line, style = PLAIN) {
  const text = line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line
  if (!SPECIAL.test(text)) return { pieces: text ? [pieceOf(text, style)] : [], style }
  let pieces = []
  let now = style
  let from = 0
  for (const token of text.replace(/\r+$/, '').matchAll(TOKEN)) {
    add(pieces, text.slice(from, token.index), now)
    from = token.index + token[0].length
    // What follows overwrites the line.
    if (token.groups.back !== undefined) pieces = []
    if (token.groups.sgr !== undefined) now = styleAfter(now, token.groups.sgr)
  }
  add(pieces, text.slice(from).replace(/\r+$/, ''), now)
  return { pieces, style: now }
}

function add(pieces, text, style) {
  const piece = pieceOf(text, style)
  const last = pieces.at(-1)
  if (last?.classes === piece.classes) last.text += text
  else if (text) pieces.push(piece)
}

/** The line without colours. */
export function plainText(line) {
  if (!SPECIAL.test(line) && line.length <= MOST_SHOWN) return line
  return parseLine(line)
    .pieces.map(({ text }) => text)
    .join('')
}

export const sameStyle = (a, b) => a === b || classesOf(a) === classesOf(b)

const pieceOf = (text, style) => ({ text, classes: classesOf(style) })

function classesOf({ colour, ground, bold, italic, underline, inverse }) {
  const filled = inverse ? (colour ?? 'white') : ground
  // On a coloured ground the text is dark, whatever was asked for: so it can always be read.
  const names = [
    filled ? `on-${filled}` : colour,
    bold && 'bold',
    italic && 'italic',
    underline && 'underline',
  ]
  return names
    .filter(Boolean)
    .map(name => `ansi-${name}`)
    .join(' ')
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

const SWITCHES = {
  1: { bold: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  21: { underline: true },
  22: { bold: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { colour: null },
  49: { ground: null },
}

function styleAfter(before, parameters) {
  const codes = parameters.split(/[;:]/).map(Number)
  let style = before
  for (let place = 0; place < codes.length; place += 1) {
    const code = codes[place]
    if (code === 38 || code === 48) {
      const { name, length } = extendedColour(codes.slice(place + 1))
      style = { ...style, [code === 38 ? 'colour' : 'ground']: name }
      place += length
    } else style = code === 0 ? PLAIN : { ...style, ...(SWITCHES[code] ?? colourOf(code)) }
  }
  return style
}

function colourOf(code) {
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { colour: NAMES[code % 10] }
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { ground: NAMES[code % 10] }
  return {}
}

/** Of 256 or 16 million colours the one of the eight that is nearest. */
function extendedColour([kind, ...values]) {
  if (kind === 5) return { name: indexed(values[0] ?? 0), length: 2 }
  if (kind === 2) return { name: nearest(values.slice(0, 3)), length: 4 }
  return { name: null, length: 1 }
}

function indexed(number) {
  if (number < 16) return NAMES[number % 8] ?? null
  if (number > 231) return number < 244 ? 'black' : 'white'
  const cube = number - 16
  return nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(part => part * 51))
}

function nearest(parts) {
  const [red = 0, green = 0, blue = 0] = parts
  const most = Math.max(red, green, blue)
  const bit = part => (part > most / 2 ? 1 : 0)
  if (most < 48) return 'black'
  return NAMES[bit(red) + 2 * bit(green) + 4 * bit(blue)] ?? null
}
