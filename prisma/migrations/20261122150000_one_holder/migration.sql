-- run_environments_one_holder says the same, also of runs in several environments. It may be gone already.
DROP INDEX IF EXISTS "deploy_test_runs_one_active_per_environment";
