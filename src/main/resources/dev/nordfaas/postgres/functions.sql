-- Functions for roles.sql, which includes this file.
\ir session.sql

CREATE FUNCTION pg_temp.ensure_role(role text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
    EXECUTE format('CREATE ROLE %I', role);
  END IF;
  EXECUTE format(
    'ALTER ROLE %I INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
END $$;

CREATE FUNCTION pg_temp.ensure_group(role text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.ensure_role(role);
  EXECUTE format('ALTER ROLE %I NOLOGIN', role);
  RETURN role;
END $$;

-- Sets the password only if it differs. Each time it is set, PostgreSQL generates a new verifier,
-- and PgBouncer can no longer open server connections with what it has cached of the old one.
-- The comment tells a later run which password the verifier is for: it is a digest of both, from
-- which 165 random bits cannot be recovered.
CREATE FUNCTION pg_temp.ensure_login(role text, password text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  id oid;
  verifier text;
  mark text;
BEGIN
  IF coalesce(password, '') = '' THEN
    RAISE EXCEPTION 'role % has no password in the environment', role;
  END IF;
  PERFORM pg_temp.ensure_role(role);
  EXECUTE format('ALTER ROLE %I LOGIN', role);
  SELECT oid, rolpassword INTO id, verifier FROM pg_authid WHERE rolname = role;
  mark := 'nordfaas ' || encode(sha256(convert_to(password || verifier, 'UTF8')), 'hex');
  IF verifier IS NULL OR mark IS DISTINCT FROM shobj_description(id, 'pg_authid') THEN
    EXECUTE format('ALTER ROLE %I PASSWORD %L', role, password);
    SELECT rolpassword INTO verifier FROM pg_authid WHERE oid = id;
    mark := 'nordfaas ' || encode(sha256(convert_to(password || verifier, 'UTF8')), 'hex');
    EXECUTE format('COMMENT ON ROLE %I IS %L', role, mark);
    RETURN role || ': password set';
  END IF;
  RETURN role || ': unchanged';
END $$;

-- Does not touch a role that already has it: each change of a role makes others read it again.
CREATE FUNCTION pg_temp.ensure_valid_until(role text, until timestamptz) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_roles
      WHERE rolname = role AND coalesce(rolvaliduntil, 'infinity') IS DISTINCT FROM until) THEN
    EXECUTE format('ALTER ROLE %I VALID UNTIL %L', role, until);
  END IF;
END $$;

-- Gives a role with a superseded password some time, which further runs do not extend; an expired
-- one can no longer log in.
CREATE FUNCTION pg_temp.let_expire(role text, overlap interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz;
BEGIN
  SELECT coalesce(rolvaliduntil, 'infinity') INTO until
    FROM pg_roles WHERE rolname = role AND rolcanlogin;
  IF NOT FOUND THEN
    RETURN role || ': cannot log in';
  END IF;
  IF until <= now() THEN
    EXECUTE format('ALTER ROLE %I NOLOGIN', role);
    RETURN role || ': expired';
  END IF;
  IF until > now() + overlap THEN
    EXECUTE format('ALTER ROLE %I VALID UNTIL %L', role, now() + overlap);
  END IF;
  RETURN role || ': expires';
END $$;
