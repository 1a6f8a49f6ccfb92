package dev.nordfaas.image;

import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.FunctionFiles;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.host.SshFiles;
import dev.nordfaas.policy.CheckedStack;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Optional;
import java.util.logging.LogManager;

/** The Java part of {@code tools/function}; see there. */
public final class ImageCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.image.ImageCommand ssh Pulumi.STACK.yaml FOLDER
             java -cp target/nordfaas.jar dev.nordfaas.image.ImageCommand set Pulumi.STACK.yaml NAME IMAGE
             java -cp target/nordfaas.jar dev.nordfaas.image.ImageCommand files Pulumi.STACK.yaml
             java -cp target/nordfaas.jar dev.nordfaas.image.ImageCommand name FOLDER
             java -cp target/nordfaas.jar dev.nordfaas.image.ImageCommand check IMAGE

      ssh    writes ssh_config and known_hosts of the stack's nodes into FOLDER, and prints their names
      set    writes IMAGE into the config wherever the image NAME runs, otherwise for the function NAME, and
             prints the keys, with their files if these are not Pulumi.STACK.yaml
      files  prints the files of the stack's functions besides Pulumi.STACK.yaml
      name   prints the name of the one image in an archive, whose manifest.json and index.json are in FOLDER
      check  fails unless IMAGE is a name with a tag, and possibly a digest
      """;

  private ImageCommand() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      if (args.length == 3 && args[0].equals("ssh")) {
        ssh(Path.of(args[1]), Path.of(args[2]), out);
      } else if (args.length == 4 && args[0].equals("set")) {
        set(Path.of(args[1]), args[2], args[3], out);
      } else if (args.length == 2 && args[0].equals("files")) {
        FunctionFiles.of(ConfigSource.fromFile(Path.of(args[1]))).forEach(out::println);
      } else if (args.length == 2 && args[0].equals("name")) {
        out.println(name(Path.of(args[1])));
      } else if (args.length == 2 && args[0].equals("check")) {
        ImageName.checked(args[1]);
      } else {
        err.print(USAGE);
        return 2;
      }
      return 0;
    } catch (InvalidStackConfigException | IllegalArgumentException | UncheckedIOException e) {
      err.println(e.getMessage());
    } catch (IOException e) {
      err.println(e);
    }
    return 1;
  }

  private static void ssh(Path stack, Path folder, PrintStream out) throws IOException {
    var config = CheckedStack.read(stack).plan().config();
    var files = new SshFiles(config);
    var knownHosts = folder.resolve("known_hosts");
    Files.writeString(knownHosts, files.knownHosts());
    Files.writeString(folder.resolve("ssh_config"), files.sshConfig(knownHosts.toString()));
    config.nodes().keySet().forEach(out::println);
  }

  private static String name(Path folder) throws IOException {
    return ImageName.inArchive(
        text(folder.resolve("manifest.json")), text(folder.resolve("index.json")));
  }

  private static Optional<String> text(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private static void set(Path stack, String name, String image, PrintStream out)
      throws IOException {
    var source = ConfigSource.fromFile(stack);
    var files = FunctionFiles.of(source);
    var texts = new ArrayList<String>();
    for (var file : files) {
      texts.add(Files.readString(file));
    }
    var edits = ImageEdit.of(Files.readString(stack), texts, name, ImageName.checked(image));
    write(edits.get(0), stack, "", out);
    for (var i = 0; i < files.size(); i++) {
      var file = files.get(i);
      write(edits.get(i + 1), file, " (%s)".formatted(source.project().relativize(file)), out);
    }
  }

  private static void write(ImageEdit edit, Path file, String where, PrintStream out)
      throws IOException {
    if (edit.keys().isEmpty()) {
      return;
    }
    var whole = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(whole, edit.text());
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    edit.keys().forEach(key -> out.println(key + where));
  }
}
