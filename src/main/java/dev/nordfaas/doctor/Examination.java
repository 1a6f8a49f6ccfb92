package dev.nordfaas.doctor;

import dev.nordfaas.host.ExpectedFacts;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.template.NodeScript;
import java.util.ArrayList;
import java.util.List;

/** The checks of one node. */
final class Examination {
  private final HostSpec spec;
  private final HostNeeds needs;
  private final Client client;
  private final SshFailure failures;

  /**
   * Creates an examination without running it.
   *
   * @param keys where the private keys come from, such as "the SSH agent"
   */
  Examination(HostSpec spec, HostNeeds needs, Client client, String keys) {
    this.spec = spec;
    this.needs = needs;
    this.client = client;
    this.failures = new SshFailure(spec.nodeName(), spec.node(), spec.ssh(), keys);
  }

  /** Runs the checks. */
  Report report() {
    return new Report("%s (%s)".formatted(spec.nodeName(), spec.node().address()), findings());
  }

  private List<Finding> findings() {
    if (spec.node().away()) {
      return List.of(
          Finding.warning(
              "away",
              "not looked at: the config says that it is away",
              "once it is back, remove nodes.%s.away".formatted(spec.nodeName())));
    }
    var answer = run("root", NodeScript.DOCTOR.text());
    if (answer.isOfSshAlone()) {
      return List.of(failures.of(answer.log(), answer.stderr()));
    }
    var findings = new ArrayList<Finding>();
    findings.add(login(answer));
    if (answer.isOfSudoAlone()) {
      findings.add(noSudo(answer));
      // Most can be checked without root, and is reported at once.
      answer = run("user", NodeScript.DOCTOR.body());
    } else if (answer.isComplete()) {
      findings.add(
          Finding.ok(
              "sudo", spec.ssh().user().equals("root") ? "not needed" : "without a password"));
    }
    answer.lines().forEach(line -> Finding.parse(line).ifPresent(findings::add));
    answer.clock().ifPresent(findings::add);
    if (!answer.isComplete()) {
      findings.add(incomplete(answer));
    }
    return findings;
  }

  private Answer run(String label, String script) {
    return client.run(spec.nodeName(), label, script, ExpectedFacts.render(spec, needs));
  }

  private Finding login(Answer answer) {
    var ssh = spec.ssh();
    return Finding.ok(
        "ssh",
        "%s at port %d%s, host key %s"
            .formatted(
                ssh.user(),
                ssh.port(),
                ssh.bastion().map(it -> " through " + it.host()).orElse(""),
                SshFailure.serverKey(answer.log())
                    .orElse(HostKey.fingerprint(spec.node().hostKey().text()))));
  }

  private Finding noSudo(Answer answer) {
    var user = spec.ssh().user();
    return Finding.problem(
        "sudo",
        "%s may not become root: %s".formatted(user, SshFailure.lastLine(answer.stderr())),
        "as root there, install sudo and write `%s ALL=(ALL) NOPASSWD:ALL` into /etc/sudoers.d/90-nordfaas"
            .formatted(user));
  }

  private Finding incomplete(Answer answer) {
    return answer.isTimedOut()
        ? Finding.problem(
            "checks",
            "not done within %d s".formatted(client.limit().toSeconds()),
            "allow more time with --timeout; if that does not help, see what the host is busy"
                + " with")
        : Finding.problem(
            "checks",
            "interrupted: " + SshFailure.lastLine(answer.log() + "\n" + answer.stderr()),
            "run this again; if it happens again, see `journalctl -u ssh` there");
  }
}
