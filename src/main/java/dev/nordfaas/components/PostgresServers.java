package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.Resource;
import dev.nordfaas.postgres.PostgresTls;
import java.util.List;

/** The servers of a {@link PooledPostgres}: PostgreSQL, and PgBouncer in front of it. */
sealed interface PostgresServers permits PostgresInstance, PostgresCluster {
  /**
   * Creates PostgreSQL; the resource is ready once it accepts connections.
   *
   * @param superuserPassword its superuser's password, a secret
   * @param tls the keys of its servers
   * @param before what has to exist first
   */
  Resource server(Output<String> superuserPassword, Output<PostgresTls> tls, List<Resource> before);

  /**
   * Creates PgBouncer; the resource is ready once it accepts connections.
   *
   * @param password of its own role, a secret
   * @param tls the keys of its servers
   * @param server PostgreSQL
   * @param roles the Job that creates the roles
   */
  Resource pooler(
      Output<String> password, Output<PostgresTls> tls, Resource server, Resource roles);
}
