package dev.nordfaas.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What a server says to the first packet of a client, over TLS: drivers send parameters in it that
 * {@code psql} does not (PostgreSQL, message formats: StartupMessage).
 */
public final class StartupPacket {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int PROTOCOL_3_0 = 196_608;
  private static final int TIMEOUT_MILLIS = 10_000;

  private StartupPacket() {}

  /**
   * Sends a packet.
   *
   * @param parameters user and database included
   * @return the message of the error, or an empty text if the server asks for a password
   */
  public static String answer(int port, Map<String, String> parameters) throws IOException {
    try (var plain = new Socket("127.0.0.1", port)) {
      plain.setSoTimeout(TIMEOUT_MILLIS);
      var request = new DataOutputStream(plain.getOutputStream());
      request.writeInt(8);
      request.writeInt(SSL_REQUEST);
      if (plain.getInputStream().read() != 'S') {
        throw new IOException("no TLS");
      }
      try (var socket = encrypted(plain)) {
        socket.getOutputStream().write(packet(parameters));
        return answer(new DataInputStream(socket.getInputStream()));
      }
    }
  }

  private static byte[] packet(Map<String, String> parameters) throws IOException {
    var text = new ByteArrayOutputStream();
    for (var parameter : parameters.entrySet()) {
      text.write(
          (parameter.getKey() + '\0' + parameter.getValue() + '\0')
              .getBytes(StandardCharsets.UTF_8));
    }
    text.write(0);
    var packet = new ByteArrayOutputStream();
    var data = new DataOutputStream(packet);
    data.writeInt(text.size() + 8);
    data.writeInt(PROTOCOL_3_0);
    data.write(text.toByteArray());
    return packet.toByteArray();
  }

  /** An error has fields, each with a letter; M is the message. */
  private static String answer(DataInputStream input) throws IOException {
    var type = input.readByte();
    var body = new String(input.readNBytes(input.readInt() - 4), StandardCharsets.UTF_8);
    if (type == 'R') {
      return "";
    }
    for (var field : body.split("\0")) {
      if (field.startsWith("M")) {
        return field.substring(1);
      }
    }
    throw new IOException("unexpected answer " + (char) type + body);
  }

  private static SSLSocket encrypted(Socket plain) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
