import type { StepName } from '../generated/prisma/enums.ts'

/** What is done about a failed run. */
export type Remedy = 'retry' | 'look_again' | 'other_build' | 'check_environment' | 'settings' | 'parameters'

export interface Remedies {
  main: Remedy
  also: Remedy | null
}

const NO_PACKAGE: Remedies = { main: 'look_again', also: 'other_build' }
const BAD_BUILD: Remedies = { main: 'other_build', also: 'retry' }
const NO_PACKAGE_SERVER: Remedies = { main: 'look_again', also: 'settings' }
const WRONG_SETTING: Remedies = { main: 'settings', also: 'retry' }
const WRONG_PARAMETERS: Remedies = { main: 'parameters', also: 'retry' }
const TEST_SERVER: Remedies = { main: 'check_environment', also: 'retry' }
const RETRY: Remedies = { main: 'retry', also: null }

const BY_KEY: Record<string, Remedies> = {
  'package:directory_not_found': NO_PACKAGE,
  'package:redirected_up': NO_PACKAGE,
  'package:empty_directory': NO_PACKAGE,
  'package:no_packages': NO_PACKAGE,
  'package:no_match': NO_PACKAGE,
  'package:file_not_found': NO_PACKAGE,
  'package:checksum_mismatch': NO_PACKAGE,
  'package:wrong_size': NO_PACKAGE,
  'package:truncated': NO_PACKAGE,
  'package:corrupt': NO_PACKAGE,
  'package:trailing_garbage': NO_PACKAGE,
  'package:not_gzip': NO_PACKAGE,
  'package:bad_path': BAD_BUILD,
  'package:bad_name': BAD_BUILD,
  'package:directory_forbidden': NO_PACKAGE_SERVER,
  'package:listing_status': NO_PACKAGE_SERVER,
  'package:file_forbidden': NO_PACKAGE_SERVER,
  'package:file_status': NO_PACKAGE_SERVER,
  'package:bad_base_url': WRONG_SETTING,
  'package:not_a_listing': WRONG_SETTING,
  'package:too_many_redirects': WRONG_SETTING,
  'package:bad_redirect': WRONG_SETTING,
  'errors:no_package_server': WRONG_SETTING,
  'test-server:no_address': WRONG_SETTING,
  'test-server:redirected': WRONG_SETTING,
  'test-server:refused': WRONG_PARAMETERS,
  'errors:sealed_with_other_secret': WRONG_PARAMETERS,
  'test-server:not_json': TEST_SERVER,
  'test-server:no_task_id': TEST_SERVER,
  'test-server:poll_refused': TEST_SERVER,
  'test-server:no_status': TEST_SERVER,
  'test-server:task_not_found': TEST_SERVER,
  'test-server:task_lost': TEST_SERVER,
  'test-server:submit_unanswered': TEST_SERVER,
  'test-server:submit_unanswered_again': TEST_SERVER,
  'test-server:submit_interrupted': TEST_SERVER,
  'test-server:check_refused': TEST_SERVER,
}

/** What its error says to do; a server that cannot be reached is that of the step. */
export function remediesFor(errorKey: string | null, failedStep: StepName | null): Remedies {
  if (errorKey?.startsWith('http:')) return failedStep === 'download' ? NO_PACKAGE_SERVER : TEST_SERVER
  return BY_KEY[errorKey ?? ''] ?? RETRY
}
