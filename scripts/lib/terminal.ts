import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Coloured on a terminal, plain elsewhere. */
export const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout })

export function heading(text: string): void {
  console.log(`\n${paint('bold', text)}`)
}

export function done(text: string): void {
  console.log(`${paint('green', '✓')} ${text}`)
}

export function under(text: string): void {
  console.log(`${paint('blue', '→')} ${text}`)
}

export function failed(text: string): void {
  console.log(`${paint('red', '✗')} ${text}`)
}

/** A line of a table: `report   http://…`. */
export function fact(name: string, value: string): void {
  console.log(`  ${paint('dim', name.padEnd(9))} ${value}`)
}
