package dev.nordfaas.manifest;

/** Where a function finds the certificate of the authority of its database's pooler. */
public final class DatabaseTrust {
  /** The folder, a mounted ConfigMap. */
  public static final String FOLDER = "/etc/nordfaas/database";

  /** Name of the file, PEM. */
  public static final String FILE = "ca.crt";

  /** Path of the file, as libpq's {@code sslrootcert} wants it. */
  public static final String PATH = FOLDER + "/" + FILE;

  private DatabaseTrust() {}
}
