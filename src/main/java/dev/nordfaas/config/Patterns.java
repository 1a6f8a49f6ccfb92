package dev.nordfaas.config;

/** Regular expressions that several keys share, and their wording in errors. */
final class Patterns {
  /** RFC 1123 label, the rule of Kubernetes object names. */
  static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  static final String DNS_LABEL_HINT =
      "lower-case letters, digits and '-', at most 63 characters, such as order-processor";

  /** The name of a Kubernetes Service, with room for the suffix of its worker, {@code -worker}. */
  static final String FUNCTION = "[a-z]([-a-z0-9]{0,54}[a-z0-9])?";

  static final String FUNCTION_HINT =
      "a letter, then lower-case letters, digits and '-', at most 56 characters, such as order-processor";

  /** Below the project's folder, and without what only some programs expand. */
  static final String FUNCTION_FILE =
      "(?=.{1,255}$)(?!/)(?!.*//)(?!(.*/)?\\.\\.?/)[^\\\\\\[\\]{}\\x00-\\x1f]*\\.ya?ml";

  static final String FUNCTION_FILE_HINT =
      "a path below the folder of Pulumi.yaml that ends in .yaml or .yml, such as functions/*.yaml";

  /**
   * The limit of DNS names, and long enough for everything else with a repeated group: Java matches
   * those by recursion, and would overflow its stack.
   */
  private static final String AT_MOST_253 = "(?=.{1,253}$)";

  /** A name of at most 15 bytes (source: Linux, {@code IFNAMSIZ}). */
  static final String INTERFACE = "[a-zA-Z][a-zA-Z0-9._-]{0,14}";

  static final String INTERFACE_HINT = "the name of a network interface, such as eth0";

  /** Kubernetes' qualified name: that of a label, an annotation or a taint. */
  static final String QUALIFIED_NAME =
      "((?=[^/]{1,253}/)"
          + DNS_LABEL
          + "(\\."
          + DNS_LABEL
          + ")*/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";

  static final String LABEL_VALUE = "([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";

  /** A taint as kubectl writes it. */
  static final String TAINT =
      QUALIFIED_NAME + "(=" + LABEL_VALUE + ")?:(NoSchedule|PreferNoSchedule|NoExecute)";

  static final String TAINT_HINT =
      "a taint as kubectl writes it, such as example.no/gpu=true:NoSchedule";

  static final String DNS_NAME = AT_MOST_253 + DNS_LABEL + "(\\." + DNS_LABEL + ")*";
  static final String DNS_NAME_HINT = "a DNS name, such as faas.oslo.example.no";

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /** Without leading zeros, which some programs take for octal. */
  static final String IPV4 = "(" + OCTET + "\\.){3}" + OCTET;

  private static final String HEX = "[0-9a-fA-F]{1,4}";

  private static final String MORE_HEX = "(:" + HEX + ")";

  /** Eight groups, or fewer around one {@code ::}; not the forms that end like IPv4. */
  static final String IPV6 =
      "(("
          + HEX
          + ":){7}("
          + HEX
          + "|:)|:"
          + MORE_HEX
          + "{7}"
          + "|(?=([0-9a-fA-F]*:){2,7}[0-9a-fA-F]*$)(("
          + HEX
          + ":){1,6}|:)("
          + MORE_HEX
          + "{1,6}|:))";

  private static final String HOST_LABEL = "[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?";

  /** An IP address, or a host name; a name does not end in a number. */
  static final String HOST =
      "("
          + IPV4
          + "|"
          + IPV6
          + "|"
          + AT_MOST_253
          + "("
          + HOST_LABEL
          + "\\.)*(?![0-9]+$)"
          + HOST_LABEL
          + ")";

  static final String HOST_HINT = "a host name or an IP address, such as 192.0.2.10";

  /** A TCP port: 1 to 65535, without leading zeros. */
  static final String PORT =
      "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

  /**
   * A host as in a URL, with its port or without. No IPv6 address: it would need brackets, which
   * not all programs understand.
   */
  static final String AUTHORITY =
      "("
          + IPV4
          + "|(?=[^/:]{1,253}([/:]|$))("
          + HOST_LABEL
          + "\\.)*(?![0-9]+([/:]|$))"
          + HOST_LABEL
          + ")(:"
          + PORT
          + ")?";

