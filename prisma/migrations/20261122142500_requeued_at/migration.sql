-- When it joined the queue once more; null for a run of one attempt.
ALTER TABLE deploy_test_runs ADD COLUMN requeued_at TIMESTAMPTZ(3);
