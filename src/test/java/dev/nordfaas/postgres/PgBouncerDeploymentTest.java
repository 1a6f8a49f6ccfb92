package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgBouncerDeploymentTest {
  @TempDir Path folder;

  @Test
  void needsAFileForEachClientAndEachServerConnection() {
    var roles = List.of(new SqlRole("seller", "shop"), new SqlRole("clerk", "shop"));

    assertThat(PgBouncerDeployment.openFiles(Fixtures.oslo().postgres().pooler(), roles))
        .isEqualTo(10_000 + 2 * (20 + 5) + 64);
  }

  @Test
  void doesNotStartWithTooFewFiles() throws IOException, InterruptedException {
    assertThat(start(200))
        .isEqualTo(
            "PgBouncer may open 100 files and needs 200 for its clients and servers: raise LimitNOFILE of the container runtime, or lower maxClientConn\n");
  }

  @Test
  void startsWithEnoughFiles() throws IOException, InterruptedException {
    assertThat(start(100)).isEqualTo("pgbouncer config.ini\n");
  }

  /** What is said where 100 files may be open, with a stand-in for the program itself. */
  private String start(int files) throws IOException, InterruptedException {
    var program = Files.writeString(folder.resolve("pgbouncer"), "#!/bin/sh\necho pgbouncer $*\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var script = folder.resolve("pgbouncer.sh");
    Files.writeString(script, Scripts.read(PoolerManifests.class, "pgbouncer.sh"));
    var process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 100; PATH=%s:$PATH exec sh %s config.ini %d"
                    .formatted(folder, script, files))
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
