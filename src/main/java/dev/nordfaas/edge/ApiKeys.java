package dev.nordfaas.edge;

import com.pulumi.core.Output;
import dev.nordfaas.config.ApiKeyConfig;
import dev.nordfaas.config.SecretValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file with the hashes of the API keys. They are secret as well: whoever has them can try out
 * keys that a human made up.
 */
public final class ApiKeys {
  static final String FILE = "keys.json";

  private static final JsonMapper JSON = new JsonMapper();

  private ApiKeys() {}

  /** The file: the hashes of each key, and of the one before it, by the key's name; a secret. */
  public static Output<String> file(Map<String, ApiKeyConfig> keys) {
    var entries =
        new TreeMap<>(keys)
            .entrySet().stream().map(key -> entry(key.getKey(), key.getValue())).toList();
    return Output.all(entries).applyValue(ApiKeys::json).asSecret();
  }

  private record Entry(String name, List<String> hashes) {}

  private static Output<Entry> entry(String name, ApiKeyConfig key) {
    var secrets = Stream.concat(Stream.of(key.key()), key.previous().stream());
    return Output.all(secrets.map(SecretValue::asOutput).toList())
        .applyValue(texts -> new Entry(name, texts.stream().map(ApiKeys::hash).toList()));
  }

  private static String json(List<Entry> entries) {
    var file = new TreeMap<String, List<String>>();
    entries.forEach(entry -> file.put(entry.name(), entry.hashes()));
    return JSON.writeValueAsString(file);
  }

  /** One that nobody could decrypt gets no hash, which would let in whoever sends its stand-in. */
  private static String hash(String key) {
    if (key.equals(SecretValue.UNREAD)) {
      return key;
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
