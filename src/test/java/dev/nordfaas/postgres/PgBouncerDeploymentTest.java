package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PgBouncerDeploymentTest {
  @TempDir Path folder;

  @Test
  void needsAFileForEachClientAndEachServerConnection() {
    var roles = List.of(new SqlRole("seller", "shop"), new SqlRole("clerk", "shop"));

    var config = Fixtures.oslo().postgres();

    assertThat(PgBouncerDeployment.openFiles(config.pooler(), ConnectionBudget.of(config, roles)))
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
    assertThat(start(100)).isEqualTo("pgbouncer %s/pgbouncer.ini\n".formatted(folder));
  }

  @Test
  void readsItsFilesAgainWhenKubernetesHasBroughtNewOnes() throws Exception {
    var process =
        launch(100, "trap 'echo reloaded; exit' HUP; echo started; while :; do sleep 0.1; done");
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("started");

      bring("second", 100);

      assertThat(lines.readLine()).isEqualTo("reloaded");
    }
  }

  @Test
  void keepsItsSettingsWhereNewOnesNeedMoreFiles() throws Exception {
    var process =
        launch(100, "trap 'echo reloaded; exit' HUP; echo started; while :; do sleep 0.1; done");
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("started");

      bring("second", 200);

      assertThat(lines.readLine()).startsWith("PgBouncer may open 100 files and needs 200");
    } finally {
      process.destroy();
    }
  }

  /** What is said where 100 files may be open. */
  private String start(int files) throws IOException, InterruptedException {
    var process = launch(files, "echo pgbouncer $*");
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** Where 100 files may be open, with a stand-in for the program itself. */
  private Process launch(int files, String standIn) throws IOException {
    var program = Files.writeString(folder.resolve("pgbouncer"), "#!/bin/sh\n" + standIn + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    bring("first", files);
    Files.createSymbolicLink(folder.resolve("open-files"), Path.of("..data", "open-files"));
    var script = folder.resolve("pgbouncer.sh");
    Files.writeString(script, Scripts.read(PoolerManifests.class, "pgbouncer.sh"));
    // A shell cannot trap what was ignored when it began, as nohup has it.
    return new ProcessBuilder(
            "env",
            "--default-signal=HUP",
            "sh",
            "-c",
            "ulimit -n 100; PATH=%s:$PATH exec sh %s %s".formatted(folder, script, folder))
        .redirectErrorStream(true)
        .start();
  }

  /** As the kubelet does it: another folder, and a link to it that changes at once. */
  private void bring(String version, int files) throws IOException {
    Files.writeString(
        Files.createDirectory(folder.resolve(version)).resolve("open-files"), files + "\n");
    var link = Files.createSymbolicLink(folder.resolve("..new"), Path.of(version));
    Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }
}
