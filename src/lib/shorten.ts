export interface Shortened {
  text: string
  cut: boolean
}

/** Cuts texts, each and all together, so that a page stays light. */
export function createBudget({ all, each }: { all: number; each: number }): (text: string) => Shortened {
  let left = all
  return whole => {
    const text = whole.slice(0, Math.min(left, each)).toWellFormed()
    left -= text.length
    return { text, cut: text.length < whole.length }
  }
}

const MARKUP_OF_LINE = 40

/** As many of the lines as fit into so many characters, the long ones cut. */
export function shortenLines<Line extends { text: string }>(
  lines: readonly Line[],
  { all, each }: { all: number; each: number },
): { lines: Line[]; cut: boolean } {
  const shorten = createBudget({ all, each })
  let left = all
  const shown = lines.map(line => {
    const { text, cut } = shorten(line.text)
    left -= text.length + MARKUP_OF_LINE
    return { line: { ...line, text }, cut: cut || left < 0, fits: left >= 0 }
  })
  return {
    lines: shown.filter(({ fits }) => fits).map(({ line }) => line),
    cut: shown.some(({ cut }) => cut),
  }
}
