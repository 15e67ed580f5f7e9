// What `npm run bench:pages` fills a database with.

const JOBS = `
  INSERT INTO job_version_selections (job_name, updated_at)
  SELECT format('Team-%s/job-%s', i % 9, i), now() FROM generate_series(1, 500) i`

const BUILDS = `
  INSERT INTO build_info (job_name, build_number, package_path, build_user, raw_data, created_at)
  SELECT job_name, (i + 499) / 500, format('build/%s/2024%s-%s-%s', job_name, lpad((i % 1231)::text, 4, '0'),
      (ARRAY['release', 'nightly', 'story_container'])[1 + i % 3], substr(md5(i::text), 1, 8)),
    (ARRAY['jenkins', 'Li Wei', 'Wang Fang', 'None'])[1 + i % 4], jsonb_build_object('JOB_NAME', job_name),
    now() - (100000 - i) * interval '5 minutes'
  FROM generate_series(1, 100000) i JOIN job_version_selections job ON job.id = 1 + i % 500`

const SELECTIONS = `
  UPDATE job_version_selections job SET selected_build_id = last.id
  FROM (SELECT DISTINCT ON (job_name) job_name, id FROM build_info ORDER BY job_name, id DESC) last
  WHERE last.job_name = job.job_name`

const HISTORY = `
  INSERT INTO job_version_history (job_name, build_id, selected_by, reason, selected_at)
  SELECT job_name, id, 'auto-sync', 'auto', created_at FROM build_info WHERE id % 10 = 0`

const ITEMS = `
  INSERT INTO test_items (name, description, associated_job_name, updated_at)
  SELECT format('item-%s', i), 'A service that is deployed and tested', format('Team-%s/job-%s', i % 9, i), now()
  FROM generate_series(1, 300) i`

const SUMMARY = `{"total": 52, "passed": 51, "failed": 1, "broken": 0, "skipped": 0, "unknown": 0, "pass_rate": 98.07,
  "start": null, "stop": null, "duration_ms": 61000, "min_duration_ms": 3, "max_duration_ms": 9000, "sum_duration_ms": 59000}`

// The last 21 are active or wait.
const RUNS = `
  INSERT INTO deploy_test_runs (test_item_id, build_info_id, triggered_by, item_name, job_name, build_number, package_path,
    parameters, package_base_url, test_server_url, max_query_hours, query_interval, query_timeout, status, outcome,
    summary, response_raw_data, created_at, updated_at, started_at, finished_at)
  SELECT item.id, build.id, (ARRAY['li.wei', 'wang.fang', 'chen.jie'])[1 + i % 3] || '@example.com', item.name,
    build.job_name, build.build_number, build.package_path, '{"service_name": "CDS", "upgrade_type": "full"}',
    'http://packages.example', 'http://test-server.example', 3, 60, 30,
    (CASE WHEN i > 1980 THEN 'PENDING' WHEN i = 1980 THEN 'MONITORING' WHEN i % 11 = 0 THEN 'FAILED' ELSE 'COMPLETED' END)::run_status,
    CASE WHEN i >= 1980 THEN NULL WHEN i % 11 = 0 THEN 'unknown' WHEN i % 4 = 0 THEN 'failed' ELSE 'passed' END::run_outcome,
    CASE WHEN i < 1980 AND i % 11 > 0 THEN '${SUMMARY}'::jsonb END, '{"status": "completed"}',
    now() - (2000 - i) * interval '20 minutes', now(),
    CASE WHEN i <= 1980 THEN now() - (2000 - i) * interval '20 minutes' END,
    CASE WHEN i < 1980 THEN now() - (2000 - i) * interval '20 minutes' + interval '6 minutes' END
  FROM generate_series(1, 2000) i
  JOIN test_items item ON item.id = CASE WHEN i % 2 = 0 THEN 150 ELSE 1 + i % 300 END
  JOIN LATERAL (SELECT * FROM build_info WHERE job_name = item.associated_job_name ORDER BY id LIMIT 1 OFFSET i / 12) build ON true`

const STEPS = `
  INSERT INTO deploy_test_steps (run_id, name, status, start_time, end_time, details)
  SELECT run.id, name, 'COMPLETED', run.started_at, run.finished_at, '{"url": "http://packages.example/build/"}'
  FROM deploy_test_runs run, unnest(enum_range(NULL::step_name)) name WHERE run.finished_at IS NOT NULL`

const RESULTS = `
  INSERT INTO test_results (run_id, position, test_key, name, suite, status, change, flaky, duration_ms, retries)
  SELECT run.id, i, md5(i::text), format('Regression %s', i), 'delivery',
    CASE WHEN i = 7 THEN 'failed' ELSE 'passed' END::test_status,
    CASE WHEN i = 7 THEN 'still_failing' END::test_change, i = 9, 120, 0
  FROM deploy_test_runs run, generate_series(1, 52) i WHERE run.summary IS NOT NULL`

const COMPARISONS = `
  INSERT INTO test_comparisons (run_id, previous_run_id, new_failures, still_failing, fixed, flaky)
  SELECT id, NULL, 0, 1, 0, 1 FROM deploy_test_runs WHERE summary IS NOT NULL`

const MAILS = `
  INSERT INTO notifications (run_id, recipient, subject, html, text, message_id, status, created_at, sent_at)
  SELECT id, triggered_by, 'failed: 1 of 52 · ' || item_name, repeat('<p>mail</p>', 1000), 'mail', id || '@crat', 'sent',
    finished_at, finished_at
  FROM deploy_test_runs WHERE finished_at IS NOT NULL`

const AUDIT = `
  INSERT INTO audit_log (actor, action, subject, after, created_at)
  SELECT triggered_by, 'trigger run', item_name, jsonb_build_object('run_id', id), created_at
  FROM deploy_test_runs, generate_series(1, 5)`

/** To be inserted in this order. */
export const ROWS = [
  JOBS,
  BUILDS,
  SELECTIONS,
  HISTORY,
  ITEMS,
  RUNS,
  STEPS,
  RESULTS,
  COMPARISONS,
  MAILS,
  AUDIT,
]
