-- Creates the extensions :'extensions' of this database. Their scripts run as the administrator, and find
-- what is in the schema that they go into, and in those of the extensions that they need.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE TEMPORARY TABLE missing AS
  SELECT wanted.name, coalesce(version.schema, 'extensions') AS schema, version.requires
    FROM unnest(:'extensions'::name[]) WITH ORDINALITY AS wanted (name, position)
    LEFT JOIN pg_available_extensions available ON available.name = wanted.name
    LEFT JOIN pg_available_extension_versions version
      ON version.name = wanted.name AND version.version = available.default_version
    WHERE wanted.name NOT IN (SELECT extname FROM pg_extension)
    ORDER BY wanted.position;
SELECT FROM (
  SELECT schema FROM pg_temp.missing
    UNION SELECT nspname FROM pg_temp.missing, pg_extension e, pg_namespace n
      WHERE e.extname = ANY (requires) AND n.oid = e.extnamespace) schemas,
  pg_temp.require_own_schema(schema);
SELECT format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I', name, schema) FROM pg_temp.missing \gexec
DROP TABLE pg_temp.missing;
