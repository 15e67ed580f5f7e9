import type { ReportSummary } from '../../lib/report-summary.ts'
import type { Address } from './address.ts'
import type { Fetcher } from './fetcher.ts'
import type { ReportFile } from './report-file.ts'
import type { Reason, TestRow } from './test-row.ts'

/** Reads one format of test reports. */
export interface ReportReader {
  /** Where such a report may be, the likeliest address first. */
  candidates(address: Address): URL[]
  /** The report that begins with this file; null where the file is of another format. */
  read(file: ReportFile, address: Address, fetcher: Fetcher): Promise<Report | null> | Report | null
}

export type ReportFormat = 'allure2' | 'allure3' | 'statistic' | 'junit' | 'pytest-html'

export interface Report {
  format: ReportFormat
  summary: ReportSummary
  /** null where the report does not list its tests. */
  tests: TestList | null
}

export interface TestList {
  url: URL
  rows: TestRow[]
  /** Why a test fails, where that is in a file of its own: the row's `source`. */
  readReason?(source: string): Promise<Reason | null>
}
