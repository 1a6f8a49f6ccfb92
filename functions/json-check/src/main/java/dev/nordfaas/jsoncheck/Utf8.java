package dev.nordfaas.jsoncheck;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON text has to be made of (RFC 8259, sections 8.1 and 8.2; RFC 7493, section 2.1), so
 * that every language reads the same characters. Jackson itself also takes UTF-16 and UTF-32, a
 * byte order mark, overlong sequences, and halves of surrogate pairs.
 */
final class Utf8 {
  static final String NOT_UTF_8 = "the body is not JSON in UTF-8";
  static final String MARK = "the body begins with a byte order mark, which JSON does not have";
  static final String HALF = "a text contains half of a surrogate pair, which is no character";

  private static final int CHUNK = 4096;

  private Utf8() {}

  /** What is wrong with the bytes. */
  static Optional<String> problem(byte[] body) {
    if (body.length >= 3
        && body[0] == (byte) 0xef
        && body[1] == (byte) 0xbb
        && body[2] == (byte) 0xbf) {
      return Optional.of(MARK);
    }
    return isJsonText(body) ? Optional.empty() : Optional.of(NOT_UTF_8);
  }

  /** NUL occurs in no JSON text; in UTF-16 and UTF-32 it is every other byte. */
  private static boolean isJsonText(byte[] body) {
    var ascii = true;
    for (var unit : body) {
      if (unit == 0) {
        return false;
      }
      ascii &= unit > 0;
    }
    return ascii || decodes(body);
  }

  private static boolean decodes(byte[] body) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(body);
    var out = CharBuffer.allocate(CHUNK);
    while (true) {
      var result = decoder.decode(in, out, true);
      if (!result.isOverflow()) {
        return !result.isError();
      }
      out.clear();
    }
  }

  /** Whether a name or a text anywhere in it cannot be written in UTF-8. */
  static boolean hasHalfAPair(JsonNode node) {
    if (node.isString()) {
      return hasHalfAPair(node.stringValue());
    }
    if (node.isObject()) {
      for (var property : node.properties()) {
        if (hasHalfAPair(property.getKey()) || hasHalfAPair(property.getValue())) {
          return true;
        }
      }
    } else {
      for (var item : node) {
        if (hasHalfAPair(item)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasHalfAPair(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
