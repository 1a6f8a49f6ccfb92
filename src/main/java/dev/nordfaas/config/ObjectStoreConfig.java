package dev.nordfaas.config;

import java.util.List;
import java.util.Optional;

/**
 * A bucket of an S3-compatible store. All uses share these keys; the folder's default and owner
 * differ, and only PostgreSQL, which runs in a pod, needs the networks that it may connect to and
 * takes an authority of the store's own.
 */
public sealed interface ObjectStoreConfig {
  /** Host of the store, with its port if that is not 443. */
  String endpoint();

  /** Country where it is located, as ISO 3166-1 alpha-2 code. */
  String country();

  /** Region, as the store names it. */
  String region();

  /** Name of the bucket. */
  String bucket();

  /** Access key ID. */
  SecretValue accessKey();

  /** Secret access key. */
  SecretValue secretKey();

  /** TCP port of the store. */
  default int port() {
    return HttpsUrl.parse("https://" + endpoint()).port();
  }

  /** Where the snapshots of etcd go. */
  record EtcdStore(
      @Key(
              value = StoreKeys.ENDPOINT,
              pattern = StoreKeys.ENDPOINT_PATTERN,
              hint = StoreKeys.ENDPOINT_HINT,
              example = StoreKeys.ENDPOINT_EXAMPLE)
          String endpoint,
      @Key(
              value = Patterns.COUNTRY_OF_STORE,
              pattern = Patterns.COUNTRY,
              hint = Patterns.COUNTRY_HINT,
              example = "\"NO\"")
          String country,
      @Key(
              value = StoreKeys.REGION,
              defaultValue = StoreKeys.REGION_DEFAULT,
              pattern = StoreKeys.REGION_PATTERN,
              hint = StoreKeys.REGION_HINT)
          String region,
      @Key(
              value = StoreKeys.BUCKET,
              pattern = StoreKeys.BUCKET_PATTERN,
              hint = StoreKeys.BUCKET_HINT,
              example = "nordfaas-backup")
          String bucket,
      @Key(
              value =
                  "Folder in the bucket; by default the datacenter's name. It belongs to the first cluster that uses it: `up` of another one, such as from a copy of this config, is refused before K3s is installed.",
              pattern = StoreKeys.FOLDER_PATTERN,
              hint = StoreKeys.FOLDER_HINT)
          Optional<String> folder,
      @Key(StoreKeys.ACCESS_KEY) SecretValue accessKey,
      @Key(StoreKeys.SECRET_KEY) SecretValue secretKey)
      implements ObjectStoreConfig {}

  /** Where the backups and the WAL archive of PostgreSQL go. */
  record PostgresStore(
      @Key(
              value = StoreKeys.ENDPOINT,
              pattern = StoreKeys.ENDPOINT_PATTERN,
              hint = StoreKeys.ENDPOINT_HINT,
              example = StoreKeys.ENDPOINT_EXAMPLE)
          String endpoint,
      @Key(
              value = "Networks of the store's addresses; PostgreSQL may connect only to these.",
              notEmpty = true,
              example = "[198.51.100.0/24]")
          List<Cidr> cidrs,
      @Key(value = StoreKeys.CA, example = StoreKeys.CA_EXAMPLE) Optional<String> ca,
      @Key(
              value = Patterns.COUNTRY_OF_STORE,
              pattern = Patterns.COUNTRY,
              hint = Patterns.COUNTRY_HINT,
              example = "\"NO\"")
          String country,
      @Key(
              value = StoreKeys.REGION,
              defaultValue = StoreKeys.REGION_DEFAULT,
              pattern = StoreKeys.REGION_PATTERN,
              hint = StoreKeys.REGION_HINT)
          String region,
      @Key(
              value = StoreKeys.BUCKET,
              pattern = StoreKeys.BUCKET_PATTERN,
              hint = StoreKeys.BUCKET_HINT,
              example = "nordfaas-postgres")
          String bucket,
      @Key(
              value = "Folder in the bucket, for this stack only.",
              defaultValue = "postgres",
              pattern = StoreKeys.FOLDER_PATTERN,
              hint = StoreKeys.FOLDER_HINT)
          String folder,
      @Key(StoreKeys.ACCESS_KEY) SecretValue accessKey,
      @Key(StoreKeys.SECRET_KEY) SecretValue secretKey)
      implements ObjectStoreConfig {}
}
