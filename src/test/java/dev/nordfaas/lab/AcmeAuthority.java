package dev.nordfaas.lab;

import dev.nordfaas.testing.LabPrograms;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An ACME authority on this machine, outside the cluster: Pebble, which finds the domain through a
 * DNS server of its own and asks the edge for the answer to its challenge as Let's Encrypt does.
 */
final class AcmeAuthority implements AutoCloseable {
  private static final String DIRECTORY_ADDRESS = Lab.OUTSIDE + ":14000";
  private static final String MANAGEMENT_ADDRESS = Lab.OUTSIDE + ":15000";
  private static final String DNS_ADDRESS = "127.0.0.1:8053";

  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final ServerTls tls;

  /** Starts it; {@code folder} is for its files. */
  AcmeAuthority(Path folder) throws IOException {
    this.folder = folder;
    tls =
        ServerTls.of(
            new TlsIdentity(
                "acme", "The company's CA", "acme", List.of("acme"), List.of(Lab.OUTSIDE)),
            "ca",
            "server");
    Files.writeString(roots(), tls.caCertificate());
    Files.writeString(folder.resolve("acme.crt"), tls.certificate());
    Files.writeString(folder.resolve("acme.key"), tls.privateKey());
    Files.writeString(folder.resolve("pebble.json"), config());
    start(
        LabPrograms.pebble("pebble-challtestsrv"),
        "-dnsserver=" + DNS_ADDRESS,
        "-defaultIPv4=" + Lab.ADDRESS,
        "-defaultIPv6=",
        "-management=127.0.0.1:8055",
        "-http01=",
        "-https01=",
        "-tlsalpn01=",
        "-doh=");
    start(
        LabPrograms.pebble("pebble"),
        "-config=" + folder.resolve("pebble.json"),
        "-dnsserver=" + DNS_ADDRESS,
        "-strict");
  }

  private String config() {
    return new JsonMapper()
        .writeValueAsString(
            Map.of(
                "pebble",
                Map.of(
                    "listenAddress",
                    DIRECTORY_ADDRESS,
                    "managementListenAddress",
                    MANAGEMENT_ADDRESS,
                    "certificate",
                    folder.resolve("acme.crt").toString(),
                    "privateKey",
                    folder.resolve("acme.key").toString(),
                    "httpPort",
                    80,
                    "tlsPort",
                    443)));
  }

  private void start(String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
    processes.add(builder.start());
  }

  /** What {@code edge.acmeDirectory} has to be. */
  String directory() {
    return "https://" + DIRECTORY_ADDRESS + "/dir";
  }

  /** What {@code edge.acmeRoots} has to be. */
  String rootsOfDirectory() {
    return tls.caCertificate();
  }

  /** A file with the authority that the certificates of the edge are from; another than that. */
  Path authority() throws IOException {
    var root = folder.resolve("issuer.crt");
    var url = "https://" + MANAGEMENT_ADDRESS + "/roots/0";
    Files.writeString(
        root,
        Lab.run("curl", "--silent", "--fail", "--show-error", "--cacert", roots().toString(), url)
            .ok());
    return root;
  }

  /** What it has done so far, for a failure. */
  Path log() {
    return folder.resolve("acme.log");
  }

  private Path roots() {
    return folder.resolve("acme-ca.crt");
  }

  @Override
  public void close() {
    processes.forEach(process -> process.destroy());
    processes.forEach(process -> process.onExit().join());
  }
}
