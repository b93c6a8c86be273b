-- Ronda's roles. Run once by the superuser; repeating it changes nothing.
-- ronda_own    owns the database and runs migrations, never the web process
-- ronda_guard  owns the signing key of scope tokens and the function that checks them; nobody logs in as it
-- ronda_web    the application: owns nothing, is a member of nothing, bypasses nothing
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ronda_guard') THEN
    CREATE ROLE ronda_guard NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ronda_own') THEN
    CREATE ROLE ronda_own LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ronda_web') THEN
    CREATE ROLE ronda_web LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
END $$;
GRANT ronda_guard TO ronda_own;

ALTER ROLE ronda_web CONNECTION LIMIT 60;
ALTER ROLE ronda_web SET temp_file_limit = '64MB';
ALTER ROLE ronda_web SET lock_timeout = '200ms';
ALTER ROLE ronda_web SET statement_timeout = '5s';
ALTER ROLE ronda_web SET idle_in_transaction_session_timeout = '10s';
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    ALTER ROLE ronda_web SET transaction_timeout = '15s';
  END IF;
END $$;
