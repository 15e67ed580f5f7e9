import type { ReportSummary } from '../../lib/report-summary.ts'
import type { Address } from './address.ts'
import type { Fetcher } from './fetcher.ts'
import type { ReportFile } from './report-file.ts'
import type { Reason, TestRow } from './test-row.ts'

export interface ReportReader {
  candidates(address: Address): URL[]
  /** Returns the report that starts with this file; null for another format. */
  read(file: ReportFile, address: Address, fetcher: Fetcher): Promise<Report | null> | Report | null
}

export type ReportFormat = 'allure2' | 'allure3' | 'statistic' | 'junit' | 'pytest-html'

export interface Report {
  format: ReportFormat
  summary: ReportSummary
  tests: TestList | null
}

export interface TestList {
  url: URL
  rows: TestRow[]
  /** Reads why a test fails from a file of its own, the row's `source`. */
  readReason?(source: string): Promise<Reason | null>
}
