package dev.nordfaas.manifest;

/** The namespaces of the platform. OpenFaaS fixes the names of its two. */
public final class Namespaces {
  public static final String OPENFAAS = "openfaas";
  public static final String FUNCTIONS = "openfaas-fn";

  /** Only for the edge: the other namespaces do not allow its host ports. */
  public static final String EDGE = "edge";

  public static final String NATS = "nats";
  public static final String POSTGRES = "postgres";

  private Namespaces() {}
}
