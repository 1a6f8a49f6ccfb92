package dev.nordfaas.config;

/** Meanings and patterns of the keys of an S3-compatible store, shared by its uses. */
final class StoreKeys {
  static final String ENDPOINT = "Host of the store, with its port if that is not 443; TLS only.";
  static final String ENDPOINT_PATTERN = Patterns.AUTHORITY;
  static final String ENDPOINT_HINT = "a host with or without port, such as s3.example.no";
  static final String ENDPOINT_EXAMPLE = "s3.example.no";

  static final String CA =
      "PEM certificates of the authorities that issued the store's own certificate. Default: those that the image trusts.";
  static final String CA_EXAMPLE = "-----BEGIN CERTIFICATE-----";

  static final String REGION = "Region, as the store names it.";
  static final String REGION_DEFAULT = "us-east-1";
  static final String REGION_PATTERN = "[a-z0-9-]{1,63}";
  static final String REGION_HINT = "a region, such as no-oslo-1";

  static final String BUCKET = "Bucket; it has to exist.";
  static final String BUCKET_PATTERN = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
  static final String BUCKET_HINT = "a bucket's name, such as nordfaas-backup";

  static final String FOLDER_PATTERN = "[A-Za-z0-9_-]{1,63}";
  static final String FOLDER_HINT = "letters, digits, '-' and '_', such as oslo";

  static final String ACCESS_KEY = "Access key (secret).";
  static final String SECRET_KEY = "Secret key (secret).";

  private StoreKeys() {}
}
