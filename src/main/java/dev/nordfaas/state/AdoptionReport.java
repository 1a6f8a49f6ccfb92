package dev.nordfaas.state;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says what becomes of the objects that a cluster has already, and what to do. */
final class AdoptionReport {
  private final List<String> lines = new ArrayList<>();

  private AdoptionReport() {}

  /**
   * The lines.
   *
   * @param providers that have to be in the state before anything is imported
   */
  static List<String> of(Adoption adoption, List<String> providers) {
    var report = new AdoptionReport();
    report.summary(adoption);
    report.adopted(adoption);
    report.conflicts(adoption);
    report.jobs(adoption);
    report.releases(adoption);
    report.providers(providers);
    return List.copyOf(report.lines);
  }

  private void summary(Adoption adoption) {
    var found = adoption.adopted().size() + adoption.conflicts().size() + adoption.jobs().size();
    lines.add(
        "The cluster has %d of the %d objects that `up` would create."
            .formatted(found, found + adoption.missing().size()));
  }

  private void adopted(Adoption adoption) {
    if (adoption.adopted().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("can be imported (%d):".formatted(adoption.adopted().size()));
    adoption.adopted().forEach(object -> lines.add("  " + object.text()));
  }

  private void conflicts(Adoption adoption) {
    if (adoption.conflicts().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "differ in what Kubernetes does not change (%d): move what they hold, then delete them:"
            .formatted(adoption.conflicts().size()));
    adoption
        .conflicts()
        .forEach(
            (object, differences) -> {
              lines.add("  " + object.text());
              differences.forEach(difference -> lines.add("    " + difference));
            });
  }

  private void jobs(Adoption adoption) {
    if (adoption.jobs().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "Jobs (%d), which hold nothing and cannot be changed: delete them:"
            .formatted(adoption.jobs().size()));
    adoption
        .jobs()
        .forEach(
            job ->
                lines.add(
                    "  kubectl delete job --namespace %s %s"
                        .formatted((Object[]) job.id().split("/", 2))));
  }

  private void releases(Adoption adoption) {
    if (adoption.releases().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "Helm believes that it owns some of them, and `helm uninstall` or `helm upgrade` would undo `up`. Once they"
            + " are imported, make it forget the release, which deletes nothing else:");
    adoption
        .releases()
        .forEach(
            release ->
                lines.add(
                    "  kubectl delete secret --namespace %s --selector owner=helm,name=%s"
                        .formatted((Object[]) release.split("/", 2))));
  }

  private void providers(List<String> providers) {
    if (providers.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "First the state needs the provider of the cluster. `tools/stack up` with these changes nothing in the"
            + " cluster; then run this again:");
    lines.add(
        providers.stream()
            .map("--target '%s'"::formatted)
            .collect(Collectors.joining(" ", "  ", "")));
  }
}
