package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code classes.list}: the classes of which the image has an archive, as parsed by the JVM. With
 * {@code -Dgolden.update=true} it is written anew.
 */
@Timeout(240)
class ClassListTest {
  private static final Path LIST = Path.of("classes.list");

  /** A class of the function, or of a library; not the JDK's, and none that a JVM generates. */
  private static final Pattern OURS =
      Pattern.compile("(?!java/|javax/|jdk/|sun/|com/sun/|@)[^ $]+(\\$[^ /]*)?(?= |$)");

  /** Chance decides about a few: whether a connection is refused, say. */
  private static final int FEW = 20;

  @TempDir static Path folder;

  private static PostgresBehindPgBouncer database;
  private static String classPath;

  @BeforeAll
  static void startDatabase() throws IOException, InterruptedException {
    database = PostgresBehindPgBouncer.start();
    classPath = classPath();
  }

  @AfterAll
  static void stopDatabase() throws IOException, InterruptedException {
    database.stop();
  }

  @Test
  void namesWhatAStartLoads() throws Exception {
    var loaded = folder.resolve("loaded.list");
    java("-XX:DumpLoadedClassList=" + loaded, Rehearsal.class.getName());
    var lines =
        Files.readAllLines(loaded).stream().filter(line -> !line.contains("Rehearsal")).toList();
    if (Boolean.getBoolean("golden.update")) {
      Files.write(LIST, lines);
    }

    var missing = ours(lines);
    missing.removeAll(ours(Files.readAllLines(LIST)));

    assertThat(missing)
        .as("missing in classes.list: mvn test -Dtest=ClassListTest -Dgolden.update=true adds them")
        .hasSizeLessThan(FEW);
  }

  @Test
  void makesAnArchiveFromWhichAStartTakesItsClasses() throws Exception {
    var archive = folder.resolve("classes.jsa");
    java("-Xshare:dump", "-XX:SharedClassListFile=" + LIST, "-XX:SharedArchiveFile=" + archive);

    var log = folder.resolve("load.log");
    java(
        "-Xshare:on",
        "-XX:SharedArchiveFile=" + archive,
        "-Xlog:class+load:file=" + log,
        Rehearsal.class.getName());

    var parsed = new TreeSet<String>();
    for (var line : Files.readAllLines(log)) {
      if (!line.contains("source: shared objects file") && line.contains(".jar")) {
        parsed.add(line.replaceFirst("^(\\[[^]]*])* ?", ""));
      }
    }
    assertThat(parsed).hasSizeLessThan(FEW);
  }

  private static TreeSet<String> ours(List<String> lines) {
    return lines.stream()
        .map(OURS::matcher)
        .filter(matcher -> matcher.lookingAt())
        .map(matcher -> matcher.group())
        .filter(name -> !name.contains("$$"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void java(String... arguments) throws IOException, InterruptedException {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-cp", classPath));
    words.addAll(Arrays.asList(arguments));
    var output = Files.createTempFile(folder, "java", ".log");
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(database.environmentWithTls());
    var status = builder.redirectOutput(output.toFile()).start().waitFor();
    assertThat(status).as(() -> words + "\n" + read(output)).isZero();
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** An archive takes classes from jars only. */
  private static String classPath() throws IOException {
    var jar = folder.resolve("order-processor.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, Path.of("target/classes"), "");
      add(out, Path.of("target/test-classes"), "Rehearsal.class");
    }
    var path = new ArrayList<>(List.of(jar.toString()));
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        path.add(entry);
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static void add(JarOutputStream out, Path root, String ending) throws IOException {
    try (var files = Files.walk(root)) {
      for (var file :
          files
              .filter(Files::isRegularFile)
              .filter(it -> it.toString().endsWith(ending))
              .toList()) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
