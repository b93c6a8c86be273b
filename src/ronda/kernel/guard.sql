-- The guard: the one function every row policy asks. It is owned by a role nobody can log in as; the key table is
-- readable by that role alone. A token that is missing, forged, stale or of another connection is an error, never an
-- empty answer.
CREATE SCHEMA IF NOT EXISTS guard AUTHORIZATION ronda_guard;
CREATE TABLE IF NOT EXISTS guard.key (
    kid integer PRIMARY KEY,
    ik bytea NOT NULL,  -- key xor ipad
    ok bytea NOT NULL   -- key xor opad
);
ALTER TABLE guard.key OWNER TO ronda_guard;
REVOKE ALL ON guard.key FROM PUBLIC, ronda_web;

CREATE OR REPLACE FUNCTION guard.claims() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t text := current_setting('ronda.scope', true);
    c text[];
    i bytea;
    o bytea;
BEGIN
    c := string_to_array(t, '|');  -- v1|kid|agency|kind|lo|hi|classes|person|expires|pid|signature
    IF t IS NULL OR array_length(c, 1) IS DISTINCT FROM 11 OR c[1] <> 'v1'
       OR c[2] !~ '^[0-9]{1,6}$' OR c[9] !~ '^[0-9]{1,12}$' THEN
        RAISE insufficient_privilege USING MESSAGE = 'ronda: a statement needs a scope';
    END IF;
    SELECT ik, ok INTO i, o FROM guard.key WHERE kid = c[2]::int;
    IF i IS NULL OR encode(sha256(o || sha256(i || convert_to(left(t, length(t) - length(c[11]) - 1), 'UTF8'))), 'hex')
                    IS DISTINCT FROM c[11] THEN
        RAISE insufficient_privilege USING MESSAGE = 'ronda: the scope is not signed by this node';
    END IF;
    IF c[10] <> pg_backend_pid()::text OR c[9]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'ronda: the scope has expired or belongs to another connection';
    END IF;
    RETURN c;
END $$;
ALTER FUNCTION guard.claims() OWNER TO ronda_guard;

CREATE OR REPLACE FUNCTION guard.drop_policies(wanted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record;
BEGIN
    FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = wanted LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', p.policyname, wanted);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC;
GRANT USAGE ON SCHEMA guard TO ronda_web;
GRANT EXECUTE ON FUNCTION guard.claims() TO ronda_web;
