package dev.nordfaas.jsoncheck;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import com.networknt.schema.regex.RegularExpressions;
import dev.nordfaas.jsoncheck.Violations.TooCostly;
import java.util.regex.Pattern;

/**
 * The patterns of a schema, which may only look at so many characters for one body: some patterns
 * take exponential time for some texts.
 */
final class BoundedPatterns implements RegularExpressionFactory {
  private final ThreadLocal<Allowance> allowances = ThreadLocal.withInitial(Allowance::new);

  /** How many characters they may look at from now on, on this thread. */
  void allow(long characters) {
    allowances.get().left = characters;
  }

  @Override
  public RegularExpression getRegularExpression(String regex) {
    // As the validator compiles them itself.
    var pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(regex)));
    return text -> pattern.matcher(new Metered(text, allowances.get())).find();
  }

  private static final class Allowance {
    private long left = Long.MAX_VALUE;
  }

  private record Metered(CharSequence text, Allowance allowance) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (allowance.left-- <= 0) {
        throw new TooCostly();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
