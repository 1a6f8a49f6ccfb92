package hello;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MainTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = Main.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), threads);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdown();
  }

  @Test
  void isReady() throws Exception {
    assertThat(send("GET", "/_/ready", "").statusCode()).isEqualTo(200);
  }

  @Test
  void greetsByName() throws Exception {
    assertThat(send("POST", "/", "Kari\n").body()).isEqualTo("Hello, Kari!\n");
  }

  @Test
  void greetsTheWorldWithoutAName() throws Exception {
    assertThat(send("POST", "/", "").body()).isEqualTo("Hello, world!\n");
  }

  @Test
  void takesNothingButPost() throws Exception {
    var answer = send("GET", "/", "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    var address = server.getAddress();
    var url = URI.create("http://127.0.0.1:" + address.getPort() + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(url).method(method, BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
  }
}
