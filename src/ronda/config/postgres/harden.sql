-- Closes what a weak role could use to see, disturb or outlast other sessions. Run by the superuser in
-- template1 (so that every database created later is born closed) and in each existing database.
-- Repeating it changes nothing. The cast of roles is in roles.sql.

-- No temporary tables (they shadow real ones for the next user of a pooled connection), no DO blocks.
DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO ronda_own, ronda_web', current_database()); END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ronda_web, ronda_guard;
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql, sql TO ronda_own, ronda_guard;

-- Functions that read other sessions, count hidden rows, block, kill, signal, sleep, write WAL or store blobs.
DO $$
DECLARE f record;
BEGIN
  FOR f IN
    SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'pg_catalog' AND has_function_privilege('public', p.oid, 'EXECUTE') AND (
      p.proname ~ '^(lo_|lo(read|write|import|export|creat)|pg_stat_|pg_ls_|pg_read_|pg_sleep|pg_logical_|pg_current_wal|pg_last_)'
      OR p.proname ~ '(_advisory_|_to_xml|_to_xmlschema|_to_xml_and_xmlschema$)'
      OR p.proname ~ '^pg_.*_size$'
      OR p.proname IN (
        'pg_terminate_backend', 'pg_cancel_backend', 'pg_log_backend_memory_contexts', 'pg_notify',
        'pg_notification_queue_usage', 'pg_listening_channels', 'pg_export_snapshot', 'pg_lock_status',
        'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids', 'pg_isolation_test_session_is_blocked',
        'pg_prepared_xact', 'pg_get_replication_slots', 'pg_show_replication_origin_status',
        'pg_xact_commit_timestamp', 'pg_xact_commit_timestamp_origin', 'pg_last_committed_xact',
        'pg_relation_filepath', 'pg_relation_filenode', 'pg_filenode_relation', 'txid_status', 'pg_xact_status',
        'pg_postmaster_start_time', 'pg_conf_load_time', 'pg_get_wal_resource_managers'))
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ronda_own', f.signature);
  END LOOP;
END $$;

-- The views on the same things.
DO $$
DECLARE v record;
BEGIN
  FOR v IN
    SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'pg_catalog' AND c.relkind = 'v' AND (
      c.relname ~ '^pg_stat' OR c.relname IN (
        'pg_locks', 'pg_policies', 'pg_prepared_xacts', 'pg_replication_slots', 'pg_backend_memory_contexts',
        'pg_replication_origin_status', 'pg_publication_tables', 'pg_rules', 'pg_user', 'pg_group', 'pg_roles'))
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', v.name);
    EXECUTE format('GRANT SELECT ON %s TO ronda_own', v.name);
  END LOOP;
END $$;
REVOKE ALL ON pg_catalog.pg_policy, pg_catalog.pg_largeobject_metadata FROM PUBLIC;
GRANT SELECT ON pg_catalog.pg_policy TO ronda_own;

-- pg_class without the planner's row counts, which tell how many rows a scope cannot see.
DO $$
DECLARE kept text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO kept FROM pg_attribute
  WHERE attrelid = 'pg_catalog.pg_class'::regclass AND NOT attisdropped
    AND attname NOT IN ('reltuples', 'relpages', 'relallvisible', 'relallfrozen');
  REVOKE ALL ON pg_catalog.pg_class FROM PUBLIC;
  EXECUTE format('GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC', kept);
  GRANT SELECT ON pg_catalog.pg_class TO ronda_own;
END $$;
