-- Settings of all scripts.
\set ON_ERROR_STOP on
-- No statement text in error messages: it may contain a password.
\set VERBOSITY terse
\set SHOW_CONTEXT never
\pset tuples_only on
