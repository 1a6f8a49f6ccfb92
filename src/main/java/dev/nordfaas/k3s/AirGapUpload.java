package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig.AirGap;

/**
 * Where the files of an air-gapped node are put, in the home of the user that Pulumi logs in as:
 * the install script moves them from there.
 */
public final class AirGapUpload {
  public static final String BINARY = "nordfaas-k3s";

  private AirGapUpload() {}

  /** The images: K3s tells by the file extension how they are compressed. */
  public static String images(AirGap files) {
    var name = files.images().substring(files.images().lastIndexOf('/') + 1);
    return "nordfaas-k3s-images" + name.substring(name.indexOf(".tar"));
  }
}
