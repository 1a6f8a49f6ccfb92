package dev.nordfaas.doctor;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.doctor.Finding.Level;
import dev.nordfaas.host.SshFiles;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedStack;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.logging.LogManager;

/** The Java part of {@code tools/doctor}; see there. */
public final class DoctorCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.doctor.DoctorCommand keys Pulumi.STACK.yaml
             java -cp target/nordfaas.jar dev.nordfaas.doctor.DoctorCommand check Pulumi.STACK.yaml FOLDER SECONDS KEYS IDENTITY

      keys   prints the keys of the config that hold the private SSH key and its passphrase
      check  checks all nodes side by side, each for at most SECONDS. FOLDER takes what the clients say, KEYS
             names where the private keys come from, IDENTITY is a file with one, or none for those of the
             agent. The exit status is 1 if there is a problem
      """;

  private DoctorCommand() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      if (args.length == 2 && args[0].equals("keys")) {
        keys(CheckedStack.read(Path.of(args[1])).plan().config(), out);
        return 0;
      }
      if (args.length == 6 && args[0].equals("check") && args[3].matches("[1-9][0-9]{0,3}")) {
        return check(List.of(args), out, err);
      }
      err.print(USAGE);
    } catch (InvalidStackConfigException | IllegalArgumentException | UncheckedIOException e) {
      err.println(e.getMessage());
    } catch (IOException e) {
      err.println(e);
    }
    return 2;
  }

  private static void keys(StackConfig config, PrintStream out) {
    var ssh = config.ssh();
    ssh.privateKey().ifPresent(it -> out.println("ssh.privateKey"));
    ssh.privateKeyPassword().ifPresent(it -> out.println("ssh.privateKeyPassword"));
  }

  private static int check(List<String> args, PrintStream out, PrintStream err) throws IOException {
    var stack = CheckedStack.read(Path.of(args.get(1)));
    var plan = stack.plan().plan();
    var config = plan.config();
    if (config.k3s().existing().isPresent()) {
      out.printf(
          "%s: nothing to check: its cluster exists already (k3s.existing), so no host is"
              + " touched%n",
          stack.name());
      return 0;
    }
    var limit = Duration.ofSeconds(Integer.parseInt(args.get(3)));
    var nodes = config.nodes().size();
    err.printf(
        "doctor: looking at %s, at most %d s%n",
        nodes == 1 ? "1 node" : nodes + " nodes", limit.toSeconds());
    var client = client(config, Path.of(args.get(2)), limit, args.get(5));
    var reports = new ArrayList<Report>();
    config
        .k3s()
        .airGap()
        .ifPresent(
            files ->
                reports.add(new Report("this machine", AirGapFiles.check(config.k3s(), files))));
    reports.addAll(sideBySide(plan, client, args.get(4)));
    out.print(Screen.render(stack.name(), reports));
    return reports.stream().anyMatch(report -> report.count(Level.PROBLEM) > 0) ? 1 : 0;
  }

  /** Only the keys that {@code up} uses are tried; the bastion's client reads the same file. */
  private static Client client(StackConfig config, Path folder, Duration limit, String identity)
      throws IOException {
    var files = new SshFiles(config);
    var knownHosts = folder.resolve("known_hosts");
    var sshConfig = folder.resolve("ssh_config");
    Files.writeString(knownHosts, files.knownHosts());
    Files.writeString(
        sshConfig,
        files.sshConfig(knownHosts.toString())
            + (identity.equals("none")
                ? "  IdentityFile none\n"
                : "  IdentityFile \"%s\"\n  IdentitiesOnly yes\n".formatted(identity)));
    return new Client(List.of("ssh", "-F", sshConfig.toString()), folder, limit);
  }

  private static List<Report> sideBySide(Plan plan, Client client, String keys) {
    var examinations =
        plan.hosts().stream()
            .<Callable<Report>>map(
                spec -> new Examination(spec, plan.hostNeeds(), client, keys)::report)
            .toList();
    var pool = Executors.newFixedThreadPool(examinations.size());
    try {
      var reports = new ArrayList<Report>();
      for (var report : pool.invokeAll(examinations)) {
        reports.add(report.get());
      }
      return reports;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
    } finally {
      pool.shutdownNow();
    }
  }
}
