package dev.nordfaas.postgres.cluster;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings of the single instance that hold for the cluster too: all but those that the
 * operator sets itself and refuses from anybody else (CloudNativePG, {@code
 * FixedConfigurationParameters} of {@code pkg/postgres/configuration.go}, and what {@code
 * pooler_webhook.go} does not list).
 */
final class Parameters {
  private static final Pattern LINE = Pattern.compile("([a-z0-9_]+) = ?'?([^']*)'?");

  private static final Set<String> OF_SERVER =
      Set.of(
          "archive_command",
          "archive_mode",
          "config_file",
          "hba_file",
          "listen_addresses",
          "log_destination",
          "logging_collector",
          "port",
          "ssl",
          "ssl_ca_file",
          "ssl_cert_file",
          "ssl_key_file",
          "ssl_prefer_server_ciphers",
          "unix_socket_directories");

  private static final Set<String> OF_POOLER =
      Set.of(
          "admin_users",
          "auth_dbname",
          "auth_file",
          "auth_hba_file",
          "auth_query",
          "auth_type",
          "auth_user",
          "client_tls_ca_file",
          "client_tls_cert_file",
          "client_tls_key_file",
          "client_tls_protocols",
          "listen_addr",
          "listen_port",
          "pool_mode",
          "server_tls_ca_file",
          "server_tls_cert_file",
          "server_tls_key_file",
          "stats_users",
          "unix_socket_dir");

  private Parameters() {}

  /** Out of a {@code postgresql.conf}. */
  static Map<String, String> ofServer(String conf) {
    return read(conf, OF_SERVER);
  }

  /** Out of a {@code pgbouncer.ini}, of its section {@code [pgbouncer]}. */
  static Map<String, String> ofPooler(String ini) {
    return read(ini.substring(ini.indexOf("[pgbouncer]")), OF_POOLER);
  }

  private static Map<String, String> read(String file, Set<String> operators) {
    var parameters = new TreeMap<String, String>();
    for (var line : file.lines().toList()) {
      var matcher = LINE.matcher(line.strip());
      if (matcher.matches() && !operators.contains(matcher.group(1))) {
        parameters.put(matcher.group(1), matcher.group(2));
      }
    }
    return parameters;
  }
}
