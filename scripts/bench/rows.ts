import { BUSY_ITEM, BUSY_JOB, ITEMS, JOBS, type Sizes, TESTS_PER_RUN } from './sizes.ts'

interface Statement {
  table: string
  sql: string
  /** Of what 2.0.0 does not have. */
  isNew?: boolean
}

const JOB_ROWS = `
  INSERT INTO job_version_selections (job_name, updated_at)
  SELECT format('team-%s-job-%s', i % 9, i), now() FROM generate_series(1, ${JOBS}) i`

const buildRows = (builds: number) => `
  INSERT INTO build_info (job_name, build_number, package_path, build_user, raw_data, created_at)
  SELECT job_name, i, format('build/%s/2026%s-%s-%s', job_name, lpad((i % 1231)::text, 4, '0'),
      (ARRAY['release', 'nightly', 'story_container'])[1 + i % 3], substr(md5(i::text), 1, 8)),
    (ARRAY['jenkins', 'Li Wei', 'Wang Fang', 'None'])[1 + i % 4],
    jsonb_build_object('JOB_NAME', job_name, 'BUILD_NUMBER', i::text, 'BUILD_USER', 'jenkins',
      'PACKAGE_PATH', format('build/%s/2026%s', job_name, i)),
    now() - (${builds} - i) * interval '30 seconds'
  FROM generate_series(1, ${builds}) i
  JOIN job_version_selections job
    ON job.id = CASE WHEN i % 10 = 0 THEN ${BUSY_JOB} ELSE 1 + (i - i / 10) % ${JOBS} END`

const SELECTED = `
  UPDATE job_version_selections job SET selected_build_id = last.id
  FROM (SELECT DISTINCT ON (job_name) job_name, id FROM build_info ORDER BY job_name, id DESC) last
  WHERE last.job_name = job.job_name`

const HISTORY_ROWS = `
  INSERT INTO job_version_history (job_name, build_id, selected_by, reason, selected_at)
  SELECT job_name, id, 'auto-sync', 'auto', created_at FROM build_info WHERE id % 10 = 0`

const ITEM_ROWS = `
  INSERT INTO test_items (name, description, associated_job_name, updated_at)
  SELECT format('item-%s', i), 'A service that is deployed and tested', format('team-%s-job-%s', i % 9, i), now()
  FROM generate_series(1, ${ITEMS}) i`

const SUMMARY = JSON.stringify({
  ...{ total: TESTS_PER_RUN, passed: TESTS_PER_RUN - 2, failed: 2, broken: 0, skipped: 0, unknown: 0 },
  ...{ pass_rate: 99.09, start: null, stop: null, duration_ms: 61_000 },
  ...{ min_duration_ms: 3, max_duration_ms: 9_000, sum_duration_ms: 59_000 },
})

/** The last 21 are active or wait. Every seventh is triggered by a token, and each that failed is tried again. */
const runRows = (runs: number) => `
  INSERT INTO deploy_test_runs (test_item_id, build_info_id, triggered_by, item_name, job_name, build_number, package_path,
    parameters, package_base_url, test_server_url, max_query_hours, query_interval, query_timeout, status, outcome,
    summary, response_raw_data, created_at, updated_at, started_at, finished_at, retry_of)
  SELECT item.id, build.id,
    CASE WHEN i % 7 = 0 THEN 'token:nightly' ELSE (ARRAY['li.wei', 'wang.fang', 'chen.jie'])[1 + i % 3] || '@example.com' END, item.name,
    build.job_name, build.build_number, build.package_path, '{"service_name": "CDS", "upgrade_type": "full"}',
    'http://packages.example', 'http://test-server.example', 3, 60, 30,
    (CASE WHEN place < 20 THEN 'PENDING' WHEN place = 20 THEN 'MONITORING' WHEN i % 11 = 0 THEN 'FAILED' ELSE 'COMPLETED' END)::run_status,
    CASE WHEN place <= 20 THEN NULL WHEN i % 11 = 0 THEN 'unknown' WHEN i % 4 = 0 THEN 'failed' ELSE 'passed' END::run_outcome,
    CASE WHEN place > 20 AND i % 11 > 0 THEN '${SUMMARY}'::jsonb END, '{"status": "completed"}',
    run.created_at, now(), CASE WHEN place >= 20 THEN run.created_at END,
    CASE WHEN place > 20 THEN run.created_at + interval '6 minutes' END,
    CASE WHEN i % 11 = 1 AND i > 1 THEN i - 1 END
  FROM (
    SELECT i, ${runs} - i AS place, now() - (${runs} - i) * interval '5 minutes' AS created_at
    FROM generate_series(1, ${runs}) i
  ) run
  JOIN test_items item ON item.id = CASE WHEN i % 2 = 0 THEN ${BUSY_ITEM} ELSE 1 + i % ${ITEMS} END
  JOIN LATERAL (
    SELECT * FROM build_info WHERE job_name = item.associated_job_name
    ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET CASE WHEN item.id = ${BUSY_ITEM} THEN i % 90 ELSE 0 END
  ) build ON true
  ORDER BY i`

