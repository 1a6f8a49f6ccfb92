package dev.nordfaas.queueworker.testing;

import dev.nordfaas.queueworker.config.NatsAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One or several nats-servers, each with a disk of its own that loses what was not synced. */
public final class ForgetfulCluster implements AutoCloseable {
  private final List<ForgetfulDisk> disks = new ArrayList<>();
  private final List<NatsServer> servers = new ArrayList<>();

  private ForgetfulCluster(int size, String syncInterval, String names) {
    var ports = IntStream.range(0, size).map(any -> Ports.free()).boxed().toList();
    for (var index = 0; index < size; index++) {
      var disk = ForgetfulDisk.start(names);
      disks.add(disk);
      servers.add(
          NatsServer.start(
              "server-" + index,
              disk.path().resolve("data"),
              "sync_interval: " + syncInterval,
              size == 1 ? "" : cluster(ports, index)));
    }
  }

  /**
   * Starts one.
   *
   * @param size how many servers
   * @param syncInterval nats-server's own setting
   * @param names what makes names durable; see {@code lab/forget}
   */
  public static ForgetfulCluster start(int size, String syncInterval, String names) {
    return new ForgetfulCluster(size, syncInterval, names);
  }

  private static String cluster(List<Integer> ports, int index) {
    var routes =
        ports.stream().map("\"nats://127.0.0.1:%d\""::formatted).collect(Collectors.joining(", "));
    return """
        cluster {
          name: "test"
          listen: "127.0.0.1:%d"
          no_advertise: true
          routes: [%s]
        }
        """
        .formatted(ports.get(index), routes);
  }

  public int size() {
    return servers.size();
  }

  public NatsServer server(int index) {
    return servers.get(index);
  }

  /** The server of this name, by its number. */
  public int index(String name) {
    return Integer.parseInt(name.substring(name.indexOf('-') + 1));
  }

  /** Access to any of the servers. */
  public NatsAccess access(String user) {
    return NatsServer.access(servers, user);
  }

  /** These servers lose their power in the same instant. */
  public void cut(List<Integer> indexes) {
    // A server that sees its disk vanish would not be without power, and might even acknowledge.
    NatsServer.kill(indexes.stream().map(servers::get).toList());
    indexes.forEach(index -> disks.get(index).cut());
  }

  /** They have it again. */
  public void restart(List<Integer> indexes) {
    for (var index : indexes) {
      disks.get(index).restart();
      servers.get(index).restart();
    }
  }

  /** The warnings and errors that the servers have logged. */
  public List<String> complaints() {
    return servers.stream()
        .flatMap(server -> server.log().lines())
        .filter(line -> line.contains("[WRN]") || line.contains("[ERR]"))
        .toList();
  }

  @Override
  public void close() {
    servers.forEach(NatsServer::close);
    disks.forEach(ForgetfulDisk::close);
  }
}