  static final String HTTPS_URL = "https://" + AUTHORITY + "(/[A-Za-z0-9._~/-]*)?";

  static final String HTTPS_URL_HINT = "an https URL, such as https://mirror.example.no";

  /** In lower case, and with the scheme's own port left out, as browsers send it. */
  static final String ORIGIN =
      "(https://(?![^:]*:443$)|http://(?![^:]*:80$))("
          + IPV4
          + "|(?=[^/:]{1,253}(:|$))("
          + DNS_LABEL
          + "\\.)*(?![0-9]+(:|$))"
          + DNS_LABEL
          + ")(:"
          + PORT
          + ")?";

  static final String ORIGIN_HINT = "the origin of a page, such as https://app.example.no";

  /**
   * A URL of an issuer of tokens, which may have characters that ours do not; one that names the
   * issuer has to fit a header.
   */
  static final String ISSUER_URL =
      "(?=.{1,256}$)https://" + AUTHORITY + "(/[A-Za-z0-9._~/%:@+-]{0,256})?";

  static final String ISSUER_URL_HINT =
      "an https URL of at most 256 characters without a query, such as https://issuer.example.no/";

  /** What a Caddyfile takes as it is, in quotes: no quote, backslash or brace. */
  static final String VISIBLE = "[!#-\\[\\]-_a-z|~]{1,256}";

  static final String AUDIENCE_HINT =
      "visible ASCII without quotes, backslashes and braces, such as https://orders.example.no";
  static final String SCOPE_HINT =
      "visible ASCII without quotes, backslashes and braces, such as orders.write";

  /** What a token says of its subject, and who a certificate is for, may have spaces. */
  static final String TEXT = "[^\\x00-\\x1f\\x7f\"\\\\{}`]{1,256}";

  static final String CLAIM_VALUE_HINT =
      "text on one line without quotes, backslashes and braces, such as \"0192:991825827\"";
  static final String CERTIFICATE_SUBJECT_HINT =
      "the whole distinguished name of the certificate, or a DNS name, URI or e-mail address of it, without quotes, backslashes and braces, such as client.example.no";

  private static final String CLAIM_NAME = "[A-Za-z0-9_:/-]{1,128}";

  /** A claim, or one in an object that is a claim. */
  static final String CLAIM = CLAIM_NAME + "(\\." + CLAIM_NAME + "){0,4}";

  static final String CLAIM_HINT =
      "the name of a claim, with dots into objects, such as sub or consumer.ID";

  /** Those that take a public key to check: with others, whoever can check could also sign. */
  static final String SIGNATURE = "(RS|PS|ES)(256|384|512)|EdDSA";

  static final String SIGNATURE_HINT =
      "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA";

  /** ISO 3166-1 alpha-2. */
  static final String COUNTRY = "[A-Z]{2}";

  static final String COUNTRY_HINT = "two capital letters in quotes, such as \"NO\"";

  /** Meaning of the key {@code country} of everything that keeps data outside the cluster. */
  static final String COUNTRY_OF_STORE =
      "Country where it is located, as ISO 3166-1 alpha-2 code, in quotes. Has to be on the allow-list, like datacenter.country.";

  /** An image reference with a tag or a digest; {@code latest} and no tag at all are refused. */
  static final String IMAGE =
      "[a-z0-9][a-z0-9._/:-]*(?<![:/])(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@sha256:[0-9a-f]{64})";

  static final String IMAGE_HINT =
      "an image with a tag other than latest, or a digest, such as docker.io/library/nats:2.14.5";

  static final String USER = "[a-z_][a-z0-9_-]{0,31}";
  static final String USER_HINT = "a Linux user name, such as nordfaas";

  static final String SYSCTL = AT_MOST_253 + "[a-z0-9_]+(\\.[a-zA-Z0-9_-]+)+";
  static final String SYSCTL_HINT = "a sysctl name with dots, such as net.core.somaxconn";
  static final String SYSCTL_VALUE = "-?[0-9A-Za-z][0-9A-Za-z ,._-]*";
  static final String SYSCTL_VALUE_HINT = "a number or words, such as 8192 or \"1024 65535\"";

