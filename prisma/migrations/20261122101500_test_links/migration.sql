-- Where the report shows a failing test.
ALTER TABLE test_results ADD COLUMN url TEXT;