const STEP_ROWS = `
  INSERT INTO deploy_test_steps (run_id, name, status, start_time, end_time, details)
  SELECT run.id, name, 'COMPLETED', run.started_at, run.finished_at, '{"url": "http://packages.example/build/"}'
  FROM deploy_test_runs run, unnest(enum_range(NULL::step_name)) name WHERE run.finished_at IS NOT NULL`

/** Of each report two tests fail, with a trace, and one is flaky. */
const resultRows = (tests: number) => `
  INSERT INTO test_results (run_id, position, test_key, name, suite, status, change, flaky, duration_ms, retries,
    message, trace)
  SELECT run.id, i, md5(run.item_name || i), format('test_delivers_the_whole_file[%s]', i), 'tests/delivery/live.py',
    CASE WHEN i IN (7, 8) THEN 'failed' ELSE 'passed' END::test_status,
    CASE WHEN i = 7 THEN 'still_failing' WHEN i = 8 THEN 'new_failure' END::test_change, i = 9, 120, 0,
    CASE WHEN i IN (7, 8) THEN 'AssertionError: 404 is not 200' END,
    CASE WHEN i IN (7, 8) THEN repeat('at a line of the test, in a file of the suite' || chr(10), 40) END
  FROM deploy_test_runs run, generate_series(1, ${tests}) i WHERE run.summary IS NOT NULL`

const COMPARISON_ROWS = `
  INSERT INTO test_comparisons (run_id, previous_run_id, new_failures, still_failing, fixed, flaky)
  SELECT id, NULL, 1, 1, 0, 1 FROM deploy_test_runs WHERE summary IS NOT NULL`

/** What is counted when a run ends. */
const DAY_ROWS = `
  INSERT INTO run_days (test_item_id, day, runs, passed, failed, errors, tests_passed, tests_failed, duration_ms, timed,
    wait_ms, waited)
  SELECT test_item_id, (finished_at AT TIME ZONE 'UTC')::date, count(*), count(*) FILTER (WHERE outcome = 'passed'),
    count(*) FILTER (WHERE outcome = 'failed'), count(*) FILTER (WHERE status = 'FAILED'),
    count(summary) * ${TESTS_PER_RUN - 2}, count(summary) * 2, count(*) * 360000, count(*), count(*) * 1000, count(*)
  FROM deploy_test_runs WHERE finished_at IS NOT NULL GROUP BY 1, 2`

const itemTestRows = (tests: number) => `
  INSERT INTO item_tests (test_item_id, test_key, name, suite, last_status, last_run_id, runs, passes, failures,
    first_failed_run_id, last_flaky_run_id)
  SELECT item, md5(item_name || i), format('test_delivers_the_whole_file[%s]', i), 'tests/delivery/live.py',
    CASE WHEN i IN (7, 8) THEN 'failed' ELSE 'passed' END::test_status, last, runs,
    CASE WHEN i IN (7, 8) THEN 0 ELSE runs END, CASE WHEN i IN (7, 8) THEN runs ELSE 0 END,
    CASE WHEN i IN (7, 8) THEN first END, CASE WHEN i = 9 THEN last END
  FROM (
    SELECT test_item_id AS item, item_name, min(id) AS first, max(id) AS last, count(*) AS runs
    FROM deploy_test_runs WHERE summary IS NOT NULL GROUP BY 1, 2
  ) item, generate_series(1, ${tests}) i`

const MAIL_ROWS = `
  INSERT INTO notifications (run_id, recipient, subject, html, text, message_id, status, created_at, sent_at)
  SELECT id, triggered_by, 'failed: 2 of ${TESTS_PER_RUN} · ' || item_name, repeat('<p>mail</p>', 1000), 'mail',
    id || '@crat', 'sent', finished_at, finished_at
  FROM deploy_test_runs WHERE finished_at IS NOT NULL AND triggered_by LIKE '%@%'`

const AUDIT_ROWS = `
  INSERT INTO audit_log (actor, action, subject, after, created_at)
  SELECT triggered_by, 'trigger run', item_name, jsonb_build_object('run_id', id), created_at
  FROM deploy_test_runs, generate_series(1, 5)`

/** What fills a database that was just set up, in this order. */
export function statementsFor({
  builds,
  runs,
  testsPerRun = TESTS_PER_RUN,
  oldest = false,
}: Sizes): Statement[] {
  const statements: Statement[] = [
    { table: 'job_version_selections', sql: JOB_ROWS },
    { table: 'build_info', sql: buildRows(builds) },
    { table: 'job_version_selections', sql: SELECTED },
    { table: 'job_version_history', sql: HISTORY_ROWS },
    { table: 'test_items', sql: ITEM_ROWS },
    { table: 'deploy_test_runs', sql: runRows(runs) },
    { table: 'deploy_test_steps', sql: STEP_ROWS },
    { table: 'test_results', sql: resultRows(testsPerRun) },
    { table: 'test_comparisons', sql: COMPARISON_ROWS },
    { table: 'test_comparisons', sql: 'UPDATE test_comparisons SET counted = true', isNew: true },
    { table: 'run_days', sql: DAY_ROWS, isNew: true },
    { table: 'item_tests', sql: itemTestRows(testsPerRun), isNew: true },
    { table: 'notifications', sql: MAIL_ROWS },
    { table: 'audit_log', sql: AUDIT_ROWS },
  ]
  return statements.filter(({ isNew }) => !(oldest && isNew))
}
