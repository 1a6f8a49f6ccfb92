package dev.nordfaas.jsoncheck;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the violations of a schema, and ends the validation at the tenth.
 *
 * <p>Those of one branch of {@code anyOf} and the like do not end it, as another branch may match;
 * of each branch ten are kept, which is enough to know that it does not.
 */
final class Violations extends ExecutionContext {
  /** Enough to fix a request. */
  static final int MAX = 10;

  private final List<Error> found = new Limited();
  private long left;

  /**
   * Creates a collector for one body.
   *
   * @param config limits of the validation
   * @param most violations of all branches together, beyond which {@link TooCostly} ends it
   */
  Violations(ExecutionConfig config, long most) {
    super(config);
    this.left = most;
    super.setErrors(found);
  }

  @Override
  public void addError(Error error) {
    if (left-- <= 0) {
      throw new TooCostly();
    }
    var errors = getErrors();
    if (errors == found || errors.size() < MAX) {
      errors.add(error);
    }
  }

  /** At most ten of them. */
  List<Error> found() {
    return List.copyOf(found);
  }

  /** There are ten: no more are needed. */
  static final class Enough extends SchemaException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough violations");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  /** The check takes more than any reasonable body of this size. */
  static final class TooCostly extends SchemaException {
    private static final long serialVersionUID = 1;

    TooCostly() {
      super("too costly");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Some keywords add to the list itself. */
  private static final class Limited extends AbstractList<Error> {
    private final List<Error> errors = new ArrayList<>();

    @Override
    public void add(int index, Error error) {
      errors.add(index, error);
      if (errors.size() >= MAX) {
        throw new Enough();
      }
    }

    @Override
    public Error get(int index) {
      return errors.get(index);
    }

    @Override
    public Error remove(int index) {
      return errors.remove(index);
    }

    @Override
    public int size() {
      return errors.size();
    }
  }
}
