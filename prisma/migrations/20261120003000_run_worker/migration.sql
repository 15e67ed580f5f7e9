-- The lifeline of the process that drives the run.
ALTER TABLE "deploy_test_runs" ADD COLUMN "worker" INTEGER;
