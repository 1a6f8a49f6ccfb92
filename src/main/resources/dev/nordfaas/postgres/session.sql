-- How all scripts run.
\set ON_ERROR_STOP on
-- Without the text of the statement in error messages: it may hold a password.
\set VERBOSITY terse
\set SHOW_CONTEXT never
\pset tuples_only on
