import type { ReportSummary } from '../../lib/report-summary.ts'
import type { Address } from './address.ts'
import type { Fetcher } from './fetcher.ts'
import type { ReportFile } from './report-file.ts'
import type { Reason, TestRow } from './test-row.ts'

export interface ReportReader {
  candidates(address: Address): URL[]
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
  /** Where not all are among the rows. */
  total?: number
  readReason?(source: string): Promise<Reason | null>
}
