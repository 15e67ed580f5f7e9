import type { TestStatus } from '../../lib/report-summary.ts'

export const TEST_STATUS_COLOURS: Record<TestStatus, string> = {
  passed: '#1a9c5b',
  failed: '#d92d20',
  broken: '#e8890c',
  skipped: '#8a8f98',
  unknown: '#a855f7',
}

export const TONES = {
  passed: { ink: '#0d7040', soft: '#e1f5e9', darkInk: '#63da9b', darkSoft: '#10291d', sign: '✓' },
  failed: { ink: '#bd1d18', soft: '#fdeceb', darkInk: '#ff8f86', darkSoft: '#381616', sign: '×' },
  unknown: { ink: '#7c2bc4', soft: '#f6ebff', darkInk: '#d2a2ff', darkSoft: '#2b183c', sign: '?' },
  warn: { ink: '#8f4a00', soft: '#fff2e0', darkInk: '#ffb867', darkSoft: '#34230b', sign: '!' },
  quiet: { ink: '#55556a', soft: '#eaeaf2', darkInk: '#b1b1c5', darkSoft: '#252533', sign: '–' },
} as const

export type Tone = keyof typeof TONES
