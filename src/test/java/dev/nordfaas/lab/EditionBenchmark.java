package dev.nordfaas.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * What the gateway and the provider cost a call: the same function through OpenFaaS' community
 * edition, and with {@code openfaas.edition: none}. The program behind {@code bench/edition}:
 * number of rounds, seconds of each edition in each of them, clients at once.
 */
final class EditionBenchmark {
  private static final String COMMUNITY = "community";
  private static final String NONE = "none";
  private static final int WARM_UP_SECONDS = 10;

  private EditionBenchmark() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
    var rounds = Integer.parseInt(args[0]);
    var seconds = Integer.parseInt(args[1]);
    var clients = Integer.parseInt(args[2]);
    var measured = new Ratios(List.of(COMMUNITY, NONE));
    var order = new ArrayList<>(List.of(NONE, COMMUNITY));
    try {
      for (var round = 1; round <= rounds; round++) {
        // The one that is there already goes on: half as many changes.
        Collections.reverse(order);
        for (var edition : order) {
          apply(edition);
          call().perSecond(WARM_UP_SECONDS, clients);
          var perSecond = call().perSecond(seconds, clients);
          System.err.printf("edition: round %d: %s %.0f/s%n", round, edition, perSecond);
          measured.add(edition, perSecond);
        }
      }
    } finally {
      apply(COMMUNITY);
    }
    System.out.print(
        "%s%n`sudo bench/edition %d %d %d`, in the lab, clients and platform on two cores.%n"
            .formatted(
                measured.table("`openfaas.edition`", "calls a second"), rounds, seconds, clients));
    System.exit(0);
  }

  private static void apply(String edition) {
    System.err.printf("edition: pulumi up, %s%n", edition);
    var choice = edition.equals(NONE) ? List.of("env", "LAB_EDITION=none") : List.of("env");
    var command = new ArrayList<>(choice);
    command.addAll(List.of("lab/stack", "up", "--yes", "--skip-preview"));
    Lab.run(command.toArray(String[]::new)).ok();
  }

  /** Over new connections: the edge closes those from before it read its new config. */
  private static ClosedLoop call() throws IOException, GeneralSecurityException {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(Load.trusting(Lab.authority()))
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    return new ClosedLoop(
        client,
        HttpRequest.newBuilder(URI.create("https://" + Lab.DOMAIN + Callers.PUBLIC))
            .timeout(Duration.ofSeconds(30))
            .build());
  }
}
