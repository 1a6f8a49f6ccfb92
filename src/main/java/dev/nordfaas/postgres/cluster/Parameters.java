package dev.nordfaas.postgres.cluster;

import dev.nordfaas.postgres.Settings;
import java.util.Map;
import java.util.Set;

/**
 * The settings of the single instance that also apply to the cluster: all except those that the
 * operator sets itself and does not accept (CloudNativePG, {@code FixedConfigurationParameters} of
 * {@code pkg/postgres/configuration.go}, and what {@code pooler_webhook.go} does not list).
 */
final class Parameters {
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

  static Map<String, String> ofServer(Settings settings) {
    return settings.values(OF_SERVER);
  }

  static Map<String, String> ofPooler(Settings settings) {
    return settings.values(OF_POOLER);
  }
}
