-- Dumped at 2026-11-21T22:11:24.614Z
CREATE SCHEMA pgboss;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TYPE pgboss.job_state AS ENUM (
    'created',
    'retry',
    'active',
    'completed',
    'cancelled',
    'failed'
);

CREATE TYPE public.environment_state AS ENUM (
    'ready',
    'paused',
    'quarantined'
);

CREATE TYPE public.notification_status AS ENUM (
    'waiting',
    'sent',
    'failed'
);

CREATE TYPE public.run_outcome AS ENUM (
    'passed',
    'failed',
    'unknown'
);

CREATE TYPE public.run_status AS ENUM (
    'PENDING',
    'DOWNLOADING',
    'DOWNLOADED',
    'TESTING',
    'MONITORING',
    'COMPLETED',
    'DEPLOY_COMPLETE',
    'FAILED',
    'CANCELLED'
);

CREATE TYPE public.selection_reason AS ENUM (
    'manual',
    'auto',
    'first'
);

CREATE TYPE public.step_name AS ENUM (
    'download',
    'test',
    'monitor',
    'notify'
);

CREATE TYPE public.step_status AS ENUM (
    'RUNNING',
    'COMPLETED',
    'FAILED',
    'SKIPPED',
    'CANCELLED'
);

CREATE TYPE public.test_change AS ENUM (
    'new_failure',
    'still_failing',
    'fixed'
);

CREATE TYPE public.test_status AS ENUM (
    'passed',
    'failed',
    'broken',
    'skipped',
    'unknown'
);

