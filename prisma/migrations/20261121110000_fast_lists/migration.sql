-- Filters and figures of lists that grow.
CREATE INDEX "deploy_test_runs_outcome_id_idx" ON "deploy_test_runs"("outcome", "id" DESC);
CREATE INDEX "deploy_test_runs_finished_at_outcome_idx" ON "deploy_test_runs"("finished_at", "outcome");
