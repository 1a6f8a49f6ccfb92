package dev.nordfaas.config.check;

import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;

/** Ends where it becomes too deep for whoever follows it by recursion. */
final class ShallowParser implements Parser {
  /** The JSON that the program gets may not be much deeper; no config needs more. */
  private static final int DEEPEST = 100;

  private final Parser parser;
  private int depth;

  ShallowParser(Parser parser) {
    this.parser = parser;
  }

  @Override
  public Event next() {
    var event = parser.next();
    depth +=
        event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
    if (depth > DEEPEST) {
      throw new YamlEngineException("nested more than %d levels deep".formatted(DEEPEST));
    }
    return event;
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }
}