CREATE FUNCTION pgboss.create_queue(queue_name text, options jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $_$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO pgboss.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify,
          created_on,
          updated_on
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false),
          pgboss.job_now(),
          pgboss.job_now()
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE pgboss.%I (LIKE pgboss.job INCLUDING DEFAULTS)', tablename);

      EXECUTE pgboss.job_table_format($cmd$ALTER TABLE pgboss.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$ALTER TABLE pgboss.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$ALTER TABLE pgboss.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE pgboss.job_table_format($cmd$CREATE INDEX job_i11 ON pgboss.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON pgboss.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$CREATE INDEX job_i7 ON pgboss.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$CREATE INDEX job_i9 ON pgboss.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);
      EXECUTE pgboss.job_table_format($cmd$CREATE INDEX job_i12 ON pgboss.job (source_root_id) WHERE source_root_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON pgboss.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON pgboss.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON pgboss.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON pgboss.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE pgboss.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON pgboss.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE pgboss.job_table_format($cmd$CREATE INDEX job_i10 ON pgboss.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE pgboss.job_table_format($cmd$ALTER TABLE pgboss.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE pgboss.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE pgboss.job ATTACH PARTITION pgboss.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $_$;

CREATE FUNCTION pgboss.delete_queue(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$
    DECLARE
      v_table varchar;
      v_partition bool;
    BEGIN
      
      SELECT table_name, partition
      FROM pgboss.queue
      WHERE name = queue_name
      INTO v_table, v_partition;

      IF v_partition THEN
        EXECUTE format('DROP TABLE IF EXISTS pgboss.%I', v_table);
      ELSE
        EXECUTE format('DELETE FROM pgboss.%I WHERE name = %L', v_table, queue_name);
      END IF;
    
      DELETE FROM pgboss.queue WHERE name = queue_name;
    END;
    $$;

CREATE FUNCTION pgboss.job_now() RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
      SELECT pg_catalog.now();
    $$;

CREATE FUNCTION pgboss.job_table_format(command text, table_name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
      SELECT format(
        regexp_replace(
          regexp_replace(command, '\.job\y', '.%1$I', 'g'),
          '\yjob_i(\d+)', '%1$s_i\1', 'g'
        ),
        table_name
      );
    $_$;

CREATE FUNCTION pgboss.job_table_run(command text, tbl_name text DEFAULT NULL::text, queue_name text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
    DECLARE
      tbl RECORD;
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM pgboss.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        EXECUTE pgboss.job_table_format(command, tbl_name);
        RETURN;
      END IF;

      EXECUTE pgboss.job_table_format(command, 'job_common');

      FOR tbl IN SELECT table_name FROM pgboss.queue WHERE partition = true
      LOOP
        EXECUTE pgboss.job_table_format(command, tbl.table_name);
      END LOOP;
    END;
    $$;

CREATE FUNCTION pgboss.job_table_run_async(command_name text, version integer, command text, tbl_name text DEFAULT NULL::text, queue_name text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM pgboss.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        INSERT INTO pgboss.bam (name, version, status, queue, table_name, command)
        VALUES (
          command_name,
          version,
          'pending',
          queue_name,
          tbl_name,
          pgboss.job_table_format(command, tbl_name)
        );
        RETURN;
      END IF;

      INSERT INTO pgboss.bam (name, version, status, queue, table_name, command)
      SELECT
        command_name,
        version,
        'pending',
        NULL,
        'job_common',
        pgboss.job_table_format(command, 'job_common')
      UNION ALL
      SELECT
        command_name,
        version,
        'pending',
        queue.name,
        queue.table_name,
        pgboss.job_table_format(command, queue.table_name)
      FROM pgboss.queue
      WHERE partition = true;
    END;
    $$;

CREATE TABLE pgboss.bam (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    queue text,
    table_name text NOT NULL,
    command text NOT NULL,
    error text,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    started_on timestamp with time zone,
    completed_on timestamp with time zone
);

CREATE TABLE pgboss.job (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    data jsonb,
    state pgboss.job_state DEFAULT 'created'::pgboss.job_state NOT NULL,
    retry_limit integer DEFAULT 2 NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    retry_delay integer DEFAULT 0 NOT NULL,
    retry_backoff boolean DEFAULT false NOT NULL,
    retry_delay_max integer,
    expire_seconds integer DEFAULT 900 NOT NULL,
    deletion_seconds integer DEFAULT 604800 NOT NULL,
    singleton_key text,
    singleton_on timestamp without time zone,
    group_id text,
    group_tier text,
    start_after timestamp with time zone DEFAULT now() NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    started_on timestamp with time zone,
    completed_on timestamp with time zone,
    keep_until timestamp with time zone DEFAULT (now() + '336:00:00'::interval) NOT NULL,
    output jsonb,
    dead_letter text,
    policy text,
    heartbeat_on timestamp with time zone,
    heartbeat_seconds integer,
    blocked boolean DEFAULT false NOT NULL,
    blocking boolean DEFAULT false NOT NULL,
    pending_dependencies integer DEFAULT 0 NOT NULL,
    source_name text,
    source_id uuid,
    source_created_on timestamp with time zone,
    source_retry_count integer,
    source_output jsonb,
    source_root_id uuid
)
PARTITION BY LIST (name);

CREATE TABLE pgboss.job_common (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    data jsonb,
    state pgboss.job_state DEFAULT 'created'::pgboss.job_state NOT NULL,
    retry_limit integer DEFAULT 2 NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    retry_delay integer DEFAULT 0 NOT NULL,
    retry_backoff boolean DEFAULT false NOT NULL,
    retry_delay_max integer,
    expire_seconds integer DEFAULT 900 NOT NULL,
    deletion_seconds integer DEFAULT 604800 NOT NULL,
    singleton_key text,
    singleton_on timestamp without time zone,
    group_id text,
    group_tier text,
    start_after timestamp with time zone DEFAULT now() NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    started_on timestamp with time zone,
    completed_on timestamp with time zone,
    keep_until timestamp with time zone DEFAULT (now() + '336:00:00'::interval) NOT NULL,
    output jsonb,
    dead_letter text,
    policy text,
    heartbeat_on timestamp with time zone,
    heartbeat_seconds integer,
    blocked boolean DEFAULT false NOT NULL,
    blocking boolean DEFAULT false NOT NULL,
    pending_dependencies integer DEFAULT 0 NOT NULL,
    source_name text,
    source_id uuid,
    source_created_on timestamp with time zone,
    source_retry_count integer,
    source_output jsonb,
    source_root_id uuid,
    CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK ((NOT ((policy = 'key_strict_fifo'::text) AND (singleton_key IS NULL))))
);

CREATE TABLE pgboss.job_dependency (
    child_name text NOT NULL,
    child_id uuid NOT NULL,
    parent_name text NOT NULL,
    parent_id uuid NOT NULL
);

CREATE TABLE pgboss.queue (
    name text NOT NULL,
    policy text NOT NULL,
    retry_limit integer NOT NULL,
    retry_delay integer NOT NULL,
    retry_backoff boolean NOT NULL,
    retry_delay_max integer,
    expire_seconds integer NOT NULL,
    retention_seconds integer NOT NULL,
    deletion_seconds integer NOT NULL,
    dead_letter text,
    partition boolean NOT NULL,
    table_name text NOT NULL,
    deferred_count integer DEFAULT 0 NOT NULL,
    queued_count integer DEFAULT 0 NOT NULL,
    ready_count integer DEFAULT 0 NOT NULL,
    warning_queued integer DEFAULT 0 NOT NULL,
    active_count integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    total_count integer DEFAULT 0 NOT NULL,
    created_delta integer DEFAULT 0 NOT NULL,
    completed_delta integer DEFAULT 0 NOT NULL,
    failed_delta integer DEFAULT 0 NOT NULL,
    delta_on timestamp with time zone,
    delta_seconds integer,
    ready_history integer[] DEFAULT '{}'::integer[] NOT NULL,
    heartbeat_seconds integer,
    notify boolean DEFAULT false NOT NULL,
    singletons_active text[],
    monitor_claim_on timestamp with time zone,
    monitor_on timestamp with time zone,
    maintain_on timestamp with time zone,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT queue_check CHECK ((dead_letter IS DISTINCT FROM name))
);

CREATE TABLE pgboss.queue_stats (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    deferred_count integer DEFAULT 0 NOT NULL,
    queued_count integer DEFAULT 0 NOT NULL,
    ready_count integer DEFAULT 0 NOT NULL,
    active_count integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    total_count integer DEFAULT 0 NOT NULL,
    created_delta integer,
    completed_delta integer,
    failed_delta integer,
    delta_seconds integer,
    delta_on timestamp with time zone,
    captured_on timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (captured_on);

CREATE TABLE pgboss.queue_stats_20261121 (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    deferred_count integer DEFAULT 0 NOT NULL,
    queued_count integer DEFAULT 0 NOT NULL,
    ready_count integer DEFAULT 0 NOT NULL,
    active_count integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    total_count integer DEFAULT 0 NOT NULL,
    created_delta integer,
    completed_delta integer,
    failed_delta integer,
    delta_seconds integer,
    delta_on timestamp with time zone,
    captured_on timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE pgboss.queue_stats_20261122 (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    deferred_count integer DEFAULT 0 NOT NULL,
    queued_count integer DEFAULT 0 NOT NULL,
    ready_count integer DEFAULT 0 NOT NULL,
    active_count integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    total_count integer DEFAULT 0 NOT NULL,
    created_delta integer,
    completed_delta integer,
    failed_delta integer,
    delta_seconds integer,
    delta_on timestamp with time zone,
    captured_on timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE pgboss.schedule (
    name text NOT NULL,
    key text DEFAULT ''::text NOT NULL,
    kind text DEFAULT 'cron'::text NOT NULL,
    cron text NOT NULL,
    timezone text DEFAULT 'UTC'::text,
    data jsonb,
    options jsonb,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    last_job_id uuid,
    CONSTRAINT schedule_kind_check CHECK ((kind = ANY (ARRAY['cron'::text, 'rrule'::text])))
);

CREATE TABLE pgboss.subscription (
    event text NOT NULL,
    name text NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE pgboss.version (
    version integer NOT NULL,
    cron_on timestamp with time zone,
    bam_on timestamp with time zone,
    flow_on timestamp with time zone,
    reindex_on timestamp with time zone,
    monitor_backoff_on timestamp with time zone
);

CREATE TABLE pgboss.warning (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    type text NOT NULL,
    message text NOT NULL,
    data jsonb,
    created_on timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public._prisma_migrations (
    id character varying(36) NOT NULL,
    checksum character varying(64) NOT NULL,
    finished_at timestamp with time zone,
    migration_name character varying(255) NOT NULL,
    logs text,
    rolled_back_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_steps_count integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.api_tokens (
    id integer NOT NULL,
    name text NOT NULL,
    token_hash text NOT NULL,
    scopes text[] NOT NULL,
    created_by text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_used_at timestamp(3) with time zone,
    expires_at timestamp(3) with time zone
);

CREATE SEQUENCE public.api_tokens_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.api_tokens_id_seq OWNED BY public.api_tokens.id;

CREATE TABLE public.audit_log (
    id integer NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    ip text
);

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.build_info (
    id integer NOT NULL,
    job_name text NOT NULL,
    build_number integer NOT NULL,
    package_path text NOT NULL,
    build_user text DEFAULT 'None'::text NOT NULL,
    raw_data jsonb NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    search_text text GENERATED ALWAYS AS (lower(((((job_name || ' '::text) || package_path) || ' '::text) || build_user))) STORED NOT NULL
);

ALTER TABLE public.build_info ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.build_info_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deploy_test_runs (
    id integer NOT NULL,
    test_item_id integer NOT NULL,
    build_info_id integer,
    parameter_set_id integer,
    retry_of integer,
    triggered_by text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    item_name text NOT NULL,
    job_name text NOT NULL,
    build_number integer NOT NULL,
    package_path text NOT NULL,
    parameters jsonb NOT NULL,
    package_base_url text NOT NULL,
    test_server_url text NOT NULL,
    max_query_hours double precision NOT NULL,
    query_interval double precision NOT NULL,
    query_timeout double precision NOT NULL,
    status public.run_status DEFAULT 'PENDING'::public.run_status NOT NULL,
    outcome public.run_outcome,
    claim integer DEFAULT 0 NOT NULL,
    error_message text,
    error_key text,
    error_params jsonb,
    download_url text,
    download_path text,
    package_sha256 text,
    package_size bigint,
    submit_started_at timestamp(3) with time zone,
    submitted_at timestamp(3) with time zone,
    task_id text,
    report_url text,
    summary jsonb,
    response_raw_data jsonb,
    cancelled_by text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    started_at timestamp(3) with time zone,
    finished_at timestamp(3) with time zone,
    worker integer,
    test_server_protocol integer DEFAULT 1 NOT NULL,
    test_server_features text[] DEFAULT ARRAY[]::text[] NOT NULL,
    environment_id integer,
    environment_name text,
    environment_labels text[] DEFAULT '{}'::text[] NOT NULL,
    wanted_environment_id integer,
    environments_needed integer DEFAULT 1 NOT NULL,
    infrastructure_retries integer DEFAULT 0 NOT NULL,
    test_retries integer DEFAULT 0 NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    queue_order double precision,
    script_bundle text,
    script_bundle_version integer,
    scripts_sha256 text,
    load jsonb
);

ALTER TABLE public.deploy_test_runs ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.deploy_test_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deploy_test_steps (
    id integer NOT NULL,
    run_id integer NOT NULL,
    name public.step_name NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    status public.step_status NOT NULL,
    start_time timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    end_time timestamp(3) with time zone,
    details jsonb,
    progress jsonb,
    error text,
    error_key text,
    error_params jsonb
);

ALTER TABLE public.deploy_test_steps ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.deploy_test_steps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.environments (
    id integer NOT NULL,
    name text NOT NULL,
    test_server_url text NOT NULL,
    labels text[] DEFAULT '{}'::text[] NOT NULL,
    state public.environment_state DEFAULT 'ready'::public.environment_state NOT NULL,
    state_reason text,
    state_reason_key text,
    state_reason_params jsonb,
    state_since timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    setup_failures integer DEFAULT 0 NOT NULL,
    check_failures integer DEFAULT 0 NOT NULL,
    next_check_at timestamp(3) with time zone,
    protocol integer,
    features text[] DEFAULT '{}'::text[] NOT NULL,
    last_seen_at timestamp(3) with time zone,
    token text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.environments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.environments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.job_version_history (
    id integer NOT NULL,
    job_name text NOT NULL,
    build_id integer,
    selected_by text NOT NULL,
    reason public.selection_reason NOT NULL,
    selected_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.job_version_history ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.job_version_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.job_version_selections (
    id integer NOT NULL,
    job_name text NOT NULL,
    selected_build_id integer,
    auto_sync_enabled boolean DEFAULT true NOT NULL,
    last_sync_time timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.job_version_selections ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.job_version_selections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.load_points (
    run_id integer NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    nth integer NOT NULL,
    t double precision NOT NULL,
    users_planned double precision NOT NULL,
    users double precision NOT NULL,
    rps double precision NOT NULL,
    p95_ms double precision,
    errors double precision NOT NULL,
    received_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.login_attempts (
    key text NOT NULL,
    failures integer DEFAULT 1 NOT NULL,
    last_failed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    blocked_until timestamp(3) with time zone
);

CREATE TABLE public.login_links (
    token_hash text NOT NULL,
    email text NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    used_at timestamp(3) with time zone,
    browser_hash text NOT NULL,
    ip text,
    next text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.notifications (
    id integer NOT NULL,
    run_id integer,
    recipient text NOT NULL,
    subject text NOT NULL,
    html text NOT NULL,
    text text NOT NULL,
    chart bytea,
    message_id text NOT NULL,
    status public.notification_status DEFAULT 'waiting'::public.notification_status NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    sent_at timestamp(3) with time zone
);

ALTER TABLE public.notifications ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parameter_set_versions (
    id integer NOT NULL,
    parameter_set_id integer NOT NULL,
    version integer NOT NULL,
    parameters jsonb NOT NULL,
    changed_by text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.parameter_set_versions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parameter_set_versions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parameter_sets (
    id integer NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    parameters jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE public.parameter_sets ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parameter_sets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.run_environments (
    id integer NOT NULL,
    run_id integer NOT NULL,
    attempt integer NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    environment_id integer,
    environment_name text NOT NULL,
    test_server_url text NOT NULL,
    protocol integer DEFAULT 1 NOT NULL,
    features text[] DEFAULT '{}'::text[] NOT NULL,
    status public.run_status NOT NULL,
    outcome public.run_outcome,
    submit_started_at timestamp(3) with time zone,
    submitted_at timestamp(3) with time zone,
    task_id text,
    report_url text,
    summary jsonb,
    error_message text,
    error_key text,
    error_params jsonb,
    started_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    ended_at timestamp(3) with time zone,
    released_at timestamp(3) with time zone
);

ALTER TABLE public.run_environments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.run_environments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.run_logs (
    run_id integer NOT NULL,
    next_offset bigint NOT NULL,
    text text NOT NULL,
    eof boolean NOT NULL,
    cut boolean NOT NULL,
    "position" integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.script_bundles (
    id integer NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    sha256 text NOT NULL,
    size integer NOT NULL,
    files jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE SEQUENCE public.script_bundles_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.script_bundles_id_seq OWNED BY public.script_bundles.id;

CREATE TABLE public.system_settings (
    key text NOT NULL,
    value jsonb NOT NULL,
    description text NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text
);

CREATE TABLE public.test_comparisons (
    run_id integer NOT NULL,
    previous_run_id integer,
    new_failures integer NOT NULL,
    still_failing integer NOT NULL,
    fixed integer NOT NULL,
    flaky integer NOT NULL
);

CREATE TABLE public.test_items (
    id integer NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    associated_job_name text,
    associated_parameter_set_id integer,
    notification_enabled boolean DEFAULT true NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    environment_labels text[] DEFAULT '{}'::text[] NOT NULL,
    environments_needed integer DEFAULT 1 NOT NULL,
    infrastructure_retries integer DEFAULT 0 NOT NULL,
    test_retries integer DEFAULT 0 NOT NULL,
    allowed_triggerers text[] DEFAULT ARRAY[]::text[] NOT NULL,
    script_bundle text,
    script_bundle_version integer
);

ALTER TABLE public.test_items ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.test_items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.test_results (
    run_id integer NOT NULL,
    "position" integer NOT NULL,
    test_key text NOT NULL,
    name text NOT NULL,
    suite text NOT NULL,
    status public.test_status NOT NULL,
    change public.test_change,
    flaky boolean NOT NULL,
    duration_ms double precision,
    retries integer NOT NULL,
    message text,
    trace text
);

CREATE TABLE public.timetable (
    name text NOT NULL,
    taken_for timestamp(3) with time zone NOT NULL
);

CREATE TABLE public.used_codes (
    step bigint NOT NULL
);

CREATE TABLE public.user_sessions (
    id integer NOT NULL,
    email text NOT NULL,
    token_hash text NOT NULL,
    is_admin boolean NOT NULL,
    ip text,
    user_agent text,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_seen_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    method text DEFAULT 'email'::text NOT NULL,
    groups text[] DEFAULT '{}'::text[] NOT NULL
);

ALTER TABLE public.user_sessions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.user_sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY pgboss.job ATTACH PARTITION pgboss.job_common DEFAULT;

ALTER TABLE ONLY pgboss.queue_stats ATTACH PARTITION pgboss.queue_stats_20261121 FOR VALUES FROM ('2026-11-21 00:00:00+00') TO ('2026-11-22 00:00:00+00');

ALTER TABLE ONLY pgboss.queue_stats ATTACH PARTITION pgboss.queue_stats_20261122 FOR VALUES FROM ('2026-11-22 00:00:00+00') TO ('2026-11-23 00:00:00+00');

ALTER TABLE ONLY public.api_tokens ALTER COLUMN id SET DEFAULT nextval('public.api_tokens_id_seq'::regclass);

ALTER TABLE ONLY public.script_bundles ALTER COLUMN id SET DEFAULT nextval('public.script_bundles_id_seq'::regclass);

INSERT INTO pgboss.job_common VALUES ('88b9f2a2-3739-40a6-a456-0378f2c3a586', 'mail', 0, '{"notificationId": 1}', 'completed', 25, 0, 5, true, 14400, 300, 86400, '1', NULL, NULL, NULL, '2026-11-21 22:11:23.061649+00', '2026-11-21 22:11:23.061649+00', '2026-11-21 22:11:23.104362+00', '2026-11-21 22:11:23.122845+00', '2026-12-05 22:11:23.061649+00', NULL, NULL, 'exclusive', '2026-11-21 22:11:23.104362+00', 10, false, false, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO pgboss.job_common VALUES ('35a6d3f1-2433-47aa-9f3d-4e6d0088a451', 'mail', 0, '{"notificationId": 2}', 'completed', 25, 0, 5, true, 14400, 300, 86400, '2', NULL, NULL, NULL, '2026-11-21 22:11:23.645296+00', '2026-11-21 22:11:23.645296+00', '2026-11-21 22:11:23.717848+00', '2026-11-21 22:11:23.735022+00', '2026-12-05 22:11:23.645296+00', NULL, NULL, 'exclusive', '2026-11-21 22:11:23.717848+00', 10, false, false, 0, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO pgboss.queue VALUES ('mail', 'exclusive', 25, 5, true, 14400, 300, 1209600, 86400, NULL, false, 'job_common', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, '{}', 10, false, NULL, NULL, NULL, NULL, '2026-11-21 22:11:20.883756+00', '2026-11-21 22:11:20.883756+00');

INSERT INTO pgboss.version VALUES (43, NULL, '2026-11-21 22:11:21.19524+00', '2026-11-21 22:11:21.195219+00', NULL, NULL);

INSERT INTO public._prisma_migrations VALUES ('196eaab5-8306-455a-b56d-4baa85252523', 'cb98836ed4ba0d38cfcc00ff12f53e76f33c099f33de2b86cea6748f743e7258', '2026-11-21 22:11:20.411+00', '20261120000000_init', NULL, NULL, '2026-11-21 22:11:20.161+00', 1);
INSERT INTO public._prisma_migrations VALUES ('69b80592-912f-44e3-861e-6c69063f3fb7', 'dce41f3efdabe5c0f772af7fda1082be5ecaa6fb7509a16459c47d199dc69c26', '2026-11-21 22:11:20.661+00', '20261121151000_environment_history', NULL, NULL, '2026-11-21 22:11:20.655+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a08b649b-0b6a-441b-8916-b73f3b1b9676', '16fdcd27892e19e8d4bfb2233ea386645d593d5151835d38c2257eb1f645fd95', '2026-11-21 22:11:20.417+00', '20261120003000_run_worker', NULL, NULL, '2026-11-21 22:11:20.415+00', 1);
INSERT INTO public._prisma_migrations VALUES ('c119ac2d-aaee-4900-80fb-4c57fa5d3cd0', 'ba1dbf9cc9c0eb22cc980a9e55ed6f276223d609f9d4f04ecd5c99ab5c21079d', '2026-11-21 22:11:20.444+00', '20261120010000_test_results', NULL, NULL, '2026-11-21 22:11:20.42+00', 1);
INSERT INTO public._prisma_migrations VALUES ('f8caeeb3-52b0-4624-b37d-528e63595a07', '3a01535724dc6edec7ffb0b70c27d029fc26544074134178b558531191c5afcb', '2026-11-21 22:11:20.461+00', '20261120020000_protocol', NULL, NULL, '2026-11-21 22:11:20.451+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a16747f1-b644-4944-832c-1c7c035f3cdc', 'd81659802d4c3fbb7ceca4f1dc2437ff9deb3ce2abdb51b4bb98148a37e63423', '2026-11-21 22:11:20.679+00', '20261121160000_script_bundles', NULL, NULL, '2026-11-21 22:11:20.662+00', 1);
INSERT INTO public._prisma_migrations VALUES ('b85ab18a-6e05-4f0f-95b2-e826db2de981', '5488e0ada76661d27d4d1ad98de947c3ee605e12ce20650491f3b74ba5733257', '2026-11-21 22:11:20.479+00', '20261120030000_page_indexes', NULL, NULL, '2026-11-21 22:11:20.463+00', 1);
INSERT INTO public._prisma_migrations VALUES ('fb949348-db6a-4d68-bef4-a4e0902a2d00', '6a3eb7e83f916ce18489970ca96eb8efb607b48c768e841667f00223e48079f4', '2026-11-21 22:11:20.488+00', '20261120040000_timetable', NULL, NULL, '2026-11-21 22:11:20.48+00', 1);
INSERT INTO public._prisma_migrations VALUES ('c5c9f319-c938-451d-b9c9-45a67ed55063', 'b49a91b5516a937a25655ef90cd51249e6e60f3b6c92e556859da1ae47660c0b', '2026-11-21 22:11:20.493+00', '20261121100000_audit_ip', NULL, NULL, '2026-11-21 22:11:20.491+00', 1);
INSERT INTO public._prisma_migrations VALUES ('d14a37f3-68c0-4077-855e-897c5219f23d', 'efaceec4a1ad51a41a8a2a86f6e97eefdbab2ae6c2d7fe07ca122d1208a29501', '2026-11-21 22:11:20.689+00', '20261121161000_load_points', NULL, NULL, '2026-11-21 22:11:20.681+00', 1);
INSERT INTO public._prisma_migrations VALUES ('7aed48b1-4d6b-428e-9d3e-3f9a7416f847', 'dc6a3217791a48ebe39feb7f3d6387a3872bbef763ac3c42bfb18bc34974b947', '2026-11-21 22:11:20.506+00', '20261121110000_fast_lists', NULL, NULL, '2026-11-21 22:11:20.494+00', 1);
INSERT INTO public._prisma_migrations VALUES ('e8259866-0109-4b5d-b659-9721057ef08e', '5a2cfa4a0176b1824bd9680f4eee45e9ab767bc2bf7048106c25242b8cf87795', '2026-11-21 22:11:20.572+00', '20261121120000_environments', NULL, NULL, '2026-11-21 22:11:20.511+00', 1);
INSERT INTO public._prisma_migrations VALUES ('907d3297-e2fc-4a83-a80f-da2b49af5eb1', '3c7c1685065a7a807b5e97ce476e9369ad2690b6f8652d57a749a93695879509', '2026-11-21 22:11:20.619+00', '20261121120000_identity', NULL, NULL, '2026-11-21 22:11:20.573+00', 1);
INSERT INTO public._prisma_migrations VALUES ('b4f45d1b-6554-46a7-ba98-aa7a87ff2e64', '98271aa12b9698dc34250f9dd8e4a827afdd08e77ad19674653709e76ad31cfd', '2026-11-21 22:11:20.633+00', '20261121140000_api_tokens', NULL, NULL, '2026-11-21 22:11:20.62+00', 1);
INSERT INTO public._prisma_migrations VALUES ('017ee6de-fc58-4235-84fe-3cb8e056ce74', '2328b5b60df2b29073e7b9cd82dd01b25d706243bfc39a0fc075189684fd20d5', '2026-11-21 22:11:20.636+00', '20261121141000_allowed_triggerers', NULL, NULL, '2026-11-21 22:11:20.634+00', 1);
INSERT INTO public._prisma_migrations VALUES ('3090e79a-93af-4ad0-b325-280d252f243e', '2d78aca07d23f26feae38dafa2781a8b9239d06ccfd1332a0881553aa0e18c21', '2026-11-21 22:11:20.641+00', '20261121142000_session_groups', NULL, NULL, '2026-11-21 22:11:20.638+00', 1);
INSERT INTO public._prisma_migrations VALUES ('230d91f0-b3fd-4db0-afa2-d64652673f46', 'd0b957e3edc141f68a42b914431c3d08db75508cfac4c21149dae5c64e8055cc', '2026-11-21 22:11:20.652+00', '20261121150000_joint_logs', NULL, NULL, '2026-11-21 22:11:20.641+00', 1);

INSERT INTO public.api_tokens VALUES (1, 'jenkins', '85020f1466838623e0c734fff81e5f015107475477a5a31967897c4ceba9e5ea', '{webhook}', 'admin', '2026-11-21 22:11:22.14+00', NULL, NULL);

INSERT INTO public.audit_log VALUES (1, 'admin', 'log in with password', 'admin', NULL, '{"admin": true, "method": "password"}', '2026-11-21 22:11:21.626+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (2, 'admin', 'log in failed', 'admin', NULL, '{"method": "password", "reason": "wrong_password"}', '2026-11-21 22:11:21.703+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (3, 'admin', 'change setting', 'project_name', '"CRAT"', '"CDN"', '2026-11-21 22:11:21.923+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (4, 'admin', 'change setting', 'package_download_base_url', '""', '"http://packages.example"', '2026-11-21 22:11:21.949+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (5, 'admin', 'change setting', 'external_test_server_url', '""', '"http://test-server.example"', '2026-11-21 22:11:21.981+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (6, 'admin', 'change setting', 'query_interval', '60', '0.1', '2026-11-21 22:11:21.998+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (7, 'admin', 'create parameter set', 'nightly', NULL, '{"db_password": "••••••", "install_dir": "/opt/cds"}', '2026-11-21 22:11:22.064+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (8, 'admin', 'create test item', 'cds', NULL, '{"name": "cds", "associated_job_name": "CDN/Core", "associated_parameter_set_id": 2}', '2026-11-21 22:11:22.097+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (9, 'admin', 'create test item', 'edge', NULL, '{"name": "edge", "description": "Edge cache"}', '2026-11-21 22:11:22.122+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (10, 'admin', 'create token', 'jenkins', NULL, '{"scopes": ["webhook"], "expires_at": null}', '2026-11-21 22:11:22.136+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (11, 'admin', 'create environment', 'rack-1', NULL, '{"name": "rack-1", "state": "paused", "token": "••••••", "labels": ["linux", "gpu"], "test_server_url": "http://rack-1.example:59996"}', '2026-11-21 22:11:22.165+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (12, 'admin', 'store script bundle', 'cds-tests', NULL, '{"size": 153, "sha256": "27e847950d36ddaa87a90c67d3ed26d7d59bbeef0a24e751eb518f36c153b3bd", "version": 1}', '2026-11-21 22:11:22.215+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (13, 'li.wei@example.com', 'log in', 'li.wei@example.com', NULL, '{"admin": false, "method": "email"}', '2026-11-21 22:11:22.23+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (14, 'wang.fang@example.com', 'log in', 'wang.fang@example.com', NULL, '{"admin": false, "method": "email"}', '2026-11-21 22:11:22.238+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (15, 'li.wei@example.com', 'trigger run', 'cds · CDN/Core #101', NULL, '{"run_id": 1}', '2026-11-21 22:11:22.335+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (16, 'wang.fang@example.com', 'trigger run', 'cds · CDN/Core #102', NULL, '{"run_id": 2}', '2026-11-21 22:11:23.198+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (17, 'admin', 'change setting', 'external_test_server_url', '"http://test-server.example"', '"http://endless.example"', '2026-11-21 22:11:23.776+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (18, 'li.wei@example.com', 'trigger run', 'cds · CDN/Core #101', NULL, '{"run_id": 3}', '2026-11-21 22:11:23.816+00', '127.0.0.1');
INSERT INTO public.audit_log VALUES (19, 'wang.fang@example.com', 'trigger run', 'cds · CDN/Core #101', NULL, '{"run_id": 4}', '2026-11-21 22:11:24.184+00', '127.0.0.1');

INSERT INTO public.build_info VALUES (1, 'CDN/Core', 101, 'build/CDN/Core/20240626-story_container-c54239ed101', 'jenkins', '{"JOB_NAME": "CDN/Core", "BUILD_USER": "jenkins", "BUILD_NUMBER": 101, "PACKAGE_PATH": "build/CDN/Core/20240626-story_container-c54239ed101"}', '2026-11-21 22:11:22.306+00', DEFAULT);
INSERT INTO public.build_info VALUES (2, 'CDN/Core', 102, 'build/CDN/Core/20240626-story_container-c54239ed102', 'jenkins', '{"JOB_NAME": "CDN/Core", "BUILD_USER": "jenkins", "BUILD_NUMBER": 102, "PACKAGE_PATH": "build/CDN/Core/20240626-story_container-c54239ed102"}', '2026-11-21 22:11:23.169+00', DEFAULT);

INSERT INTO public.deploy_test_runs VALUES (1, 1, 1, 2, NULL, 'li.wei@example.com', 'en', 'cds', 'CDN/Core', 101, 'build/CDN/Core/20240626-story_container-c54239ed101', '{"base_url": "", "test_path": "", "db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds", "service_name": "cds", "upgrade_type": "full", "report_keyword": "cds"}', 'http://packages.example', 'http://test-server.example', 3, 0.1, 30, 'COMPLETED', 'passed', 0, NULL, NULL, NULL, 'http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz', '/tmp/crat-upgrade-tbWxNV/packages/aac1dcd18ae364c6/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz', '2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb', 2525, '2026-11-21 22:11:22.707+00', '2026-11-21 22:11:22.777+00', '1c1d89c5-af4f-4ae8-93b6-eab1ff249c6f', 'http://reports.example/cds_1/', '{"stop": "2026-11-20T12:39:09.551Z", "start": "2026-11-20T12:39:09.420Z", "total": 28, "broken": 0, "failed": 0, "passed": 27, "skipped": 1, "unknown": 0, "pass_rate": 96.43, "duration_ms": 131, "max_duration_ms": 23, "min_duration_ms": 0, "sum_duration_ms": 51}', '{"error": null, "result": {"test": {"report_url": "http://reports.example/cds_1/"}, "deploy": {"service": "cds", "success": true, "upgrade_type": "full"}}, "status": "completed", "task_id": "1c1d89c5-af4f-4ae8-93b6-eab1ff249c6f", "end_time": "2026-11-21 22:11:22", "start_time": "2026-11-21 22:11:22"}', NULL, '2026-11-21 22:11:22.332+00', '2026-11-21 22:11:23.064+00', '2026-11-21 22:11:22.372+00', '2026-11-21 22:11:23.026+00', 150031839, 2, '{idempotency,long_poll,cancel,log,package_url,metrics,attempts,peers,scripts}', 1, 'default', '{}', NULL, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_runs VALUES (2, 1, 2, 2, NULL, 'wang.fang@example.com', 'en', 'cds', 'CDN/Core', 102, 'build/CDN/Core/20240626-story_container-c54239ed102', '{"base_url": "", "test_path": "", "db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds", "service_name": "cds", "upgrade_type": "full", "report_keyword": "cds"}', 'http://packages.example', 'http://test-server.example', 3, 0.1, 30, 'COMPLETED', 'passed', 0, NULL, NULL, NULL, 'http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz', '/tmp/crat-upgrade-tbWxNV/packages/e7d02184a2e5492b/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz', 'c4453c814b4f70c661c437ef34dd0dac068e4c6f7acbf272d6cace3843d930ae', 2524, '2026-11-21 22:11:23.328+00', '2026-11-21 22:11:23.349+00', '0fa32920-44d7-4e0d-840d-79aa97ae6790', 'http://reports.example/cds_2/', '{"stop": "2026-11-20T12:39:09.551Z", "start": "2026-11-20T12:39:09.420Z", "total": 28, "broken": 0, "failed": 0, "passed": 27, "skipped": 1, "unknown": 0, "pass_rate": 96.43, "duration_ms": 131, "max_duration_ms": 23, "min_duration_ms": 0, "sum_duration_ms": 51}', '{"error": null, "result": {"test": {"report_url": "http://reports.example/cds_2/"}, "deploy": {"service": "cds", "success": true, "upgrade_type": "full"}}, "status": "completed", "task_id": "0fa32920-44d7-4e0d-840d-79aa97ae6790", "end_time": "2026-11-21 22:11:23", "start_time": "2026-11-21 22:11:23"}', NULL, '2026-11-21 22:11:23.193+00', '2026-11-21 22:11:23.653+00', '2026-11-21 22:11:23.257+00', '2026-11-21 22:11:23.594+00', 150031839, 2, '{idempotency,long_poll,cancel,log,package_url,metrics,attempts,peers,scripts}', 1, 'default', '{}', NULL, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_runs VALUES (3, 1, 1, 2, NULL, 'li.wei@example.com', 'en', 'cds', 'CDN/Core', 101, 'build/CDN/Core/20240626-story_container-c54239ed101', '{"base_url": "", "test_path": "", "db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds", "service_name": "cds", "upgrade_type": "full", "report_keyword": "cds"}', 'http://packages.example', 'http://endless.example', 3, 0.1, 30, 'MONITORING', NULL, 0, NULL, NULL, NULL, 'http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz', '/tmp/crat-upgrade-tbWxNV/packages/aac1dcd18ae364c6/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz', '2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb', 2525, '2026-11-21 22:11:23.975+00', '2026-11-21 22:11:24.096+00', '3e9607b8-14c1-4047-9e2b-6d20f00e65c2', NULL, NULL, '{"task_id": "3e9607b8-14c1-4047-9e2b-6d20f00e65c2"}', NULL, '2026-11-21 22:11:23.809+00', '2026-11-21 22:11:24.1+00', '2026-11-21 22:11:23.849+00', NULL, 150031839, 1, '{}', 1, 'default', '{}', NULL, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_runs VALUES (4, 1, 1, 2, NULL, 'wang.fang@example.com', 'en', 'cds', 'CDN/Core', 101, 'build/CDN/Core/20240626-story_container-c54239ed101', '{"base_url": "", "test_path": "", "db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds", "service_name": "cds", "upgrade_type": "full", "report_keyword": "cds"}', 'http://packages.example', '', 3, 0.1, 30, 'PENDING', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 22:11:24.175+00', '2026-11-21 22:11:24.175+00', NULL, NULL, NULL, 1, '{}', NULL, NULL, '{}', NULL, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL);

INSERT INTO public.deploy_test_steps VALUES (1, 1, 'download', 1, 'COMPLETED', '2026-11-21 22:11:22.382+00', '2026-11-21 22:11:22.644+00', '{"name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "size": 2525, "choice": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "seen": ["cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_debug.tgz", "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz"], "reason": "release", "directory": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/", "seenCount": 2, "checksumFiles": [{"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/SHA256SUMS", "algorithm": "sha256"}]}, "reused": false, "sha256": "2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb", "resumed": 0, "attempts": 1, "checksum": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/SHA256SUMS", "value": "2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb", "algorithm": "sha256"}}', '{"at": "2026-11-21T22:11:22.548Z", "name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "rate": null, "bytes": 0, "total": null}', NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (2, 1, 'test', 1, 'COMPLETED', '2026-11-21 22:11:22.725+00', '2026-11-21 22:11:22.795+00', '{"url": "http://test-server.example", "request": {"run_id": 1, "base_url": "", "test_path": "", "db_password": "••••••", "install_dir": "/opt/cds", "package_url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "package_path": "/tmp/crat-upgrade-tbWxNV/packages/aac1dcd18ae364c6/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "package_size": 2525, "service_name": "cds", "upgrade_type": "full", "package_sha256": "2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb", "report_keyword": "cds"}, "task_id": "1c1d89c5-af4f-4ae8-93b6-eab1ff249c6f", "features": ["idempotency", "long_poll", "cancel", "log", "package_url", "metrics", "attempts", "peers", "scripts"], "protocol": 2}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (3, 1, 'monitor', 1, 'COMPLETED', '2026-11-21 22:11:22.813+00', '2026-11-21 22:11:23.066+00', '{"report": {"tests": [{"url": "http://reports.example/cds_1/widgets/tree.json", "result": {"key": "report:read", "params": {}}}], "tried": [{"url": "http://reports.example/cds_1/widgets/summary.json", "result": {"key": "report:status", "params": {"status": 404}}}, {"url": "http://reports.example/cds_1/summary.json", "result": {"key": "report:read", "params": {}}}], "format": "allure3"}, "status": "completed", "end_time": "2026-11-21 22:11:22", "start_time": "2026-11-21 22:11:22"}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (4, 1, 'notify', 1, 'RUNNING', '2026-11-21 22:11:23.084+00', NULL, '{"recipient": "li.wei@example.com"}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (7, 2, 'monitor', 1, 'COMPLETED', '2026-11-21 22:11:23.36+00', '2026-11-21 22:11:23.654+00', '{"report": {"tests": [{"url": "http://reports.example/cds_2/widgets/tree.json", "result": {"key": "report:read", "params": {}}}], "tried": [{"url": "http://reports.example/cds_2/widgets/summary.json", "result": {"key": "report:status", "params": {"status": 404}}}, {"url": "http://reports.example/cds_2/summary.json", "result": {"key": "report:read", "params": {}}}], "format": "allure3"}, "status": "completed", "end_time": "2026-11-21 22:11:23", "start_time": "2026-11-21 22:11:23"}', '{"at": "2026-11-21T22:11:23.472Z", "polls": 1, "status": "running:test", "polled_at": "2026-11-21T22:11:23.472Z", "last_error": null, "start_time": "2026-11-21 22:11:23"}', NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (5, 2, 'download', 1, 'COMPLETED', '2026-11-21 22:11:23.262+00', '2026-11-21 22:11:23.313+00', '{"name": "cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "size": 2524, "choice": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "name": "cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "seen": ["cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_debug.tgz", "cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz"], "reason": "release", "directory": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/", "seenCount": 2, "checksumFiles": [{"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/SHA256SUMS", "algorithm": "sha256"}]}, "reused": false, "sha256": "c4453c814b4f70c661c437ef34dd0dac068e4c6f7acbf272d6cace3843d930ae", "resumed": 0, "attempts": 1, "checksum": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/SHA256SUMS", "value": "c4453c814b4f70c661c437ef34dd0dac068e4c6f7acbf272d6cace3843d930ae", "algorithm": "sha256"}}', '{"at": "2026-11-21T22:11:23.281Z", "name": "cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "rate": null, "bytes": 0, "total": null}', NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (6, 2, 'test', 1, 'COMPLETED', '2026-11-21 22:11:23.333+00', '2026-11-21 22:11:23.355+00', '{"url": "http://test-server.example", "request": {"run_id": 2, "base_url": "", "test_path": "", "db_password": "••••••", "install_dir": "/opt/cds", "package_url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "package_path": "/tmp/crat-upgrade-tbWxNV/packages/e7d02184a2e5492b/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz", "package_size": 2524, "service_name": "cds", "upgrade_type": "full", "package_sha256": "c4453c814b4f70c661c437ef34dd0dac068e4c6f7acbf272d6cace3843d930ae", "report_keyword": "cds"}, "task_id": "0fa32920-44d7-4e0d-840d-79aa97ae6790", "features": ["idempotency", "long_poll", "cancel", "log", "package_url", "metrics", "attempts", "peers", "scripts"], "protocol": 2}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (8, 2, 'notify', 1, 'RUNNING', '2026-11-21 22:11:23.684+00', NULL, '{"recipient": "wang.fang@example.com"}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (10, 3, 'test', 1, 'COMPLETED', '2026-11-21 22:11:24.012+00', '2026-11-21 22:11:24.102+00', '{"url": "http://endless.example", "request": {"base_url": "", "test_path": "", "db_password": "••••••", "install_dir": "/opt/cds", "package_path": "/tmp/crat-upgrade-tbWxNV/packages/aac1dcd18ae364c6/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "service_name": "cds", "upgrade_type": "full", "report_keyword": "cds"}, "task_id": "3e9607b8-14c1-4047-9e2b-6d20f00e65c2", "features": [], "protocol": 1}', NULL, NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (9, 3, 'download', 1, 'COMPLETED', '2026-11-21 22:11:23.861+00', '2026-11-21 22:11:23.951+00', '{"name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "size": 2525, "choice": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "seen": ["cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_debug.tgz", "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz"], "reason": "release", "directory": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/", "seenCount": 2, "checksumFiles": [{"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/SHA256SUMS", "algorithm": "sha256"}]}, "reused": true, "sha256": "2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb", "resumed": 0, "attempts": 1, "checksum": {"url": "http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/SHA256SUMS", "value": "2e76a7a42953b918a5613616dd910c8ae8aff54949bdb944c29b37411f0c5adb", "algorithm": "sha256"}}', '{"at": "2026-11-21T22:11:23.898Z", "name": "cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz", "rate": null, "bytes": 0, "total": null}', NULL, NULL, NULL);
INSERT INTO public.deploy_test_steps VALUES (11, 3, 'monitor', 1, 'RUNNING', '2026-11-21 22:11:24.107+00', NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO public.environments VALUES (2, 'rack-1', 'http://rack-1.example:59996', '{linux,gpu}', 'paused', 'Paused by admin.', 'errors:environment_paused', '{"who": "admin"}', '2026-11-21 22:11:22.153+00', 0, 0, NULL, NULL, '{}', NULL, 'sealed.v1.55GKSbacCJpaB5l0PfjyOe6x_SzxLAR-UxlTYHZVDYWoz586BSABgR8ROSIVQQ', '2026-11-21 22:11:22.159+00', '2026-11-21 22:11:22.159+00');
INSERT INTO public.environments VALUES (1, 'default', 'http://endless.example', '{}', 'ready', NULL, NULL, NULL, '2026-11-21 22:11:20.525+00', 0, 0, NULL, 2, '{idempotency,long_poll,cancel,log,package_url,metrics,attempts,peers,scripts}', '2026-11-21 22:11:23.675+00', NULL, '2026-11-21 22:11:20.525+00', '2026-11-21 22:11:23.771+00');

INSERT INTO public.job_version_history VALUES (1, 'CDN/Core', 1, 'jenkins', 'first', '2026-11-21 22:11:22.308+00');

INSERT INTO public.job_version_selections VALUES (1, 'CDN/Core', 1, true, '2026-11-21 22:11:22.308+00', '2026-11-21 22:11:22.308+00', '2026-11-21 22:11:22.308+00');

INSERT INTO public.load_points VALUES (1, 0, 0, 5, 10, 10, 42, NULL, 0, '2026-11-22 00:00:00+00');

INSERT INTO public.login_attempts VALUES ('address 127.0.0.1', 1, '2026-11-21 22:11:21.658+00', NULL);
INSERT INTO public.login_attempts VALUES ('account admin', 1, '2026-11-21 22:11:21.668+00', NULL);

INSERT INTO public.login_links VALUES ('5f70bf18', 'li.wei@example.com', '2100-01-01 00:00:00+00', NULL, 'c2b1', NULL, '');

INSERT INTO public.notifications VALUES (1, 1, 'li.wei@example.com', 'passed: 27 of 28 · cds #101', '<!doctype html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="x-apple-disable-message-reformatting">
<title>27 of 28 tests passed</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .frame { padding: 16px 10px 28px !important; }
  .card { padding: 24px 20px !important; border-radius: 18px !important; }
  .headline { font-size: 25px !important; line-height: 31px !important; }
  .ring, .ring img { width: 116px !important; height: 116px !important; }
  .huge { font-size: 54px !important; line-height: 56px !important; }
  .count { font-size: 23px !important; line-height: 28px !important; }
  .label { width: 92px !important; }
  .step { font-size: 17px !important; }
  .dense { display: inline-block !important; width: 31% !important; padding: 0 0 14px !important; }
  .actions, .actions table { width: 100% !important; }
  .action { display: block !important; padding: 0 0 10px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: #0a0a10 !important; }
  .card { background-color: #14141d !important; border-color: #2b2b3a !important; }
  .ink { color: #f3f3f9 !important; }
  .muted { color: #a6a6bb !important; }
  .rule { border-color: #2b2b3a !important; }
  .link { color: #a99cff !important; }
  .button { background-color: #6547f5 !important; }
  .quiet-button { border-color: #74748c !important; }
  .tone { color: #63da9b !important; }
  .tone-ground { background-color: #10291d !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f4f4fa;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">27 of 28 tests passed · cds · CDN/Core #101&#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; </div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f4fa" style="background-color:#f4f4fa">
<tr><td class="frame" align="center" style="padding:32px 16px 44px;font-family:Geist,''Segoe UI'',Roboto,''Helvetica Neue'',''PingFang SC'',''Microsoft YaHei'',''Noto Sans CJK SC'',Arial,sans-serif">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;margin:0 auto">
<tr><td style="padding:0 6px 14px">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
    <td class="ink" align="left" style="font-size:15px;line-height:20px;font-weight:700;color:#12121c;word-break:break-word"><span style="display:inline-block;width:12px;height:12px;border-radius:4px;background-color:#5b3df5;margin-right:8px"></span>CDN</td>
    <td class="muted" align="right" style="font-size:13px;line-height:20px;color:#57576c;white-space:nowrap;padding-left:16px">Run 1</td>
  </tr></table>
</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #e4e4ee;border-radius:24px;padding:36px">
  <table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
    <td class="tone tone-ground" bgcolor="#e1f5e9" style="background-color:#e1f5e9;border-radius:999px;padding:6px 14px 6px 12px;font-size:14px;line-height:18px;font-weight:700;color:#0d7040">✓&#8201;&nbsp;Passed</td>
  </tr></table>
  <h1 class="headline ink" style="margin:16px 0 6px;font-size:32px;line-height:38px;font-weight:700;letter-spacing:-0.6px;color:#12121c;word-break:break-word">27 of 28 tests passed</h1>
  <p class="muted" style="margin:0;font-size:15px;line-height:22px;color:#57576c;word-break:break-word">cds · CDN/Core #101</p>
  <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px"><tr>
    <td class="ring" width="168" valign="middle" style="width:168px"><img src="cid:chart" width="168" height="168" alt="passed 27, failed 0, broken 0, skipped 1" style="display:block;width:168px;height:168px;border:0;font-size:12px;line-height:16px"></td>
    <td valign="middle" style="padding-left:24px">
      <div class="huge tone" style="font-size:76px;line-height:78px;font-weight:700;letter-spacing:-3px;color:#0d7040;white-space:nowrap">96.4%</div>
      <div class="muted" style="padding-left:3px;font-size:14px;line-height:20px;color:#57576c">pass rate</div>
    </td>
  </tr></table>
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px;table-layout:fixed"><tr>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#1a9c5b">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">27</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">passed</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#d92d20">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">0</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">failed</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#e8890c">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">0</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">broken</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#8a8f98">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">1</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">skipped</div>
    </td>
  </tr></table>
  <table role="presentation" class="actions" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px"><tr>
    <td class="action" style="padding:0 12px 0 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="button" align="center" bgcolor="#5b3df5" style="background-color:#5b3df5;border-radius:12px;border:1px solid #5b3df5;mso-padding-alt:13px 24px"><a href="http://reports.example/cds_1/" style="display:block;padding:13px 24px;font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:12px">Open the report</a></td>
</tr></table>
</td>
    <td class="action" style="padding:0 12px 0 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="quiet-button" align="center"  style="border-radius:12px;border:1px solid #84849a;mso-padding-alt:13px 24px"><a class="ink" href="http://127.0.0.1:35581/runs/1" style="display:block;padding:13px 24px;font-size:16px;line-height:20px;font-weight:600;color:#12121c;text-decoration:none;border-radius:12px">Open the run</a></td>
</tr></table>
</td>
  </tr></table>
</td></tr>
<tr><td style="font-size:0;line-height:12px;height:12px">&nbsp;</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #e4e4ee;border-radius:24px;padding:28px 36px">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">262ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Download</div>
    </td>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">70ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Submit</div>
    </td>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">213ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Deploy and test</div>
    </td>
  </tr></table>
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Test item</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      cds          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Build</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      CDN/Core #101          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Built by</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      jenkins          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Package</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz" style="color:#5536f0;text-decoration:underline">build/CDN/Core/20240626-story_container-c54239ed101</a>          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Started</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      2026-11-21 22:11:22 +00:00          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Finished</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      2026-11-21 22:11:23 +00:00          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Duration</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      654ms          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Tests took</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      131ms · 51ms all together · longest 23ms          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Triggered by</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      li.wei@example.com          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Report</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://reports.example/cds_1/" style="color:#5536f0;text-decoration:underline">http://reports.example/cds_1/</a>          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Run</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://127.0.0.1:35581/runs/1" style="color:#5536f0;text-decoration:underline">http://127.0.0.1:35581/runs/1</a>          </td>
  </tr>
  </table>
</td></tr>
<tr><td style="font-size:0;line-height:12px;height:12px">&nbsp;</td></tr>
<tr><td class="muted" style="padding:8px 6px 0;font-size:12px;line-height:18px;color:#57576c;word-break:break-word">CDN wrote this mail because li.wei@example.com triggered the run. Mails can be turned off per test item.</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
', 'Passed — 27 of 28 tests passed
cds · CDN/Core #101

pass rate: 96.4%
passed: 27
failed: 0
broken: 0
skipped: 1

Test item: cds
Build: CDN/Core #101
Built by: jenkins
Package: build/CDN/Core/20240626-story_container-c54239ed101 <http://packages.example/build/CDN/Core/20240626-story_container-c54239ed101/cds-5.3.9-c54239ed101_x86_64-linux-gnu_20240626_release.tgz>
Started: 2026-11-21 22:11:22 +00:00
Finished: 2026-11-21 22:11:23 +00:00
Duration: 654ms
Tests took: 131ms · 51ms all together · longest 23ms
Triggered by: li.wei@example.com
Report: http://reports.example/cds_1/
Run: http://127.0.0.1:35581/runs/1

Download: 262ms
Submit: 70ms
Deploy and test: 213ms

CDN wrote this mail because li.wei@example.com triggered the run. Mails can be turned off per test item.
', '\x89504e470d0a1a0a0000000d4948445200000150000001500806000000e9e826d9000023e749444154789cedddcd7213599a06e0ef4816313bcc165705e20a305780b8029b35aec6749999ae55d911d33d4bcc72aa3bc2aed9547563da62daac4b5c01e20a1057403aaaccb6c47290a533ef912ca39f94ac9ffc3ddffb4464e5918102e5cfab73be9399324244440b6180526c0e0e8e575bc5d61d34bb8cedac4ac7aca3d965c59645a42c5f94058b117bffcf7bdfd565c4cda38716abc060913e230d2ba6895657c198ba0cf8ed8fff7a8b15512c0c16a285fdf03fffb8d70f4604e23a7e541611b75ed81501ba8cc060b10859636d600a8580014bcb305888a6baec49dacebae9985504654544cad25b221763808632224dac1a68348c3501bab18d15537c1f3caeba9f134d84638768dc0f073f1f627507cb3a96552c89493a4027c1c9d1c46a2858d963a541060b29553ede5ec54ac27a5a3f1cfc54c7e1714f529095009dccd40a22755b5c797bf6b8dac00f482906a83208cdf279fb7c03c3f04da451a528e6c1af3b2735fcd290ff3ef869df88798a66e2b21fa043029c4475c1522a965e877d1891bfb0efc9775ffff30f1b1ddbae582b9b7859960108c91fcf764e76d11cf2b783bf6f76c4fe8266e27216a0434c6fc85f37a650e370df7f060b79a6dfcbeca08729e869ca1438001a673bafeea239e4e0e0a7724bcc0734135740aff83ff7fea386e6903c04e8286cdf3a3ea46a1ceefb09fb977cf0d5f3ad8a2dd88db05ee655ae154b37c2869e9848723fbb8e255156ecb3ffdafb6e5f06b8f7d731f60d9a79161823b552a1f423b67720947b060be5d4979ea6dd752f654193eaa0694d24791ca0970c7afe581db26e9a6fd88f94376b470f1f59319b881a2ccbc31033b40e9ad644928600edc309d8c4aa66ac79f9db9393ba50ae60ff511eac1d6faf4ba7f508e9b26d23be2e130741681df4af073f5510d46fd04c945514a0230231a67aadb0f212bdd24028f370ee50566188beda6ab736d0dcb5bd0bda63135607edde8124fff73b9a89521ca0034ccd88ade183ed255e5046192c94312e2cacb118a6cbb624644a1d34c061724b12c400fd02276813ab9a144b3f72163f7bb07f282b5c4820389f5a918a24cc4ca8836226be86d50696c43040c3e164ada356fa8cb5d2ecc03ea1b4b970482b38fb7062be3d7b72529111694c243140a7c3495bc7fe62906600f605a5a5379b2efb2252960cf8b8f3ca6035248d892406e86cb0b318a429c33ea0a4652d38fb0ad6dc1f3d19d398486280cec7304853836d4f49c96a705ec249f8f1c9c9be8cf8ebc1cf0dfcbbefa0990806e8620c833471d8e614b7cc07e7059c7ca175500ce3ab18c63f4233110cd0e51861902605db9ae27271d21fa359969c08af83fe7d17a176806622f0773140a3116067eef35ad2f8182c14b1f2f176f973fb1c816337f13257c2eaa0e88156d0034d2cbc18a0d1c249de9062e931af238d1eb62d4505c1b9fab973febdb1163db6686fb74c0c867e6175d01f0e7ec65b4a465880de7cbeb52fc63e459316648c1c960aa567a3779cd1e218a011f9fa686bb3dd1be69625c7503b7b1b5e074d7422e9f55ff6feb489f52506686482a298bdb0bbce687e060b2d01bdce72abdd3ab62215f144781d34c98924fbf62f7bdf55640003346aa676adb8b287de6820b4b0b113856683e05c6d755a4fad955dbcf44a581df487839fb671b81c4b2218a049c0c9df3462f67fdb39f9112f6901d886342f375cef883db679ad735e25a40efac3c13fd6453aefd04c000334490881064a377ba31f9a74356c3b9a95eb756276fd1827f8265e7a0b2753681d34b9892406681a38c9343f06e88cdc6534d6d85facafbdce0138289a673baf6ea03904c3f83a7ef59ec48e019a16b7ef0b621e73926936d85e7495b5170f0fac87b5ce694cb17477f4ba41f4400fb1fa1e4bcc18a0694330b8efb97fc0dee874d84e3449f76b347a33eceb78a90a86737b67dfbe3a44f3127aa0dbf89563891d03340b100e4d94731eb0363a19b61185f9ea68ebfb8ed8a10051e6f5c79d579b585f4a6e2289019a2518d2ef72a63e1c0374849b286ab55baed65911c570604ca88326f15df10cd0ece95e37fa9843fa61384fa8cffbcb93e6145e07fda98e5fb927b1628066548063e2c1e831a11903142e7a9d075692fb12b73c08ab8326f3151f0cd02ce390fe0bf5017a119e6facc289a2198cd541ff76f077d74bff05cd183140b30ec151c52cfd9ef6213db6835e17b3ec2e3c57f19246e0e018ab831e1cfc546e89f980668c4202f4e8610dab0d2c9411383ed43f260fdb40a7b517df6c8bedb861fb2a5ed204a879dd1d3d41e29f481a0fd0b5e75b756bec3d34294310204d3105947afe551585f0fef5b9f962eba958bb2f74a5b03a680213498dbfecfde92ed69718a0d98620a962b4f2184d550c16352eea9daed7b92d34abb13a6812134908d0a16393019a7dd8610dd445ef6baa8be23deb70119eaedeb98e9734bb00017a1beb4b494c243140f3093b4d5588e2fdfacf4d16d976cb9df065a1b95d2b966ee38408e44212df15cf00cd2fec3835934b78af7ee3c5f1cb33a6f0f86c64920075d000bf724b62c200cd37ecbc2642f4beef218af7e92f37d36e6de7184d5a020e92979820d896019889af61b58125160cd0fcc30ef43e44f11efdc4f08cd4581d34ee892406a81fb013bd7ea213de9f7f189ed11bad83fe35e6ef8a6780fa25ac0ce483a183d4070ccf788c9e00714f243140fd337a0cf960e820cd3b86677c70a084d4417f0af02bb724060c503ff916a24307699e69fcda8d848dd541318caf6218ff08cdc83140fd851debcd5d4b064beead1d3d3cb6bcbb2876e375d0bfef5ab10768468e01ea37ec5c2f42d460c93586677246875fe88156d0037d8366e4c602f4e8e1ef96d7f27a053b38f7216ab0e4164e2a86678270b084d4417fc62e88de6880de3c7a18cbdf4329b3e6d9c72727fb92534307699e303c938783a581001d7a4ad25f0f7e6e603fdc4133520c503d46473679327490e605268c76ad9503342961a883de401db489661786f1550ce31fa1192906a82e45310f7edd39a9a1992b4307691ef052a5748d1ee8f14d2415eefe65efdf1b68743140fd8620cae56d9ff877e7877baa12bf82235d46cc8f673b27bb6876c5f55df146ecfd3fef7d57970b0c50ff218c7217a2f837e703c3331b70c08cd541679b48b2a7f84f80ff43033dd6a65c284a01af3b97af57e4df1a7b7b8f2f5f0f72cf743d3f3f5f47b3cb164cd9766c59fa8c5d37d6ac62bd8a7fd01dfc84f2274099e8ee609928cb0c96cc73270e1f869c1d38c06f0c1ee03f0c7dc5877d8b761321d970e1d811130c0ec593e43e740bedf372dbe2b871e18a43c93258330ffb29370f65c6bf35fb30e3fe0e07fe3a9a9401a37550378c2f49bbb9b7f75d2039301aacf8d10616ca1004d3d848278bf0efcc3684e731c2735b2875181ebf9582ad950aa51a7a078178e4abe75b156b64133de80a8eb73bf811a50ce194f90bed0d96ccbaf97c6b1f67ed5334291da73840ea0531b56271a58ed06ce267deeb968c3aed4db11d17a61511b985855280e32fd3216ab064122f574a070e88f7f84f550aa57a9e6643e3e486fcd269556cef6135b7b05082b27ca13dce97ec71c3a98eb16fd0a4649c8a35d56b2b2b55f43203a189ba61da6eb920ddb422d7b1a60414acb99fc5a7da672e40317c2a63c6dd4d1aade225c5043bfe135635d435ab593c30b30ec7696f98dfb1db7c4a54fc70bc3631337f1b1ff04dbccc0cfcbbb20593466fac48452816084c4c04996aa950741341993a18f30a615afe7c7ebe8d8dbb2d1ce2c7c8d43eee9c3c4023333215a09c348a0f76f44b7c82ef233403a1d874bf461bb552f64ae3618cec9d7dfbea10cd4cc079950dac7bc6033b98c19902773c5b917d0669f44cb174372b139c38bfd2872190bbd3e88365dd3312d8a99fac35879c144a1f833416c13584288eed26daa9c2b996be9b475bbf88d84d346909d899fde03cccc2c1455f3048a3968d7a28ceb974f1d99ed1704f492a1557f6199cd9c6208d4e16ae0f4d3540dd3575b6dd7a87262da83babbeb2b29b959a10cdc605296afe55e1acfdc2105ea93ffe0eff8674b8bae7e75e78968516715a14b33bf8500fca97ee39707ebe8b4fc1a778490b3092ee939bf0f7a7638d0f0959087618eb9c9e712331393f3fe4b07e31382752bb5fde60491cef735f8c1bae975656b6119c819077dc7c8058d447798be8dc301a1b7ac46252120f500c5b78abe602b2760131c503e787bba4ef10e7c723bca41921c89a18cabb4b9b024910fede64f192a5f96007bd47a17c3bcd4239258f934c8b48fed2269c9fc9b93828dea049337097260d7e811be9e27aa39868ad0a9f983fb3a49fda9458805e1c0cef5c53e82aa73810b6933c1028bbf88c88b9041f775eddc63a11064b227810ccecf5350cd951cb69a24dd4e5466f98a5af594e305dcd9a671f9f9cec4b02120950f43ecbe87d7e4093a6e0909da6c179b4da3a3faf2148efe1254d80504b6c42097f57fcd6f88ccf2b65e1b634ca87b5a3ad432bf67b3469a2642694620f50f77cc4b6d85fd0a410d8019f30cb5ee12c3bcdc39d571db155744caee32585c03c42ec134a387fe3d31d7260e88e9dbc8a9734021bff3d861a9b490c35c83fdd3b98daad3ace2f8668b8d827940c96d870a83115278b6869e8a4b81b536a08d13b7849a3629e508a2d40dda7239fb4140e1bfde5d9ceab6d218a0042d48df45c4ff40e5ed2009c6bb14e28e1ff1f0f4e1c85c306677852e418a2d3c437a184f3397a7c5848386c6c8627c5c685e867deb9142aae09259cd3d1bb79f4f0035665a14b86e14909c1e8af6af9309251b14c28192c9162ef731c3632c39312c5101d17c7b5d638b7a3c5dee730c3f0a4943044c744de0b355822c3dee7306c5c8627a58a213a2cea5e28cef1e8b0f7f9856178524620441b96b3f37d91f6420d9648b0f7f985fbea8db327271521ca00373bcf4b9cbe88b2171a5980b2f7d9637ab7675602de614419e242f473bbd540f31616d5708ed6313abc8fe6d20c96a5b1f7d9838df909e1b98ef00c842863dcdd81bc77be27aaeb4271ce2f8fbdcfee86e4539528f318a23d385f23e9851a2c4b61efb327caba0a519c78cef644d10b5d3a40d9fbc446e4570e53ceb8efa0b7560ed0d4ec3566e437b15e98c1b2307e92752dbd1388d2b0f67cabaefdeb41ae154bb79799b3582e40f9c4a553ec003769d4449b2857dccc7cabdd0a700e5fc74b9510804b5daf8d3fbf186c7cf55f14678aa5bb9c34a23c73dff6d931f60d9a6aa113b4702f74e10055ffb4f9989f744d9414ed5f398e105cb8178a3fbb180cdf7fb74abfeb88771a916fb4d74317ed852e14a09a278fb0c1dcc5f2e580754ff2882bc9a11edab04aeba18b5e49833c981f7a9f6a278fa2b8768c288bdc5725b7957e053982b08161fc5d34e7823f371ff749a575f2c888f9f16ce764174d222f699edb58645278ee0055bc8179c912790f1d24b597362dd2415a2040754e1e71e84e5a289ee398fb59a106cbcc146f58de6d44aa689d959fb7a3345f802a9c3cc20672b3ee6ee81e089112eea94db6dd7a87a62a38dfe7ba2614bf7f36a88de89c3ce205f3a494c6f90e046213017a03cd99e0f7cf46e9c67c8f8db98e26913ae834a99c509ae7d194c888d9687c6cddbcf51022df289df79879cec360b9123e89d40ddfb161e6aa8510f94ae384d2b562e906e63d9a684e859cb89ac687af62032e746f2c916f344e28cd7a6be76c017af4f09d15594753056c14f63e89062003aac8804768aa800c682003eea239157edf7418bebbaf43fd1d4d35d8fb241aa6f1b9a1b3e4c09501aaad888c0dc2de27510875b5d0192e61445e4c87d9f71a561b585498e5538748236dbd5084e395c378fc9ee910a0162b15b031d8fb249a425b2f141daaa9b3f1c88cc9b43d1f101b8bbd4fa229b465c25517d54f0d504d336fd810ec7d12cd00a3d240446e61f1de55b9805f9f0c01fabb55f2e83af63e8966a36c6279ea23ee0c96509a2e9ee597c411cd47532f745ae76a72802a7a78c855750e221aa6e9eec469f930394095ccb661037c428d43459982282a9a6eb041464cac83e2d7c2a18b6eb1f2de22df834244dd8ca861b581c57713eba006cb184d17cc4eab6f10d1649a269326e54468806aa96f70f28868716e18afe581cb93eaa0e101aae4facf491b858866a3262b26d441f1f371a86d7cc0aa2c1e339c3c225a9aa23b9342eba006cb10d72d5732bb36f363fb89683274b80251704d68581d742c40b54c2071f84e140d2dd78c8765c65880de7cbeb58fd995a7687a0d9f26539fb24244b3d172d722c272ac0e8a9f0dd370013ddef47b6c887534892802984c6a58913b687a0bb931f67c50fc6c183684f70f1099f50ba38868365a86f1983719cacca1176abae2c5d2ddb3c7d5069a4414012db3f128fd0d4d240d07a88e3b0b4ef1295216228a8c96ab770ad6dcffedc9495d2e0c07a8826e38ef7d278a07ca7f0deb791d5446be686e3840154c2015c53cf875e7a4862611454863076c38408f1ebeb322eb687a0b350c5ebe4414030d75d0d1e7670c05e84dff1f61c7fa27514c94d4410364c86dacbb0c962e256f9eb76f12c508a3d8067a6177d0f41632e432372f1b2a6ee11c29001351b454d441072e83bc0c500d97308d5e824044d1d250071d9c88be0c500df7c0730289285e2a4a810323d9cb0045edc2eb07a3e28dbe3fe3fdef44b1f37d321a5972f95011b47b7cbf06146ff4f24d13517cbccf92814b99902b3df8d4f88055597c35d0ed26a2f82818cd36d119bb81a66bf720402d56de1a2cfc12517c34cca7f42f65eafe0785df320abf1fd0f41667e08992a16126be9f27dd00d5700d2867e08992a1214f860254c335a0fd2e3711c5cff792e05080fa5eb3c09be4254c4409c24452d38a5c47d34bba0274e0b203228a9fef9732c9c5553d3a0254869fe14744f1f2fe9e784d01da7fb3424489d092292a0234ec0bf189283ebe67ca5080fa5eafe8177c858812c100f508039428590a2ea6ef3e9c9d014a4491f3fd62fafe953d0c50228a1c03d4230c50a26431403d32f81d2644143f5501eafb7dab28f676df27112543c113de02e4caed6eb0304089286a1a72a51b2c1ade28564494200db9d20d160d6f142b224a90865ce9068b86378a1511254843ae7483056f3410915b58bc74ad58ba1d3cae06424489503089748a002d7703d4f7cb98781d2851b2545dc6c40025a22831403dc200254a1603d4230c50a264a90a504c22d5b0dac0e2a5a29807bfee9cb8f7484409f0fd717608ce97673bafb6b146802a79f8a9105122b4640a03948822a7255318a04414392d99a22240f9b5c644c952f5b5c66b2f1eee5a2b07687aa93f6326449408dfafec3146f6cebe7d75d80d50df2f3980e0e3ceabdb58135102d68e1efe6e4556d1f452ffd24883b68600150468f7bd1251fc6e7afe20117501da7fc34244b1d294276a029417d31325c3f78be89da1002d1f6faf7e6eb77e47d35f17b3664244b1f2fdaa1ee75ab17423785c6d7603d441d1b76945aea3e925bcd1eead574244b142965491258fd0f412b2e413b264154dd7eef1feb2035eca4494084d59f225403dffd47038134f143fdf67e0112297a359b47b34d52dd024a218689b4fb90c504d33674244b1d090238357f45c06e8daf1f6ba6db7dea1e92dde134f142fefef8107532cdd3d7b5c6da0894c19a0a076d140ede22e9a441403cca5bc4388aca3e9adc1b994cb8683000dc4e3af37765807258a878afae7c5d719cb85a100f5fdf20367b07e4144d1d150ff1cbc84c9190e500df50bd6418962a1313f8603d4f3e7823a78c3ac8312c54043fdb3ff1c5034bb90275f6878a888c33a2851b494d43fc72e851c0a506c843236c20734bdc63a2851b434d43f1d74be6ea3f315c885a1007530136fb1f2da681d838896a3a1fee960067e2833875e38a8633490a077d0f416de34eba04411426ef85fff14798fdc187a8ff8d9306c08ef1f2ae28c76c58968315a4a7f08cbcb8788f4e167c3d65e7cb36d6de7184daf71184f140d2dc377630a8fcfbefd5755068c05a8964f130850cfb88d35112d01f3262e2fcae2b9b051abc132061b2410cf6fe974462f4920a2f968997d87a15b38fb4203544b1d146f7eaca64144b3d39e15f8f9383d755069967addf2265e12d11c50ee5b6da1dc674556f1d26b61f54f0719320e1b464b1d74e28621a2e9b474b49cb0faa7131aa08e963a28bc466d63136b229a0332a286d50616df85d63f9d8901aaa5b6e14cfa7421a270aa46a913ea9f0e7e2d9ca6eef9e8135688683a0d4f6eeb9b56e69b18a09a3e6180d78412cd01c377970d65510023d4894f6f335826c230be613dbf2fbe6fdaa70c117da16a741a72fffb20fcfa645a6ed1bac05e28d10c34f53eafbae5db609948d15d065dbc3389683a6d9970d5b383a70628eaa02a9e32dd878d514777fd3e9a44140265bd3756a4224a4cab7f3a06cb54d8600d6cb03b68aac05e2851382d5ff9d387707c8f0ed53a9a13e1f74ca7ac0eea36087ba14421d09952d5fbbcaafee9182c53ad1d6fafdb76eb1d9a6ab0174a344c5befd3c1f0fdca1b6cae0c50079f3c0dab68188f8dc25e28d1006480b2dee7d5c37707bfef6a9aee3ae89be5d38748038da3d059ef4e9c2940311bafe9aea42e6c18f64289405befd341076aeaec7b9fc132939b476a9ebc72e9aa6bc0887ca7e9aea301333fa16de60055ba21037c12dd9de59388c8371879aa7960f2a0796eeb9e39401d74e59bd898d7d15463964b19887ca4ed12460781f809a5bb55346782df3f3b04a89a67840e32e8859e3dae36d0245241e3c49183409cf8eccf30f8fdb3d3782d98838dc4092552059da53756d9c49133ef35e006cb5c309914888eaffa18324f5d8428cf94ce773813bfba6392b90354635dc4c186e2377892f7b44e1c398bcc772017e6830dacee9ad0be453630519e68ed2039d77a1da440e63077803aa88f34aca25b3b07cd5b2321ca0bad731c0e82f03de639d6d19c0bfedcfc34dedad9870dc6a13c7907234bb5437767d1390ee4c1fcdcc6c630fe773455c246e3ac3c7905a3ca3708cf8a2885e1fb8d453a4506cb42b0c1555e137ac99a671f9f9cec0b51cedd7cbeb52fc63e45532584e05cd77e0ec29f5d0c7aa16a2793fa580fa5bcd35cf7ec43efd395e40259c0c201ea68ef8562e3b11e4ab9854e90eabaa7837378e1dea7833fbf387e7a753720eba1944be800bdb12215516cd9dbb40d96a5ac3ddfaa5b63efa1a917eba19433daeb9e8eb1e6edd993938a2c61e900652fb487f550ca0b9eb33d519cb34b07a8c35e68774336a558babfcc7080286eee294bd26eb9a1fb2a5eaa1545efd3c179bf3c7ea2f56063324429b3189e5f44d1fb7470ce4783bdd04bc13514a639334f59e266dc3ff79eef5916e5a2ea7d3a064b24143f026b0c366aa3849e284394b2c08567abd7f35cc74bf5a2ea7d3a38d7a3a3f559a161b06119a2943a86e798b99ff9390dcef3e8b0173a0c1bb77ab6f3ea319a44a9583b7a786c45b685ba167d68c824064ba4d80b1d860dcc10a554303cc744dafb740c9648b1173a0e1b99214a8962788e8bbaf7e9182c91632f741c3634439412c1f00c1579efd3315822f7f5d1d6665bec2f68d2006cec2a2696f638b14471b898303a60788e2b8a79f0ebce490dcd48e19c8e07af0b0d870dced9798adc4578beb19c6d0ff31abdcf4dac2387f3391ed8a1ea9f173a09363a43942283738de13901ceb54f38d7d671ae051203fcffe3c327be4c159862e9016ffba465b8db336dbbe5ca6565a171313f29cd608915279426c3c6e7bdf3b430179ebcb77daa58268e06e11c8e171f34321d7640d358f320aa5bcb4807775e618ee117cbf09c28ca5b3627c1f91b3ff4426b586d60a1498cd9fff8edc933b488a6baf962eba958bb2f344d6c1347830c96d8a1c85d4691bb814fcbeb7849136067d451f07e808277132f8986e03c729345aed759119a08e751ac134783f0772583134ab3c10ee1909ec670c83e8798278e06e17c4d0e86f281704269361cd2d3050ed9e712fbc4d120832531ee5394134ab3c3cee1905e310ed9e797c4c4d1209ca3c9422fb486d506169a01761087f40ab9ce0687ecf3c1b9b2d477bc2f027f67b2f0a9ca09a505182387a542e9197ba37ec3f9b1daeab49e5a2bbb7849334290b989a37290f0f981bf37796b2f1eeee200394093e6809de50e8e5d7ccabec49a3cb376f4f011568796bdceb9c5f1a8ba59182ca9e0507e71d869752996f67807931f2eee283a40705684e686f321f1a17b1ffeee74b8a1ca670ce5d1bc858516c0617dbeb97380c3f5a59d5eeb5df3d9443b71a905a8e33e796defab5669714151cc5e1ccf3aa4f870b81e0d532cdd4d7324966a803aac8746033bd25df2f4189fc4815066b94e0387ebd1c0086cefecdb578768a606e75dfa580f8d0e7668dd58f38c973d65cbc565494f199c9149e45ef7abe07c4b9fab05b11e1a2dec58066906303863916add7310ceb36c70431bd643a3871dcc204d0183333e69d73d07e1fcca0ed64363156067ef9ff11ad258b9c92184e6be889485229785bae720832553580f8d5d501073b8525c798d215020b43494a0cae7edf38d8ed85df752282e99a87b0e325832050723eba189313523b686d97b17a64dfc8066e48ed356bbb561c56c8a582c14b3ccd43d07652e401dd643938583c01d94b542a158fbf58ffffb1a6d9ae0eb7ffe61a3d3696fa2b969790d6762b254f71c8473279b580f4d4d803a53ad5428fd884ffb40c8f536cbad4eeb7b1c8f9beea550a2703c66aaee39c860c92c14e4abf8947f8426a500074703ffa9174cb15e3485b708d4267eec3d04e66adb76ee756cbb22562a96dfb79e1a1c83a9dde73e0bfcfbb28d934ad98183c5cb40656066138eb74c87a7837f63b6b9831bc5fa3a0eea3b7849198283279781ea8e290666b6e1d87a8fc9cd4ad68f29fc3bb3cf1df00cd17cc0015517d451ad310142b561c5367ffbe3bfdee26789fbea9fdfdc33625c58ae1b6bcb2252c6315411ca349393f074f06fcd878b100d70025cc74bca191c68ee64703d5684aa71edae7ec8a27969c5144f71f2043200fbbf7c6edbb7d0bcd40f4734bb8cd855b1dddee4bae50c795e65f272a549705ce787bbbc497a3d518628916710469f043dcf2c5eae3409fecdf9c21025f20f822877e1e9e0df9d3f5f1f6d6db6c5fe8226117920e9af238e4a2e03d4597bf1cdb6b59d63348928c7d2fa42b828e436401d862851bee5393c9d5c07a8c3bb9588f2c988f9f16ce76417cddcca7d803a0c51a27c41f064fe2ea359e07df881214a940f081d2fc2d3c17bf107439428db7c18b60ff22a401d4e2c116553de278cc27817a00e4394285b7c0c4fc7cb0075dcc5f61db16e487f1d2f89280508984fc69acd3c5e243f0bbc3f7ff1b64fa2f4205c72797be63cf01efdc610254ac5a92996367d0e4fc7fb0075cabd47e1b910bd8397441423844a6e9ee7b92cbc571d18a244f143a0a8094f07ef570f17a29fdbadaaf03b96882287307989f0dcd5129e0edeb33ebce09e285a08126fee2e9a07deb74efcde79a26864f97bdbe3a636401d37436fdbad1a9ab7b010d17c54ccb44fa33a401dd6458916f2fa5ab1b4ada9de19467d80f671484f341bcd43f6510cd0011cd2134da57ec83e8a013a82437aa2501cb28760804ec0213d510f87ec933140a7e0909e94e390fd0a0cd02b70484f1a2118d4dd55b4086c279a851bd28b957dcba73a91c710089fc414767d7cf8711cb0bd6856ec8d92cf1006ec75ce09db8ce6f5d5f3ad4ac7d8aab0364a7e382d58b3edeb53e3e3c4005dc2cde75bfbc6d85dcb613de5104efe4fd69ac38f4f4ef68516826d48cbc0b0be8c61fd219a1b5888f2c25dd7e986eb81d0c218a011e1b09e7282c3f508314023c6613d65114e740ed76380ed4a5173c3fad6f979d51a7b0f2f89d2c6e17a4c18a03172df4ddf16ebeaa3b7b01025edb42866f7d79d931ada1403066802d65e7cb36d6d675f18a4948c53630afbbc183e7e0cd004314829660cce84314053e086f61d2bbbac9152148c356f7122ef73663d79d8ee941677e993c581cf20a5453038d387ed4f696390d23c189cd981fd4059e19e3f2aed96bb86f4115e120dc1c9fa528aa5433e9f333bb04f286bbad791b65bfb96414a8093d43d25699fd771660ff60d65158274b5d5696f8aedb85ee91dfc8894c089f95e4ce1b05428d6109c4dfc883208fb89f200618a5ee93982d46ee2e52d2ce49f5323a6562aae1c223403a1cc6380e65077d2c9d86d11d9b4bce73ed770027ec2aa8689a12a2785f207fb8ff2ece2e27cd72bddc042f9f1da98428d17bde71b03d41318e2a35edada162bdbe895dec18f286370b2a1ae29d552a154c510bd891f51ce619f926f7a97439d6f8bd88a6598a60a27d87bfcb7cebaa69fb07fc967ae67da6e9f573a2215066afc70427503b320522f1657ea084df6343d86fd4d9a2050cbad4ebb22b6e3c2b4229cd15f1666cea52ea650e72547fa60df93660cd4b90d06a6eb6106426ae15820fa6230504564dd2a1ff2e304c1905c1a0c4c0a83e383683a17aae7e7e7655bb0eb624d592c82d5d8b2f8d35b3d35d604625c50dac0744c636565256058d25518a0b41437e35f689f97db0855e342d59a3242c8f55caf4b86e040ff847f5b37202dc2b288b0ec1457023e98839681e38a287ae8b5aea2d7ba8ee625d783b51db38ae617085bf4fe867e36a1777b8adf17c800fcbe26fed340f39229d8a6eb41a27909bdc9067a934d348922c50025225ad0ff0381bb5c7da1ad24ba0000000049454e44ae426082', '<722b1f5a-eb15-46f7-bd8a-88a6ad4ba84b@crat>', 'waiting', 0, NULL, '2026-11-21 22:11:23.088+00', NULL);
INSERT INTO public.notifications VALUES (2, 2, 'wang.fang@example.com', 'passed: 27 of 28 · cds #102', '<!doctype html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="x-apple-disable-message-reformatting">
<title>27 of 28 tests passed</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .frame { padding: 16px 10px 28px !important; }
  .card { padding: 24px 20px !important; border-radius: 18px !important; }
  .headline { font-size: 25px !important; line-height: 31px !important; }
  .ring, .ring img { width: 116px !important; height: 116px !important; }
  .huge { font-size: 54px !important; line-height: 56px !important; }
  .count { font-size: 23px !important; line-height: 28px !important; }
  .label { width: 92px !important; }
  .step { font-size: 17px !important; }
  .dense { display: inline-block !important; width: 31% !important; padding: 0 0 14px !important; }
  .actions, .actions table { width: 100% !important; }
  .action { display: block !important; padding: 0 0 10px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: #0a0a10 !important; }
  .card { background-color: #14141d !important; border-color: #2b2b3a !important; }
  .ink { color: #f3f3f9 !important; }
  .muted { color: #a6a6bb !important; }
  .rule { border-color: #2b2b3a !important; }
  .link { color: #a99cff !important; }
  .button { background-color: #6547f5 !important; }
  .quiet-button { border-color: #74748c !important; }
  .tone { color: #63da9b !important; }
  .tone-ground { background-color: #10291d !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f4f4fa;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">27 of 28 tests passed · cds · CDN/Core #102&#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; &#8199;&#847; </div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f4fa" style="background-color:#f4f4fa">
<tr><td class="frame" align="center" style="padding:32px 16px 44px;font-family:Geist,''Segoe UI'',Roboto,''Helvetica Neue'',''PingFang SC'',''Microsoft YaHei'',''Noto Sans CJK SC'',Arial,sans-serif">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;margin:0 auto">
<tr><td style="padding:0 6px 14px">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
    <td class="ink" align="left" style="font-size:15px;line-height:20px;font-weight:700;color:#12121c;word-break:break-word"><span style="display:inline-block;width:12px;height:12px;border-radius:4px;background-color:#5b3df5;margin-right:8px"></span>CDN</td>
    <td class="muted" align="right" style="font-size:13px;line-height:20px;color:#57576c;white-space:nowrap;padding-left:16px">Run 2</td>
  </tr></table>
</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #e4e4ee;border-radius:24px;padding:36px">
  <table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
    <td class="tone tone-ground" bgcolor="#e1f5e9" style="background-color:#e1f5e9;border-radius:999px;padding:6px 14px 6px 12px;font-size:14px;line-height:18px;font-weight:700;color:#0d7040">✓&#8201;&nbsp;Passed</td>
  </tr></table>
  <h1 class="headline ink" style="margin:16px 0 6px;font-size:32px;line-height:38px;font-weight:700;letter-spacing:-0.6px;color:#12121c;word-break:break-word">27 of 28 tests passed</h1>
  <p class="muted" style="margin:0;font-size:15px;line-height:22px;color:#57576c;word-break:break-word">cds · CDN/Core #102</p>
  <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px"><tr>
    <td class="ring" width="168" valign="middle" style="width:168px"><img src="cid:chart" width="168" height="168" alt="passed 27, failed 0, broken 0, skipped 1" style="display:block;width:168px;height:168px;border:0;font-size:12px;line-height:16px"></td>
    <td valign="middle" style="padding-left:24px">
      <div class="huge tone" style="font-size:76px;line-height:78px;font-weight:700;letter-spacing:-3px;color:#0d7040;white-space:nowrap">96.4%</div>
      <div class="muted" style="padding-left:3px;font-size:14px;line-height:20px;color:#57576c">pass rate</div>
    </td>
  </tr></table>
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px;table-layout:fixed"><tr>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#1a9c5b">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">27</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">passed</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#d92d20">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">0</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">failed</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#e8890c">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">0</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">broken</div>
    </td>
    <td class="" valign="top" style="padding-right:6px">
      <div style="width:26px;height:4px;line-height:4px;font-size:0;border-radius:2px;background-color:#8a8f98">&nbsp;</div>
      <div class="count ink" style="margin-top:8px;font-size:30px;line-height:36px;font-weight:700;letter-spacing:-0.8px;color:#12121c">1</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">skipped</div>
    </td>
  </tr></table>
  <table role="presentation" class="actions" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px"><tr>
    <td class="action" style="padding:0 12px 0 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="button" align="center" bgcolor="#5b3df5" style="background-color:#5b3df5;border-radius:12px;border:1px solid #5b3df5;mso-padding-alt:13px 24px"><a href="http://reports.example/cds_2/" style="display:block;padding:13px 24px;font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:12px">Open the report</a></td>
</tr></table>
</td>
    <td class="action" style="padding:0 12px 0 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="quiet-button" align="center"  style="border-radius:12px;border:1px solid #84849a;mso-padding-alt:13px 24px"><a class="ink" href="http://127.0.0.1:35581/runs/2" style="display:block;padding:13px 24px;font-size:16px;line-height:20px;font-weight:600;color:#12121c;text-decoration:none;border-radius:12px">Open the run</a></td>
</tr></table>
</td>
  </tr></table>
</td></tr>
<tr><td style="font-size:0;line-height:12px;height:12px">&nbsp;</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #e4e4ee;border-radius:24px;padding:28px 36px">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">51ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Download</div>
    </td>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">22ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Submit</div>
    </td>
    <td valign="top" style="padding:0 6px 18px 0">
      <div class="step ink" style="font-size:20px;line-height:28px;font-weight:700;letter-spacing:-0.3px;color:#12121c">234ms</div>
      <div class="muted" style="font-size:13px;line-height:18px;color:#57576c">Deploy and test</div>
    </td>
  </tr></table>
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Test item</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      cds          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Build</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      CDN/Core #102          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Built by</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      jenkins          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Package</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz" style="color:#5536f0;text-decoration:underline">build/CDN/Core/20240626-story_container-c54239ed102</a>          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Started</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      2026-11-21 22:11:23 +00:00          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Finished</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      2026-11-21 22:11:23 +00:00          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Duration</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      337ms          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Tests took</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      131ms · 51ms all together · longest 23ms          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Triggered by</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      wang.fang@example.com          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Report</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://reports.example/cds_2/" style="color:#5536f0;text-decoration:underline">http://reports.example/cds_2/</a>          </td>
  </tr>
  <tr>
    <td class="label muted rule" width="120" valign="top" style="width:120px;border-top:1px solid #e4e4ee;padding:9px 12px 9px 0;font-size:13px;line-height:20px;color:#57576c">Run</td>
    <td class="ink rule" valign="top" style="border-top:1px solid #e4e4ee;padding:9px 0;font-size:14px;line-height:20px;color:#12121c;word-break:break-word;overflow-wrap:anywhere">
      <a class="link" href="http://127.0.0.1:35581/runs/2" style="color:#5536f0;text-decoration:underline">http://127.0.0.1:35581/runs/2</a>          </td>
  </tr>
  </table>
</td></tr>
<tr><td style="font-size:0;line-height:12px;height:12px">&nbsp;</td></tr>
<tr><td class="muted" style="padding:8px 6px 0;font-size:12px;line-height:18px;color:#57576c;word-break:break-word">CDN wrote this mail because wang.fang@example.com triggered the run. Mails can be turned off per test item.</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
', 'Passed — 27 of 28 tests passed
cds · CDN/Core #102

pass rate: 96.4%
passed: 27
failed: 0
broken: 0
skipped: 1

Test item: cds
Build: CDN/Core #102
Built by: jenkins
Package: build/CDN/Core/20240626-story_container-c54239ed102 <http://packages.example/build/CDN/Core/20240626-story_container-c54239ed102/cds-5.3.9-c54239ed102_x86_64-linux-gnu_20240626_release.tgz>
Started: 2026-11-21 22:11:23 +00:00
Finished: 2026-11-21 22:11:23 +00:00
Duration: 337ms
Tests took: 131ms · 51ms all together · longest 23ms
Triggered by: wang.fang@example.com
Report: http://reports.example/cds_2/
Run: http://127.0.0.1:35581/runs/2

Download: 51ms
Submit: 22ms
Deploy and test: 234ms

CDN wrote this mail because wang.fang@example.com triggered the run. Mails can be turned off per test item.
', '\x89504e470d0a1a0a0000000d4948445200000150000001500806000000e9e826d9000023e749444154789cedddcd7213599a06e0ef4816313bcc165705e20a305780b8029b35aec6749999ae55d911d33d4bcc72aa3bc2aed9547563da62daac4b5c01e20a1057403aaaccb6c47290a533ef912ca39f94ac9ffc3ddffb4464e5918102e5cfab73be9399324244440b6180526c0e0e8e575bc5d61d34bb8cedac4ac7aca3d965c59645a42c5f94058b117bffcf7bdfd565c4cda38716abc060913e230d2ba6895657c198ba0cf8ed8fff7a8b15512c0c16a285fdf03fffb8d70f4604e23a7e541611b75ed81501ba8cc060b10859636d600a8580014bcb305888a6baec49dacebae9985504654544cad25b221763808632224dac1a68348c3501bab18d15537c1f3caeba9f134d84638768dc0f073f1f627507cb3a96552c89493a4027c1c9d1c46a2858d963a541060b29553ede5ec54ac27a5a3f1cfc54c7e1714f529095009dccd40a22755b5c797bf6b8dac00f482906a83208cdf279fb7c03c3f04da451a528e6c1af3b2735fcd290ff3ef869df88798a66e2b21fa043029c4475c1522a965e877d1891bfb0efc9775ffff30f1b1ddbae582b9b7859960108c91fcf764e76d11cf2b783bf6f76c4fe8266e27216a0434c6fc85f37a650e370df7f060b79a6dfcbeca08729e869ca1438001a673bafeea239e4e0e0a7724bcc0734135740aff83ff7fea386e6903c04e8286cdf3a3ea46a1ceefb09fb977cf0d5f3ad8a2dd88db05ee655ae154b37c2869e9848723fbb8e255156ecb3ffdafb6e5f06b8f7d731f60d9a79161823b552a1f423b67720947b060be5d4979ea6dd752f654193eaa0694d24791ca0970c7afe581db26e9a6fd88f94376b470f1f59319b881a2ccbc31033b40e9ad644928600edc309d8c4aa66ac79f9db9393ba50ae60ff511eac1d6faf4ba7f508e9b26d23be2e130741681df4af073f5510d46fd04c945514a0230231a67aadb0f212bdd24028f370ee50566188beda6ab736d0dcb5bd0bda63135607edde8124fff73b9a89521ca0034ccd88ade183ed255e5046192c94312e2cacb118a6cbb624644a1d34c061724b12c400fd02276813ab9a144b3f72163f7bb07f282b5c4820389f5a918a24cc4ca8836226be86d50696c43040c3e164ada356fa8cb5d2ecc03ea1b4b970482b38fb7062be3d7b72529111694c243140a7c3495bc7fe62906600f605a5a5379b2efb2252960cf8b8f3ca6035248d892406e86cb0b318a429c33ea0a4652d38fb0ad6dc1f3d19d398486280cec7304853836d4f49c96a705ec249f8f1c9c9be8cf8ebc1cf0dfcbbefa0990806e8620c833471d8e614b7cc07e7059c7ca175500ce3ab18c63f4233110cd0e51861902605db9ae27271d21fa359969c08af83fe7d17a176806622f0773140a3116067eef35ad2f8182c14b1f2f176f973fb1c816337f13257c2eaa0e88156d0034d2cbc18a0d1c249de9062e931af238d1eb62d4505c1b9fab973febdb1163db6686fb74c0c867e6175d01f0e7ec65b4a465880de7cbeb52fc63e459316648c1c960aa567a3779cd1e218a011f9fa686bb3dd1be69625c7503b7b1b5e074d7422e9f55ff6feb489f52506686482a298bdb0bbce687e060b2d01bdce72abdd3ab62215f144781d34c98924fbf62f7bdf55640003346aa676adb8b287de6820b4b0b113856683e05c6d755a4fad955dbcf44a581df487839fb671b81c4b2218a049c0c9df3462f67fdb39f9112f6901d886342f375cef883db679ad735e25a40efac3c13fd6453aefd04c000334490881064a377ba31f9a74356c3b9a95eb756276fd1827f8265e7a0b2753681d34b9892406681a38c9343f06e88cdc6534d6d85facafbdce0138289a673baf6ea03904c3f83a7ef59ec48e019a16b7ef0b621e73926936d85e7495b5170f0fac87b5ce694cb17477f4ba41f4400fb1fa1e4bcc18a0694330b8efb97fc0dee874d84e3449f76b347a33eceb78a90a86737b67dfbe3a44f3127aa0dbf89563891d03340b100e4d94731eb0363a19b61185f9ea68ebfb8ed8a10051e6f5c79d579b585f4a6e2289019a2518d2ef72a63e1c0374849b286ab55baed65911c570604ca88326f15df10cd0ece95e37fa9843fa61384fa8cffbcb93e6145e07fda98e5fb927b1628066548063e2c1e831a11903142e7a9d075692fb12b73c08ab8326f3151f0cd02ce390fe0bf5017a119e6facc289a2198cd541ff76f077d74bff05cd183140b30ec151c52cfd9ef6213db6835e17b3ec2e3c57f19246e0e018ab831e1cfc546e89f980668c4202f4e8610dab0d2c9411383ed43f260fdb40a7b517df6c8bedb861fb2a5ed204a879dd1d3d41e29f481a0fd0b5e75b756bec3d34294310204d3105947afe551585f0fef5b9f962eba958bb2f74a5b03a680213498dbfecfde92ed69718a0d98620a962b4f2184d550c16352eea9daed7b92d34abb13a6812134908d0a16393019a7dd8610dd445ef6baa8be23deb70119eaedeb98e9734bb00017a1beb4b494c243140f3093b4d5588e2fdfacf4d16d976cb9df065a1b95d2b966ee38408e44212df15cf00cd2fec3835934b78af7ee3c5f1cb33a6f0f86c64920075d000bf724b62c200cd37ecbc2642f4beef218af7e92f37d36e6de7184d5a020e92979820d896019889af61b58125160cd0fcc30ef43e44f11efdc4f08cd4581d34ee892406a81fb013bd7ea213de9f7f189ed11bad83fe35e6ef8a6780fa25ac0ce483a183d4070ccf788c9e00714f243140fd337a0cf960e820cd3b86677c70a084d4417f0af02bb724060c503ff916a24307699e69fcda8d848dd541318caf6218ff08cdc83140fd851debcd5d4b064beead1d3d3cb6bcbb2876e375d0bfef5ab10768468e01ea37ec5c2f42d460c93586677246875fe88156d0037d8366e4c602f4e8e1ef96d7f27a053b38f7216ab0e4164e2a86678270b084d4417fc62e88de6880de3c7a18cbdf4329b3e6d9c72727fb92534307699e303c938783a581001d7a4ad25f0f7e6e603fdc4133520c503d46473679327490e605268c76ad9503342961a883de401db489661786f1550ce31fa1192906a82e45310f7edd39a9a1992b4307691ef052a5748d1ee8f14d2415eefe65efdf1b68743140fd8620cae56d9ff877e7877baa12bf82235d46cc8f673b27bb6876c5f55df146ecfd3fef7d57970b0c50ff218c7217a2f837e703c3331b70c08cd541679b48b2a7f84f80ff43033dd6a65c284a01af3b97af57e4df1a7b7b8f2f5f0f72cf743d3f3f5f47b3cb164cd9766c59fa8c5d37d6ac62bd8a7fd01dfc84f2274099e8ee609928cb0c96cc73270e1f869c1d38c06f0c1ee03f0c7dc5877d8b761321d970e1d811130c0ec593e43e740bedf372dbe2b871e18a43c93258330ffb29370f65c6bf35fb30e3fe0e07fe3a9a9401a37550378c2f49bbb9b7f75d2039301aacf8d10616ca1004d3d848278bf0efcc3684e731c2735b2875181ebf9582ad950aa51a7a078178e4abe75b156b64133de80a8eb73bf811a50ce194f90bed0d96ccbaf97c6b1f67ed5334291da73840ea0531b56271a58ed06ce267deeb968c3aed4db11d17a61511b985855280e32fd3216ab064122f574a070e88f7f84f550aa57a9e6643e3e486fcd269556cef6135b7b05082b27ca13dce97ec71c3a98eb16fd0a4649c8a35d56b2b2b55f43203a189ba61da6eb920ddb422d7b1a60414acb99fc5a7da672e40317c2a63c6dd4d1aade225c5043bfe135635d435ab593c30b30ec7696f98dfb1db7c4a54fc70bc3631337f1b1ff04dbccc0cfcbbb20593466fac48452816084c4c04996aa950741341993a18f30a615afe7c7ebe8d8dbb2d1ce2c7c8d43eee9c3c4023333215a09c348a0f76f44b7c82ef233403a1d874bf461bb552f64ae3618cec9d7dfbea10cd4cc079950dac7bc6033b98c19902773c5b917d0669f44cb174372b139c38bfd2872190bbd3e88365dd3312d8a99fac35879c144a1f833416c13584288eed26daa9c2b996be9b475bbf88d84d346909d899fde03cccc2c1455f3048a3968d7a28ceb974f1d99ed1704f492a1557f6199cd9c6208d4e16ae0f4d3540dd3575b6dd7a87262da83babbeb2b29b959a10cdc605296afe55e1acfdc2105ea93ffe0eff8674b8bae7e75e78968516715a14b33bf8500fca97ee39707ebe8b4fc1a778490b3092ee939bf0f7a7638d0f0959087618eb9c9e712331393f3fe4b07e31382752bb5fde60491cef735f8c1bae975656b6119c819077dc7c8058d447798be8dc301a1b7ac46252120f500c5b78abe602b2760131c503e787bba4ef10e7c723bca41921c89a18cabb4b9b024910fede64f192a5f96007bd47a17c3bcd4239258f934c8b48fed2269c9fc9b93828dea049337097260d7e811be9e27aa39868ad0a9f983fb3a49fda9458805e1c0cef5c53e82aa73810b6933c1028bbf88c88b9041f775eddc63a11064b227810ccecf5350cd951cb69a24dd4e5466f98a5af594e305dcd9a671f9f9cec4b02120950f43ecbe87d7e4093a6e0909da6c179b4da3a3faf2148efe1254d80504b6c42097f57fcd6f88ccf2b65e1b634ca87b5a3ad432bf67b3469a2642694620f50f77cc4b6d85fd0a410d8019f30cb5ee12c3bcdc39d571db155744caee32585c03c42ec134a387fe3d31d7260e88e9dbc8a9734021bff3d861a9b490c35c83fdd3b98daad3ace2f8668b8d827940c96d870a83115278b6869e8a4b81b536a08d13b7849a3629e508a2d40dda7239fb4140e1bfde5d9ceab6d218a0042d48df45c4ff40e5ed2009c6bb14e28e1ff1f0f4e1c85c306677852e418a2d3c437a184f3397a7c5848386c6c8627c5c685e867deb9142aae09259cd3d1bb79f4f0035665a14b86e14909c1e8af6af9309251b14c28192c9162ef731c3632c39312c5101d17c7b5d638b7a3c5dee730c3f0a4943044c744de0b355822c3dee7306c5c8627a58a213a2cea5e28cef1e8b0f7f9856178524620441b96b3f37d91f6420d9648b0f7f985fbea8db327271521ca00373bcf4b9cbe88b2171a5980b2f7d9637ab7675602de614419e242f473bbd540f31616d5708ed6313abc8fe6d20c96a5b1f7d9838df909e1b98ef00c842863dcdd81bc77be27aaeb4271ce2f8fbdcfee86e4539528f318a23d385f23e9851a2c4b61efb327caba0a519c78cef644d10b5d3a40d9fbc446e4570e53ceb8efa0b7560ed0d4ec3566e437b15e98c1b2307e92752dbd1388d2b0f67cabaefdeb41ae154bb79799b3582e40f9c4a553ec003769d4449b2857dccc7cabdd0a700e5fc74b9510804b5daf8d3fbf186c7cf55f14678aa5bb9c34a23c73dff6d931f60d9a6aa113b4702f74e10055ffb4f9989f744d9414ed5f398e105cb8178a3fbb180cdf7fb74abfeb88771a916fb4d74317ed852e14a09a278fb0c1dcc5f2e580754ff2882bc9a11edab04aeba18b5e49833c981f7a9f6a278fa2b8768c288bdc5725b7957e053982b08161fc5d34e7823f371ff749a575f2c888f9f16ce764174d222f699edb58645278ee0055bc8179c912790f1d24b597362dd2415a2040754e1e71e84e5a289ee398fb59a106cbcc146f58de6d44aa689d959fb7a3345f802a9c3cc20672b3ee6ee81e089112eea94db6dd7a87a62a38dfe7ba2614bf7f36a88de89c3ce205f3a494c6f90e046213017a03cd99e0f7cf46e9c67c8f8db98e26913ae834a99c509ae7d194c888d9687c6cddbcf51022df289df79879cec360b9123e89d40ddfb161e6aa8510f94ae384d2b562e906e63d9a684e859cb89ac687af62032e746f2c916f344e28cd7a6be76c017af4f09d15594753056c14f63e89062003aac8804768aa800c682003eea239157edf7418bebbaf43fd1d4d35d8fb241aa6f1b9a1b3e4c09501aaad888c0dc2de27510875b5d0192e61445e4c87d9f71a561b585498e5538748236dbd5084e395c378fc9ee910a0162b15b031d8fb249a425b2f141daaa9b3f1c88cc9b43d1f101b8bbd4fa229b465c25517d54f0d504d336fd810ec7d12cd00a3d240446e61f1de55b9805f9f0c01fabb55f2e83af63e8966a36c6279ea23ee0c96509a2e9ee597c411cd47532f745ae76a72802a7a78c855750e221aa6e9eec469f930394095ccb661037c428d43459982282a9a6eb041464cac83e2d7c2a18b6eb1f2de22df834244dd8ca861b581c57713eba006cb184d17cc4eab6f10d1649a269326e54468806aa96f70f28868716e18afe581cb93eaa0e101aae4facf491b858866a3262b26d441f1f371a86d7cc0aa2c1e339c3c225a9aa23b9342eba006cb10d72d5732bb36f363fb89683274b80251704d68581d742c40b54c2071f84e140d2dd78c8765c65880de7cbeb58fd995a7687a0d9f26539fb24244b3d172d722c272ac0e8a9f0dd370013ddef47b6c887534892802984c6a58913b687a0bb931f67c50fc6c183684f70f1099f50ba38868365a86f1983719cacca1176abae2c5d2ddb3c7d5069a4414012db3f128fd0d4d240d07a88e3b0b4ef1295216228a8c96ab770ad6dcffedc9495d2e0c07a8826e38ef7d278a07ca7f0deb791d5446be686e3840154c2015c53cf875e7a4862611454863076c38408f1ebeb322eb687a0b350c5ebe4414030d75d0d1e7670c05e84dff1f61c7fa27514c94d4410364c86dacbb0c962e256f9eb76f12c508a3d8067a6177d0f41632e432372f1b2a6ee11c29001351b454d441072e83bc0c500d97308d5e824044d1d250071d9c88be0c500df7c0730289285e2a4a810323d9cb0045edc2eb07a3e28dbe3fe3fdef44b1f37d321a5972f95011b47b7cbf06146ff4f24d13517cbccf92814b99902b3df8d4f88055597c35d0ed26a2f82818cd36d119bb81a66bf720402d56de1a2cfc12517c34cca7f42f65eafe0785df320abf1fd0f41667e08992a16126be9f27dd00d5700d2867e08992a1214f860254c335a0fd2e3711c5cff792e05080fa5eb3c09be4254c4409c24452d38a5c47d34bba0274e0b203228a9fef9732c9c5553d3a0254869fe14744f1f2fe9e784d01da7fb3424489d092292a0234ec0bf189283ebe67ca5080fa5eafe8177c858812c100f508039428590a2ea6ef3e9c9d014a4491f3fd62fafe953d0c50228a1c03d4230c50a26431403d32f81d2644143f5501eafb7dab28f676df27112543c113de02e4caed6eb0304089286a1a72a51b2c1ade28564494200db9d20d160d6f142b224a90865ce9068b86378a1511254843ae7483056f3410915b58bc74ad58ba1d3cae06424489503089748a002d7703d4f7cb98781d2851b2545dc6c40025a22831403dc200254a1603d4230c50a264a90a504c22d5b0dac0e2a5a29807bfee9cb8f7484409f0fd717608ce97673bafb6b146802a79f8a9105122b4640a03948822a7255318a04414392d99a22240f9b5c644c952f5b5c66b2f1eee5a2b07687aa93f6326449408dfafec3146f6cebe7d75d80d50df2f3980e0e3ceabdb58135102d68e1efe6e4556d1f452ffd24883b68600150468f7bd1251fc6e7afe20117501da7fc34244b1d294276a029417d31325c3f78be89da1002d1f6faf7e6eb77e47d35f17b3664244b1f2fdaa1ee75ab17423785c6d7603d441d1b76945aea3e925bcd1eead574244b142965491258fd0f412b2e413b264154dd7eef1feb2035eca4494084d59f225403dffd47038134f143fdf67e0112297a359b47b34d52dd024a218689b4fb90c504d33674244b1d090238357f45c06e8daf1f6ba6db7dea1e92dde134f142fefef8107532cdd3d7b5c6da0894c19a0a076d140ede22e9a441403cca5bc4388aca3e9adc1b994cb8683000dc4e3af37765807258a878afae7c5d719cb85a100f5fdf20367b07e4144d1d150ff1cbc84c9190e500df50bd6418962a1313f8603d4f3e7823a78c3ac8312c54043fdb3ff1c5034bb90275f6878a888c33a2851b494d43fc72e851c0a506c843236c20734bdc63a2851b434d43f1d74be6ea3f315c885a1007530136fb1f2da681d838896a3a1fee960067e2833875e38a8633490a077d0f416de34eba04411426ef85fff14798fdc187a8ff8d9306c08ef1f2ae28c76c58968315a4a7f08cbcb8788f4e167c3d65e7cb36d6de7184daf71184f140d2dc377630a8fcfbefd5755068c05a8964f130850cfb88d35112d01f3262e2fcae2b9b051abc132061b2410cf6fe974462f4920a2f968997d87a15b38fb4203544b1d146f7eaca64144b3d39e15f8f9383d755069967addf2265e12d11c50ee5b6da1dc674556f1d26b61f54f0719320e1b464b1d74e28621a2e9b474b49cb0faa7131aa08e963a28bc466d63136b229a0332a286d50616df85d63f9d8901aaa5b6e14cfa7421a270aa46a913ea9f0e7e2d9ca6eef9e8135688683a0d4f6eeb9b56e69b18a09a3e6180d78412cd01c377970d65510023d4894f6f335826c230be613dbf2fbe6fdaa70c117da16a741a72fffb20fcfa645a6ed1bac05e28d10c34f53eafbae5db609948d15d065dbc3389683a6d9970d5b383a70628eaa02a9e32dd878d514777fd3e9a44140265bd3756a4224a4cab7f3a06cb54d8600d6cb03b68aac05e2851382d5ff9d387707c8f0ed53a9a13e1f74ca7ac0eea36087ba14421d09952d5fbbcaafee9182c53ad1d6fafdb76eb1d9a6ab0174a344c5befd3c1f0fdca1b6cae0c50079f3c0dab68188f8dc25e28d1006480b2dee7d5c37707bfef6a9aee3ae89be5d38748038da3d059ef4e9c2940311bafe9aea42e6c18f64289405befd341076aeaec7b9fc132939b476a9ebc72e9aa6bc0887ca7e9aea301333fa16de60055ba21037c12dd9de59388c8371879aa7960f2a0796eeb9e39401d74e59bd898d7d15463964b19887ca4ed12460781f809a5bb55346782df3f3b04a89a67840e32e8859e3dae36d0245241e3c49183409cf8eccf30f8fdb3d3782d98838dc4092552059da53756d9c49133ef35e006cb5c309914888eaffa18324f5d8428cf94ce773813bfba6392b90354635dc4c186e2377892f7b44e1c398bcc772017e6830dacee9ad0be453630519e68ed2039d77a1da440e63077803aa88f34aca25b3b07cd5b2321ca0bad731c0e82f03de639d6d19c0bfedcfc34dedad9870dc6a13c7907234bb5437767d1390ee4c1fcdcc6c630fe773455c246e3ac3c7905a3ca3708cf8a2885e1fb8d453a4506cb42b0c1555e137ac99a671f9f9cec0b51cedd7cbeb52fc63e45532584e05cd77e0ec29f5d0c7aa16a2793fa580fa5bcd35cf7ec43efd395e40259c0c201ea68ef8562e3b11e4ab9854e90eabaa7837378e1dea7833fbf387e7a753720eba1944be800bdb12215516cd9dbb40d96a5ac3ddfaa5b63efa1a917eba19433daeb9e8eb1e6edd993938a2c61e900652fb487f550ca0b9eb33d519cb34b07a8c35e68774336a558babfcc7080286eee294bd26eb9a1fb2a5eaa1545efd3c179bf3c7ea2f56063324429b3189e5f44d1fb7470ce4783bdd04bc13514a639334f59e266dc3ff79eef5916e5a2ea7d3a064b24143f026b0c366aa3849e284394b2c08567abd7f35cc74bf5a2ea7d3a38d7a3a3f559a161b06119a2943a86e798b99ff9390dcef3e8b0173a0c1bb77ab6f3ea319a44a9583b7a786c45b685ba167d68c824064ba4d80b1d860dcc10a554303cc744dafb740c9648b1173a0e1b99214a8962788e8bbaf7e9182c91632f741c3634439412c1f00c1579efd3315822f7f5d1d6665bec2f68d2006cec2a2696f638b14471b898303a60788e2b8a79f0ebce490dcd48e19c8e07af0b0d870dced9798adc4578beb19c6d0ff31abdcf4dac2387f3391ed8a1ea9f173a09363a43942283738de13901ceb54f38d7d671ae051203fcffe3c327be4c159862e9016ffba465b8db336dbbe5ca6565a171313f29cd608915279426c3c6e7bdf3b430179ebcb77daa58268e06e11c8e171f34321d7640d358f320aa5bcb4807775e618ee117cbf09c28ca5b3627c1f91b3ff4426b586d60a1498cd9fff8edc933b488a6baf962eba958bb2f344d6c1347830c96d8a1c85d4691bb814fcbeb7849136067d451f07e808277132f8986e03c729345aed759119a08e751ac134783f0772583134ab3c10ee1909ec670c83e8798278e06e17c4d0e86f281704269361cd2d3050ed9e712fbc4d120832531ee5394134ab3c3cee1905e310ed9e797c4c4d1209ca3c9422fb486d506169a01761087f40ab9ce0687ecf3c1b9b2d477bc2f027f67b2f0a9ca09a505182387a542e9197ba37ec3f9b1daeab49e5a2bbb7849334290b989a37290f0f981bf37796b2f1eeee200394093e6809de50e8e5d7ccabec49a3cb376f4f011568796bdceb9c5f1a8ba59182ca9e0507e71d869752996f67807931f2eee283a40705684e686f321f1a17b1ffeee74b8a1ca670ce5d1bc858516c0617dbeb97380c3f5a59d5eeb5df3d9443b71a905a8e33e796defab5669714151cc5e1ccf3aa4f870b81e0d532cdd4d7324966a803aac8746033bd25df2f4189fc4815066b94e0387ebd1c0086cefecdb578768a606e75dfa580f8d0e7668dd58f38c973d65cbc565494f199c9149e45ef7abe07c4b9fab05b11e1a2dec58066906303863916add7310ceb36c70431bd643a3871dcc204d0183333e69d73d07e1fcca0ed64363156067ef9ff11ad258b9c92184e6be889485229785bae720832553580f8d5d501073b8525c798d215020b43494a0cae7edf38d8ed85df752282e99a87b0e325832050723eba189313523b686d97b17a64dfc8066e48ed356bbb561c56c8a582c14b3ccd43d07652e401dd643938583c01d94b542a158fbf58ffffb1a6d9ae0eb7ffe61a3d3696fa2b969790d6762b254f71c8473279b580f4d4d803a53ad5428fd884ffb40c8f536cbad4eeb7b1c8f9beea550a2703c66aaee39c860c92c14e4abf8947f8426a500074703ffa9174cb15e3485b708d4267eec3d04e66adb76ee756cbb22562a96dfb79e1a1c83a9dde73e0bfcfbb28d934ad98183c5cb40656066138eb74c87a7837f63b6b9831bc5fa3a0eea3b7849198283279781ea8e290666b6e1d87a8fc9cd4ad68f29fc3bb3cf1df00cd17cc0015517d451ad310142b561c5367ffbe3bfdee26789fbea9fdfdc33625c58ae1b6bcb2252c6315411ca349393f074f06fcd878b100d70025cc74bca191c68ee64703d5684aa71edae7ec8a27969c5144f71f2043200fbbf7c6edbb7d0bcd40f4734bb8cd855b1dddee4bae50c795e65f272a549705ce787bbbc497a3d518628916710469f043dcf2c5eae3409fecdf9c21025f20f822877e1e9e0df9d3f5f1f6d6db6c5fe8226117920e9af238e4a2e03d4597bf1cdb6b59d63348928c7d2fa42b828e436401d862851bee5393c9d5c07a8c3bb9588f2c988f9f16ce76417cddcca7d803a0c51a27c41f064fe2ea359e07df881214a940f081d2fc2d3c17bf107439428db7c18b60ff22a401d4e2c116553de278cc27817a00e4394285b7c0c4fc7cb0075dcc5f61db16e487f1d2f89280508984fc69acd3c5e243f0bbc3f7ff1b64fa2f4205c72797be63cf01efdc610254ac5a92996367d0e4fc7fb0075cabd47e1b910bd8397441423844a6e9ee7b92cbc571d18a244f143a0a8094f07ef570f17a29fdbadaaf03b96882287307989f0dcd5129e0edeb33ebce09e285a08126fee2e9a07deb74efcde79a26864f97bdbe3a636401d37436fdbad1a9ab7b010d17c54ccb44fa33a401dd6458916f2fa5ab1b4ada9de19467d80f671484f341bcd43f6510cd0011cd2134da57ec83e8a013a82437aa2501cb28760804ec0213d510f87ec933140a7e0909e94e390fd0a0cd02b70484f1a2118d4dd55b4086c279a851bd28b957dcba73a91c710089fc414767d7cf8711cb0bd6856ec8d92cf1006ec75ce09db8ce6f5d5f3ad4ac7d8aab0364a7e382d58b3edeb53e3e3c4005dc2cde75bfbc6d85dcb613de5104efe4fd69ac38f4f4ef68516826d48cbc0b0be8c61fd219a1b5888f2c25dd7e986eb81d0c218a011e1b09e7282c3f508314023c6613d65114e740ed76380ed4a5173c3fad6f979d51a7b0f2f89d2c6e17a4c18a03172df4ddf16ebeaa3b7b01025edb42866f7d79d931ada1403066802d65e7cb36d6d675f18a4948c53630afbbc183e7e0cd004314829660cce84314053e086f61d2bbbac9152148c356f7122ef73663d79d8ee941677e993c581cf20a5453038d387ed4f696390d23c189cd981fd4059e19e3f2aed96bb86f4115e120dc1c9fa528aa5433e9f333bb04f286bbad791b65bfb96414a8093d43d25699fd771660ff60d65158274b5d5696f8aedb85ee91dfc8894c089f95e4ce1b05428d6109c4dfc883208fb89f200618a5ee93982d46ee2e52d2ce49f5323a6562aae1c223403a1cc6380e65077d2c9d86d11d9b4bce73ed770027ec2aa8689a12a2785f207fb8ff2ece2e27cd72bddc042f9f1da98428d17bde71b03d41318e2a35edada162bdbe895dec18f286370b2a1ae29d552a154c510bd891f51ce619f926f7a97439d6f8bd88a6598a60a27d87bfcb7cebaa69fb07fc967ae67da6e9f573a2215066afc70427503b320522f1657ea084df6343d86fd4d9a2050cbad4ebb22b6e3c2b4229cd15f1666cea52ea650e72547fa60df93660cd4b90d06a6eb6106426ae15820fa6230504564dd2a1ff2e304c1905c1a0c4c0a83e383683a17aae7e7e7655bb0eb624d592c82d5d8b2f8d35b3d35d604625c50dac0744c636565256058d25518a0b41437e35f689f97db0855e342d59a3242c8f55caf4b86e040ff847f5b37202dc2b288b0ec1457023e98839681e38a287ae8b5aea2d7ba8ee625d783b51db38ae617085bf4fe867e36a1777b8adf17c800fcbe26fed340f39229d8a6eb41a27909bdc9067a934d348922c50025225ad0ff0381bb5c7da1ad24ba0000000049454e44ae426082', '<7b7a90dc-3686-4e6e-9619-fffac1d03f76@crat>', 'waiting', 0, NULL, '2026-11-21 22:11:23.688+00', NULL);

INSERT INTO public.parameter_set_versions VALUES (1, 1, 1, '{"base_url": "", "test_path": "", "install_dir": "", "service_name": "", "upgrade_type": "full", "report_keyword": ""}', 'crat', '2026-11-21 22:11:21.298+00');
INSERT INTO public.parameter_set_versions VALUES (2, 2, 1, '{"db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds"}', 'admin', '2026-11-21 22:11:22.052+00');

INSERT INTO public.parameter_sets VALUES (1, 'default', 'Used where neither the trigger nor the test item names a set', '{"base_url": "", "test_path": "", "install_dir": "", "service_name": "", "upgrade_type": "full", "report_keyword": ""}', 1, '2026-11-21 22:11:21.241+00', '2026-11-21 22:11:21.241+00');
INSERT INTO public.parameter_sets VALUES (2, 'nightly', '', '{"db_password": "sealed.v1.M_3vbK2AkeciotKYgIP7H60BjNaww-iPW73jiPxUEPsguhVv-ZjS-CU", "install_dir": "/opt/cds"}', 1, '2026-11-21 22:11:22.052+00', '2026-11-21 22:11:22.052+00');

INSERT INTO public.run_environments VALUES (1, 1, 1, 0, 1, 'default', 'http://test-server.example', 1, '{}', 'COMPLETED', 'passed', '2026-11-21 22:11:22.707+00', '2026-11-21 22:11:22.777+00', '1c1d89c5-af4f-4ae8-93b6-eab1ff249c6f', 'http://reports.example/cds_1/', NULL, NULL, NULL, NULL, '2026-11-21 22:11:22.391+00', '2026-11-21 22:11:23.069+00', '2026-11-21 22:11:23.114+00');
INSERT INTO public.run_environments VALUES (2, 2, 1, 0, 1, 'default', 'http://test-server.example', 1, '{}', 'COMPLETED', 'passed', '2026-11-21 22:11:23.328+00', '2026-11-21 22:11:23.349+00', '0fa32920-44d7-4e0d-840d-79aa97ae6790', 'http://reports.example/cds_2/', NULL, NULL, NULL, NULL, '2026-11-21 22:11:23.268+00', '2026-11-21 22:11:23.659+00', '2026-11-21 22:11:23.723+00');
INSERT INTO public.run_environments VALUES (3, 3, 1, 0, 1, 'default', 'http://endless.example', 1, '{}', 'MONITORING', NULL, '2026-11-21 22:11:23.975+00', '2026-11-21 22:11:24.096+00', '3e9607b8-14c1-4047-9e2b-6d20f00e65c2', NULL, NULL, NULL, NULL, NULL, '2026-11-21 22:11:23.864+00', NULL, NULL);

INSERT INTO public.run_logs VALUES (1, 98, '2026-11-21 22:11:22 running:deploy
2026-11-21 22:11:22 running:test
2026-11-21 22:11:22 completed
', true, false, 0);
INSERT INTO public.run_logs VALUES (2, 98, '2026-11-21 22:11:23 running:deploy
2026-11-21 22:11:23 running:test
2026-11-21 22:11:23 completed
', true, false, 0);

INSERT INTO public.script_bundles VALUES (1, 'cds-tests', 1, '27e847950d36ddaa87a90c67d3ed26d7d59bbeef0a24e751eb518f36c153b3bd', 153, '[{"path": "tests/run.py", "size": 3, "sha256": "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22"}]', 'admin', '2026-11-21 22:11:22.213+00');

INSERT INTO public.system_settings VALUES ('package_build_info_base_url', '""', 'Address of Jenkins, for links to builds', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('query_timeout', '30', 'Timeout of one poll of a running task, in seconds', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('max_query_hours', '3', 'How long a task may take in all, in hours', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('max_queue_hours', '24', 'How long a run may wait in the queue, in hours', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('queue_paused', 'false', 'No queued run starts while this is on; active runs go on', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('quarantine_after', '3', 'How many failures before the first test in a row quarantine an environment', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('auto_sync_interval_hours', '24', 'How often a job moves to its newest build, in hours', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_runs_days', '180', 'How long finished runs are kept, in days', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_runs_per_item', '500', 'How many finished runs of a test item are kept', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_builds_days', '365', 'How long builds are kept, in days', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_builds_per_job', '1000', 'How many builds of a job are kept', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_mails_days', '90', 'How long mails that were sent or given up are kept, in days', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_mails', '20000', 'How many such mails are kept', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_audit_days', '365', 'How long the audit log is kept, in days', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('keep_audit_entries', '100000', 'How many entries of the audit log are kept', '2026-11-21 22:11:21.131+00', NULL);
INSERT INTO public.system_settings VALUES ('project_name', '"CDN"', 'Shown on top of every page and in mails', '2026-11-21 22:11:21.898+00', 'admin');
INSERT INTO public.system_settings VALUES ('package_download_base_url', '"http://packages.example"', 'Address of the package server; PACKAGE_PATH is below it', '2026-11-21 22:11:21.944+00', 'admin');
INSERT INTO public.system_settings VALUES ('query_interval', '0.1', 'Longest interval between two polls of a running task, in seconds', '2026-11-21 22:11:21.989+00', 'admin');
INSERT INTO public.system_settings VALUES ('external_test_server_url', '"http://endless.example"', 'Address of the deploy_and_test server', '2026-11-21 22:11:23.767+00', 'admin');

INSERT INTO public.test_comparisons VALUES (1, NULL, 0, 0, 0, 0);
INSERT INTO public.test_comparisons VALUES (2, 1, 0, 0, 0, 0);

INSERT INTO public.test_items VALUES (1, 'cds', '', 'CDN/Core', 2, true, '2026-11-21 22:11:22.093+00', '2026-11-21 22:11:22.093+00', '{}', 1, 0, 0, '{}', NULL, NULL);
INSERT INTO public.test_items VALUES (2, 'edge', 'Edge cache', NULL, NULL, true, '2026-11-21 22:11:22.12+00', '2026-11-21 22:11:22.12+00', '{}', 1, 0, 0, '{}', NULL, NULL);

INSERT INTO public.test_results VALUES (1, 0, 'e96df37b1faf6e833747d85cb80a9053.d41d8cd98f00b204e9800998ecf8427e', 'The installed service is healthy', 'delivery', 'passed', NULL, false, 23, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 1, '5928a3e1169cde02069a8635cccd0601.d41d8cd98f00b204e9800998ecf8427e', 'It tells the version of its package', 'delivery', 'passed', NULL, false, 6, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 2, 'e9b9031437eb499fde572e368cecdd2d.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the whole file', 'delivery', 'passed', NULL, false, 3, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 3, '6dae2e30d4949daa4f7d17d0943a6369.d41d8cd98f00b204e9800998ecf8427e', 'What does not exist is 404', 'delivery', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 4, '0fc719a19cb97869133616f7e71e9604.d41d8cd98f00b204e9800998ecf8427e', 'Answers may be cached', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 5, 'e0098a2178571f4b89cb5b903c2e614b.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=0-99', 'delivery', 'passed', NULL, false, 5, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 6, '4e17b430082b51ae35f8a9b3ef820a7d.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=1000-', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 7, '753e3d7750b33472be79c2222881c9f3.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=-5', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 8, '0939b94d303df631ae09777859531df7.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=0-9999', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 9, '167c63186b025475d3b090db9a2d3337.d41d8cd98f00b204e9800998ecf8427e', 'A part beyond the end is 416', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 10, '13c574a0b85ccdb7d797f4b926737487.d41d8cd98f00b204e9800998ecf8427e', 'Delivery over HTTP/3', 'delivery', 'skipped', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 11, 'c04e67dea7e97c79afa50269a4a0f679.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=0-0 of 100 bytes', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 12, '3232536427c82af13a18dd57e5e707b2.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=0- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 13, 'ee35faee94bc194658a44930417d38f6.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=10-19 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 14, 'bb0a10056f43d8d0e21661775957cc14.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=90-200 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 15, '6fe1389341153453b9554b4077a8687a.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=-10 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 16, '542f1c70ac831abf9c758a501d3f2c65.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=-500 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 17, 'b35030e1dd488b98f2a4abea8267db9a.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=100- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 18, 'fefda520b65bde7c56c5b0d92cf91e2d.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=20-10 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 19, '66ae55060485f422c2c2e0e42bc08c51.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 20, '16e66c8fd2b0d6269bd642e2db7218d8.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "max-age=60" is fresh for 60 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 21, 'f7bcfdb027e1ad717bb914b6f206064c.d41d8cd98f00b204e9800998ecf8427e', 'Range lines=1-2 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 22, '9038d085d69d31a532016bf4b4801014.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "public, max-age=60" is fresh for 60 s', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 23, 'cebe88e6049ccb6fd1ee4b98264fffb9.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "max-age=60, s-maxage=600" is fresh for 600 s', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 24, '0c36e913b0a775c8e07d493036df68e7.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "no-store" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 25, 'fd4a0f26d662e11ddc9df35908d80989.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "no-cache, max-age=60" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 26, '9161a0d281b478baae14e6112b6d7ff6.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (1, 27, '45513dff47c83b9982af63f7c8cb7f10.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "private, max-age=60" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 0, 'e96df37b1faf6e833747d85cb80a9053.d41d8cd98f00b204e9800998ecf8427e', 'The installed service is healthy', 'delivery', 'passed', NULL, false, 23, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 1, '5928a3e1169cde02069a8635cccd0601.d41d8cd98f00b204e9800998ecf8427e', 'It tells the version of its package', 'delivery', 'passed', NULL, false, 6, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 2, 'e9b9031437eb499fde572e368cecdd2d.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the whole file', 'delivery', 'passed', NULL, false, 3, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 3, '6dae2e30d4949daa4f7d17d0943a6369.d41d8cd98f00b204e9800998ecf8427e', 'What does not exist is 404', 'delivery', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 4, '0fc719a19cb97869133616f7e71e9604.d41d8cd98f00b204e9800998ecf8427e', 'Answers may be cached', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 5, 'e0098a2178571f4b89cb5b903c2e614b.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=0-99', 'delivery', 'passed', NULL, false, 5, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 6, '4e17b430082b51ae35f8a9b3ef820a7d.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=1000-', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 7, '753e3d7750b33472be79c2222881c9f3.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=-5', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 8, '0939b94d303df631ae09777859531df7.d41d8cd98f00b204e9800998ecf8427e', 'It delivers the part bytes=0-9999', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 9, '167c63186b025475d3b090db9a2d3337.d41d8cd98f00b204e9800998ecf8427e', 'A part beyond the end is 416', 'delivery', 'passed', NULL, false, 2, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 10, '13c574a0b85ccdb7d797f4b926737487.d41d8cd98f00b204e9800998ecf8427e', 'Delivery over HTTP/3', 'delivery', 'skipped', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 11, 'c04e67dea7e97c79afa50269a4a0f679.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=0-0 of 100 bytes', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 12, '3232536427c82af13a18dd57e5e707b2.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=0- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 13, 'ee35faee94bc194658a44930417d38f6.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=10-19 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 14, 'bb0a10056f43d8d0e21661775957cc14.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=90-200 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 15, '6fe1389341153453b9554b4077a8687a.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=-10 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 16, '542f1c70ac831abf9c758a501d3f2c65.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=-500 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 17, 'b35030e1dd488b98f2a4abea8267db9a.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=100- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 18, 'fefda520b65bde7c56c5b0d92cf91e2d.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=20-10 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 19, '66ae55060485f422c2c2e0e42bc08c51.d41d8cd98f00b204e9800998ecf8427e', 'Range bytes=- of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 20, '16e66c8fd2b0d6269bd642e2db7218d8.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "max-age=60" is fresh for 60 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 21, 'f7bcfdb027e1ad717bb914b6f206064c.d41d8cd98f00b204e9800998ecf8427e', 'Range lines=1-2 of 100 bytes', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 22, '9038d085d69d31a532016bf4b4801014.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "public, max-age=60" is fresh for 60 s', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 23, 'cebe88e6049ccb6fd1ee4b98264fffb9.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "max-age=60, s-maxage=600" is fresh for 600 s', 'rules', 'passed', NULL, false, 1, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 24, '0c36e913b0a775c8e07d493036df68e7.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "no-store" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 25, 'fd4a0f26d662e11ddc9df35908d80989.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "no-cache, max-age=60" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 26, '9161a0d281b478baae14e6112b6d7ff6.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);
INSERT INTO public.test_results VALUES (2, 27, '45513dff47c83b9982af63f7c8cb7f10.d41d8cd98f00b204e9800998ecf8427e', 'Cache-Control "private, max-age=60" is fresh for 0 s', 'rules', 'passed', NULL, false, 0, 0, NULL, NULL);

INSERT INTO public.timetable VALUES ('expired sessions', '2026-11-22 00:00:00+00');

INSERT INTO public.used_codes VALUES (58000000);

INSERT INTO public.user_sessions VALUES (1, 'admin', 'b8f12b4f30e730f68be5a500b7aa4dd37e5d99de5b28c32e1a3beb03621645e9', true, '127.0.0.1', 'node', '2026-11-21 22:11:21.629+00', '2026-11-21 22:11:21.629+00', '2026-11-22 22:11:21.627+00', 'password', '{}');
INSERT INTO public.user_sessions VALUES (2, 'li.wei@example.com', 'a54ef49dbcde7142ad29a704ae8578033439fdb17074cb6392f93057a845351a', false, '127.0.0.1', 'node', '2026-11-21 22:11:22.231+00', '2026-11-21 22:11:22.231+00', '2026-11-22 22:11:22.23+00', 'email', '{}');
INSERT INTO public.user_sessions VALUES (3, 'wang.fang@example.com', '450968a2b815158f04105b969b2c01774e78290c7f0b449a25f4aaf9ad61b2fc', false, '127.0.0.1', 'node', '2026-11-21 22:11:22.239+00', '2026-11-21 22:11:22.239+00', '2026-11-22 22:11:22.238+00', 'email', '{}');

SELECT pg_catalog.setval('public.api_tokens_id_seq', 1, true);

SELECT pg_catalog.setval('public.audit_log_id_seq', 19, true);

SELECT pg_catalog.setval('public.build_info_id_seq', 2, true);

SELECT pg_catalog.setval('public.deploy_test_runs_id_seq', 4, true);

SELECT pg_catalog.setval('public.deploy_test_steps_id_seq', 11, true);

SELECT pg_catalog.setval('public.environments_id_seq', 2, true);

SELECT pg_catalog.setval('public.job_version_history_id_seq', 1, true);

SELECT pg_catalog.setval('public.job_version_selections_id_seq', 1, true);

SELECT pg_catalog.setval('public.notifications_id_seq', 2, true);

SELECT pg_catalog.setval('public.parameter_set_versions_id_seq', 2, true);

SELECT pg_catalog.setval('public.parameter_sets_id_seq', 2, true);

SELECT pg_catalog.setval('public.run_environments_id_seq', 3, true);

SELECT pg_catalog.setval('public.script_bundles_id_seq', 1, true);

SELECT pg_catalog.setval('public.test_items_id_seq', 2, true);

SELECT pg_catalog.setval('public.user_sessions_id_seq', 3, true);

ALTER TABLE ONLY pgboss.bam
    ADD CONSTRAINT bam_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgboss.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (name, id);

ALTER TABLE ONLY pgboss.job_common
    ADD CONSTRAINT job_common_pkey PRIMARY KEY (name, id);

ALTER TABLE ONLY pgboss.job_dependency
    ADD CONSTRAINT job_dependency_pkey PRIMARY KEY (child_name, child_id, parent_name, parent_id);

ALTER TABLE ONLY pgboss.queue
    ADD CONSTRAINT queue_pkey PRIMARY KEY (name);

ALTER TABLE ONLY pgboss.queue_stats
    ADD CONSTRAINT queue_stats_pkey PRIMARY KEY (id, captured_on);

ALTER TABLE ONLY pgboss.queue_stats_20261121
    ADD CONSTRAINT queue_stats_20261121_pkey PRIMARY KEY (id, captured_on);

ALTER TABLE ONLY pgboss.queue_stats_20261122
    ADD CONSTRAINT queue_stats_20261122_pkey PRIMARY KEY (id, captured_on);

ALTER TABLE ONLY pgboss.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (name, key);

ALTER TABLE ONLY pgboss.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (event, name);

ALTER TABLE ONLY pgboss.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (version);

ALTER TABLE ONLY pgboss.warning
    ADD CONSTRAINT warning_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.build_info
    ADD CONSTRAINT build_info_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deploy_test_steps
    ADD CONSTRAINT deploy_test_steps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job_version_history
    ADD CONSTRAINT job_version_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job_version_selections
    ADD CONSTRAINT job_version_selections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.load_points
    ADD CONSTRAINT load_points_pkey PRIMARY KEY (run_id, "position", nth);

ALTER TABLE ONLY public.login_attempts
    ADD CONSTRAINT login_attempts_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT login_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parameter_set_versions
    ADD CONSTRAINT parameter_set_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parameter_sets
    ADD CONSTRAINT parameter_sets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.run_environments
    ADD CONSTRAINT run_environments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.run_logs
    ADD CONSTRAINT run_logs_pkey PRIMARY KEY (run_id, "position");

ALTER TABLE ONLY public.script_bundles
    ADD CONSTRAINT script_bundles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.system_settings
    ADD CONSTRAINT system_settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.test_comparisons
    ADD CONSTRAINT test_comparisons_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.test_items
    ADD CONSTRAINT test_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.test_results
    ADD CONSTRAINT test_results_pkey PRIMARY KEY (run_id, "position");

ALTER TABLE ONLY public.timetable
    ADD CONSTRAINT timetable_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.used_codes
    ADD CONSTRAINT used_codes_pkey PRIMARY KEY (step);

ALTER TABLE ONLY public.user_sessions
    ADD CONSTRAINT user_sessions_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX job_common_i1 ON pgboss.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'created'::pgboss.job_state) AND (policy = 'short'::text));

CREATE INDEX job_common_i10 ON pgboss.job_common USING btree (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE ((state < 'active'::pgboss.job_state) AND (NOT blocked) AND (policy = 'key_strict_fifo'::text));

CREATE INDEX job_common_i11 ON pgboss.job_common USING btree (name, priority DESC, created_on, start_after) WHERE ((state < 'active'::pgboss.job_state) AND (NOT blocked));

CREATE INDEX job_common_i12 ON pgboss.job_common USING btree (source_root_id) WHERE (source_root_id IS NOT NULL);

CREATE UNIQUE INDEX job_common_i2 ON pgboss.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'active'::pgboss.job_state) AND (policy = 'singleton'::text));

CREATE UNIQUE INDEX job_common_i3 ON pgboss.job_common USING btree (name, state, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::pgboss.job_state) AND (policy = 'stately'::text));

CREATE UNIQUE INDEX job_common_i4 ON pgboss.job_common USING btree (name, singleton_on, COALESCE(singleton_key, ''::text)) WHERE ((state <> 'cancelled'::pgboss.job_state) AND (singleton_on IS NOT NULL));

CREATE UNIQUE INDEX job_common_i6 ON pgboss.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::pgboss.job_state) AND (policy = 'exclusive'::text));

CREATE INDEX job_common_i7 ON pgboss.job_common USING btree (name, group_id) WHERE ((state = 'active'::pgboss.job_state) AND (group_id IS NOT NULL));

CREATE UNIQUE INDEX job_common_i8 ON pgboss.job_common USING btree (name, singleton_key) WHERE ((state = ANY (ARRAY['active'::pgboss.job_state, 'retry'::pgboss.job_state, 'failed'::pgboss.job_state])) AND (policy = 'key_strict_fifo'::text));

CREATE INDEX job_common_i9 ON pgboss.job_common USING btree (name, id) WHERE (blocking AND (state = 'completed'::pgboss.job_state));

CREATE INDEX job_dep_parent_idx ON pgboss.job_dependency USING btree (parent_name, parent_id);

CREATE INDEX queue_stats_i1 ON ONLY pgboss.queue_stats USING btree (name, captured_on DESC) INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count);

CREATE INDEX queue_stats_20261121_name_captured_on_deferred_count_queued_idx ON pgboss.queue_stats_20261121 USING btree (name, captured_on DESC) INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count);

CREATE INDEX queue_stats_20261122_name_captured_on_deferred_count_queued_idx ON pgboss.queue_stats_20261122 USING btree (name, captured_on DESC) INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count);

CREATE INDEX warning_i1 ON pgboss.warning USING btree (created_on DESC);

CREATE UNIQUE INDEX api_tokens_name_key ON public.api_tokens USING btree (name);

CREATE UNIQUE INDEX api_tokens_token_hash_key ON public.api_tokens USING btree (token_hash);

CREATE INDEX audit_log_created_at_id_idx ON public.audit_log USING btree (created_at DESC, id DESC);

CREATE INDEX build_info_created_at_id_idx ON public.build_info USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX build_info_job_name_build_number_package_path_key ON public.build_info USING btree (job_name, build_number, package_path);

CREATE INDEX build_info_job_name_created_at_id_idx ON public.build_info USING btree (job_name, created_at DESC, id DESC);

CREATE INDEX build_info_search_text_idx ON public.build_info USING gin (search_text public.gin_trgm_ops);

CREATE INDEX deploy_test_runs_build_info_id_idx ON public.deploy_test_runs USING btree (build_info_id);

CREATE INDEX deploy_test_runs_environment_id_id_idx ON public.deploy_test_runs USING btree (environment_id, id DESC);

CREATE INDEX deploy_test_runs_finished_at_outcome_idx ON public.deploy_test_runs USING btree (finished_at, outcome);

CREATE UNIQUE INDEX deploy_test_runs_one_active_per_environment ON public.deploy_test_runs USING btree (environment_id) WHERE (status = ANY (ARRAY['DOWNLOADING'::public.run_status, 'DOWNLOADED'::public.run_status, 'TESTING'::public.run_status, 'MONITORING'::public.run_status]));

CREATE INDEX deploy_test_runs_outcome_id_idx ON public.deploy_test_runs USING btree (outcome, id DESC);

CREATE INDEX deploy_test_runs_parameter_set_id_idx ON public.deploy_test_runs USING btree (parameter_set_id);

CREATE INDEX deploy_test_runs_retry_of_idx ON public.deploy_test_runs USING btree (retry_of);

CREATE INDEX deploy_test_runs_script_bundle_idx ON public.deploy_test_runs USING btree (script_bundle, script_bundle_version) WHERE (script_bundle IS NOT NULL);

CREATE INDEX deploy_test_runs_status_id_idx ON public.deploy_test_runs USING btree (status, id);

CREATE INDEX deploy_test_runs_test_item_id_id_idx ON public.deploy_test_runs USING btree (test_item_id, id DESC);

CREATE INDEX deploy_test_runs_triggered_by_id_idx ON public.deploy_test_runs USING btree (triggered_by, id DESC);

CREATE UNIQUE INDEX deploy_test_steps_run_id_name_attempt_key ON public.deploy_test_steps USING btree (run_id, name, attempt);

CREATE UNIQUE INDEX environments_name_key ON public.environments USING btree (name);

CREATE INDEX job_version_history_build_id_idx ON public.job_version_history USING btree (build_id);

CREATE INDEX job_version_history_job_name_selected_at_id_idx ON public.job_version_history USING btree (job_name, selected_at DESC, id DESC);

CREATE UNIQUE INDEX job_version_selections_job_name_key ON public.job_version_selections USING btree (job_name);

CREATE INDEX job_version_selections_last_sync_time_idx ON public.job_version_selections USING btree (last_sync_time);

CREATE INDEX job_version_selections_selected_build_id_idx ON public.job_version_selections USING btree (selected_build_id);

CREATE INDEX login_links_expires_at_idx ON public.login_links USING btree (expires_at);

CREATE UNIQUE INDEX notifications_message_id_key ON public.notifications USING btree (message_id);

CREATE INDEX notifications_run_id_idx ON public.notifications USING btree (run_id);

CREATE INDEX notifications_status_id_idx ON public.notifications USING btree (status, id DESC);

CREATE UNIQUE INDEX parameter_set_versions_parameter_set_id_version_key ON public.parameter_set_versions USING btree (parameter_set_id, version);

CREATE UNIQUE INDEX parameter_sets_name_key ON public.parameter_sets USING btree (name);

CREATE INDEX run_environments_environment_id_id_idx ON public.run_environments USING btree (environment_id, id DESC);

CREATE UNIQUE INDEX run_environments_one_holder ON public.run_environments USING btree (environment_id) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX run_environments_run_id_attempt_position_key ON public.run_environments USING btree (run_id, attempt, "position");

CREATE INDEX run_environments_until_idx ON public.run_environments USING btree (COALESCE(released_at, ended_at));

CREATE UNIQUE INDEX script_bundles_name_sha256_key ON public.script_bundles USING btree (name, sha256);

CREATE UNIQUE INDEX script_bundles_name_version_key ON public.script_bundles USING btree (name, version);

CREATE INDEX script_bundles_sha256_idx ON public.script_bundles USING btree (sha256);

CREATE INDEX test_items_associated_job_name_idx ON public.test_items USING btree (associated_job_name);

CREATE INDEX test_items_associated_parameter_set_id_idx ON public.test_items USING btree (associated_parameter_set_id);

CREATE UNIQUE INDEX test_items_name_key ON public.test_items USING btree (name);

CREATE INDEX test_results_test_key_run_id_idx ON public.test_results USING btree (test_key, run_id);

CREATE INDEX test_results_told ON public.test_results USING btree (run_id, "position") WHERE ((status = ANY (ARRAY['failed'::public.test_status, 'broken'::public.test_status])) OR (change IS NOT NULL) OR flaky);

CREATE INDEX user_sessions_email_idx ON public.user_sessions USING btree (email);

CREATE INDEX user_sessions_expires_at_idx ON public.user_sessions USING btree (expires_at);

CREATE UNIQUE INDEX user_sessions_token_hash_key ON public.user_sessions USING btree (token_hash);

ALTER INDEX pgboss.job_pkey ATTACH PARTITION pgboss.job_common_pkey;

ALTER INDEX pgboss.queue_stats_i1 ATTACH PARTITION pgboss.queue_stats_20261121_name_captured_on_deferred_count_queued_idx;

ALTER INDEX pgboss.queue_stats_pkey ATTACH PARTITION pgboss.queue_stats_20261121_pkey;

ALTER INDEX pgboss.queue_stats_i1 ATTACH PARTITION pgboss.queue_stats_20261122_name_captured_on_deferred_count_queued_idx;

ALTER INDEX pgboss.queue_stats_pkey ATTACH PARTITION pgboss.queue_stats_20261122_pkey;

ALTER TABLE ONLY pgboss.job_common
    ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY pgboss.job_common
    ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY pgboss.queue
    ADD CONSTRAINT queue_dead_letter_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue(name);

ALTER TABLE ONLY pgboss.schedule
    ADD CONSTRAINT schedule_name_fkey FOREIGN KEY (name) REFERENCES pgboss.queue(name) ON DELETE CASCADE;

ALTER TABLE ONLY pgboss.subscription
    ADD CONSTRAINT subscription_name_fkey FOREIGN KEY (name) REFERENCES pgboss.queue(name) ON DELETE CASCADE;

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_build_info_id_fkey FOREIGN KEY (build_info_id) REFERENCES public.build_info(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environments(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_parameter_set_id_fkey FOREIGN KEY (parameter_set_id) REFERENCES public.parameter_sets(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.deploy_test_runs
    ADD CONSTRAINT deploy_test_runs_test_item_id_fkey FOREIGN KEY (test_item_id) REFERENCES public.test_items(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.deploy_test_steps
    ADD CONSTRAINT deploy_test_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.job_version_history
    ADD CONSTRAINT job_version_history_build_id_fkey FOREIGN KEY (build_id) REFERENCES public.build_info(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.job_version_selections
    ADD CONSTRAINT job_version_selections_selected_build_id_fkey FOREIGN KEY (selected_build_id) REFERENCES public.build_info(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.load_points
    ADD CONSTRAINT load_points_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.parameter_set_versions
    ADD CONSTRAINT parameter_set_versions_parameter_set_id_fkey FOREIGN KEY (parameter_set_id) REFERENCES public.parameter_sets(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.run_environments
    ADD CONSTRAINT run_environments_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environments(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.run_environments
    ADD CONSTRAINT run_environments_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.run_logs
    ADD CONSTRAINT run_logs_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.test_comparisons
    ADD CONSTRAINT test_comparisons_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.test_items
    ADD CONSTRAINT test_items_associated_parameter_set_id_fkey FOREIGN KEY (associated_parameter_set_id) REFERENCES public.parameter_sets(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public.test_results
    ADD CONSTRAINT test_results_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.deploy_test_runs(id) ON UPDATE CASCADE ON DELETE CASCADE;