  /**
   * NATS stream and consumer names: no white space, dots, wildcards or path separators. The nats
   * command would take a leading {@code -} for an option.
   */
  static final String JETSTREAM_NAME = "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}";

  static final String JETSTREAM_NAME_HINT =
      "letters, digits, '_' and, except at the beginning, '-', at most 64 characters, such as order-processor";

  static final String SUBJECT = AT_MOST_253 + "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";
  static final String SUBJECT_HINT = "a subject without wildcards, such as orders.created";
  static final String SUBJECT_FILTER =
      AT_MOST_253 + "([A-Za-z0-9_-]+|\\*)(\\.([A-Za-z0-9_-]+|\\*))*(\\.>)?";
  static final String SUBJECT_FILTER_HINT =
      "a subject or a filter, such as orders.created or orders.>";

  /** An unquoted PostgreSQL identifier with room for the suffix of its roles, {@code _writer}. */
  static final String DATABASE = "[a-z_][a-z0-9_]{0,51}";

  static final String DATABASE_HINT =
      "lower-case letters, digits and '_', at most 52 characters, such as orders";

  /** PostgreSQL silently truncates longer names. */
  static final String SCHEMA = "[a-z_][a-z0-9_]{0,62}";

  static final String SCHEMA_HINT =
      "lower-case letters, digits and '_', at most 63 characters, such as sales";

  static final String ENV_NAME = "[A-Za-z_][A-Za-z0-9_]*";
  static final String ENV_NAME_HINT = "an environment variable's name, such as LOG_LEVEL";

  /** A key of a Kubernetes Secret that is also a file name: without a leading dot. */
  static final String SECRET_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";

  static final String SECRET_NAME_HINT =
      "lower-case letters, digits, '-' and '.', at most 63 characters, such as api-key";

  static final String LABEL_KEY_HINT = "a Kubernetes label key, such as example.no/rack";
  static final String ANNOTATION_KEY_HINT = "a Kubernetes annotation key, such as example.no/owner";
  static final String LABEL_VALUE_HINT = "a Kubernetes label value, such as rack-1";

  static final String PATH = "/[A-Za-z0-9_.~/-]*";
  static final String PATH_HINT = "a path that begins with '/', such as /orders";

  /** Fewer characters than HTTP allows; {@code *} would stand for any header. */
  static final String HEADER = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";

  static final String HEADER_HINT = "the name of a header, such as Content-Type";

  static final String HTTP_METHOD = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS";
  static final String HTTP_METHOD_HINT = "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS";

  static final String FILE = "[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*";
  static final String FILE_HINT =
      "a relative path, such as functions/order-processor/order.schema.json";
  static final String FOLDER = "[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*";
  static final String FOLDER_HINT = "a relative path in the project, without '..'";

  /** A path on the machine that runs Pulumi; relative to the project's folder unless absolute. */
  static final String LOCAL_FILE = "[A-Za-z0-9_.~/+@-]{1,1024}";

  /** Debian policy, 5.6.1. */
  static final String PACKAGE = "[a-z0-9][a-z0-9+.-]{1,100}";

  static final String PACKAGE_HINT = "the name of a Debian package without a version, such as htop";

  static final String ABSOLUTE_PATH = AT_MOST_253 + "(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@+:-]+)+";
  static final String ABSOLUTE_PATH_HINT = "an absolute path of a file, such as /etc/cron.d/report";

  static final String SHA256 = "[0-9a-f]{64}";
  static final String SHA256_HINT =
      "64 hexadecimal digits (0-9, a-f), as in the release's sha256sum file";

  static final String DAY = "20[0-9]{2}-[01][0-9]-[0-3][0-9]";
  static final String DAY_HINT = "a date in quotes, such as \"2026-11-25\"";

  static final String TIME_ZONE = AT_MOST_253 + "[A-Za-z]+(/[A-Za-z0-9_+-]+)*";
  static final String TIME_ZONE_HINT = "a time zone from the IANA database, such as Europe/Oslo";

  static final String INSTANT = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";
  static final String INSTANT_HINT =
      "a time in UTC, to the second, in quotes, such as \"2027-01-31T22:59:59Z\"";

  private Patterns() {}
}
