package dev.nordfaas.doctor;

import dev.nordfaas.doctor.Finding.Level;
import java.util.List;

/**
 * What was found on one node, or on this machine.
 *
 * @param title name and address
 */
record Report(String title, List<Finding> findings) {
  Report {
    findings = List.copyOf(findings);
  }

  long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
