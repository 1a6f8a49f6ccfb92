package dev.nordfaas.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The cluster's name server, on this machine: every SRV record names the pods that there are, and
 * every pod has this machine's address.
 */
public final class NameServer implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int A = 1;
  private static final int SRV = 33;
  private static final int ANSWER = 0x8580;
  private static final int FAILURE = 2;
  private static final int NO_SUCH_NAME = 3;

  private final DatagramSocket socket;
  private volatile List<Integer> pods = List.of();
  private volatile boolean fails;

  private NameServer(DatagramSocket socket) {
    this.socket = socket;
  }

  /** Starts it, without any pods. */
  public static NameServer start() throws IOException {
    var server =
        new NameServer(
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    var thread = new Thread(server::serve, "name server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  /** Where it is asked. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Which pods are ready from now on, by their ports; it answers again if it failed. */
  public void names(List<Integer> ports) {
    pods = List.copyOf(ports);
    fails = false;
  }

  /** From now on it answers that it cannot answer. */
  public void fail() {
    fails = true;
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    var buffer = new byte[512];
    while (!socket.isClosed()) {
      try {
        var query = new DatagramPacket(buffer, buffer.length);
        socket.receive(query);
        var answer = answer(Arrays.copyOf(buffer, query.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** RFC 1035, section 4, and RFC 2782. */
  private byte[] answer(byte[] query) throws IOException {
    var end = HEADER;
    while (query[end] != 0) {
      end += query[end] + 1;
    }
    var type = query[end + 2];
    var ports = pods;
    var records = fails ? 0 : type == SRV ? ports.size() : type == A ? 1 : 0;
    var status = fails ? FAILURE : type == SRV && ports.isEmpty() ? NO_SUCH_NAME : 0;
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(query, 0, 2);
    out.writeShort(ANSWER | status);
    out.writeShort(1);
    out.writeShort(records);
    out.writeInt(0);
    out.write(query, HEADER, end + 5 - HEADER);
    for (var i = 0; i < records; i++) {
      write(
          out,
          type,
          type == SRV ? target(ports.get(i)) : InetAddress.getByName("127.0.0.1").getAddress());
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, int type, byte[] data) throws IOException {
    // The name is that of the question.
    out.writeShort(0xc000 | HEADER);
    out.writeShort(type);
    out.writeShort(1);
    out.writeInt(5);
    out.writeShort(data.length);
    out.write(data);
  }

  private static byte[] target(int port) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeShort(0);
    out.writeShort(1);
    out.writeShort(port);
    for (var label : List.of("pod-" + port, "openfaas-fn", "svc", "cluster", "local")) {
      out.writeByte(label.length());
      out.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeByte(0);
    return bytes.toByteArray();
  }
}
