package dev.nordfaas.edge;

import dev.nordfaas.config.AuthConfig;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who may use a route.
 *
 * @param everybody whether a request without a credential gets through, as nobody's
 * @param ways what a credential may be, if there is one: of one of these ways
 */
public record Access(boolean everybody, List<AuthConfig> ways) {
  /** Everybody may, and no credential is looked at. */
  public static final Access PUBLIC = new Access(true, List.of());

  public Access {
    ways = List.copyOf(ways);
  }

  /** What a route's key says; one without it is public, which a rule refuses in production. */
  static Access of(Optional<AuthConfig> auth) {
    return auth.filter(it -> !it.everybody())
        .map(it -> new Access(false, List.of(it)))
        .orElse(PUBLIC);
  }

  /**
   * Of the status of messages, which intake tells only those who sent them: whoever may use one of
   * the routes, unless the key says who else. Where everybody may, those with a credential have to
   * be known nevertheless: what they sent is theirs.
   */
  static Access ofStatus(Optional<AuthConfig> auth, Collection<Access> routes) {
    var own = auth.map(it -> of(Optional.of(it)));
    return own.filter(it -> !it.everybody())
        .orElseGet(
            () ->
                new Access(
                    own.isPresent() || routes.stream().anyMatch(Access::everybody),
                    routes.stream().flatMap(it -> it.ways().stream()).distinct().toList()));
  }

  /** Whether the edge looks at credentials. */
  boolean isChecked() {
    return !ways.isEmpty();
  }

  /** Whether some client certificate lets a caller in. */
  boolean takesCertificates() {
    return ways.stream().anyMatch(way -> way.mtls().isPresent());
  }
}
