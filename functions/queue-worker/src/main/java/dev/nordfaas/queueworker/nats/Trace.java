package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a trace: read from the incoming headers, passed on in the outgoing ones.
 *
 * <p>Without an OpenTelemetry agent no span is recorded, and the caller's {@code traceparent} and
 * {@code tracestate} are passed on unchanged.
 */
public final class Trace {
  private static final String SCOPE = "dev.nordfaas.queueworker";
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  /** The headers that are rewritten for the next step. */
  private static final Set<String> FIELDS = Set.copyOf(W3C.fields());

  private final Span span;
  private final Context context;

  private Trace(Context parent, String name, SpanKind kind) {
    this.span =
        GlobalOpenTelemetry.getTracer(SCOPE)
            .spanBuilder(name)
            .setParent(parent)
            .setSpanKind(kind)
            .startSpan();
    this.context = parent.with(span);
  }

  /** The step from a request to its message. */
  public static Trace ofRequest(MultiMap headers, String subject) {
    return new Trace(
        W3C.extract(Context.root(), headers, new RequestHeaders()),
        "publish " + subject,
        SpanKind.PRODUCER);
  }

  /** The step from a message to the function's call. */
  public static Trace ofMessage(Message message) {
    return new Trace(
        W3C.extract(Context.root(), message, new StoredHeaders()),
        "process " + message.getSubject(),
        SpanKind.CONSUMER);
  }

  /** Whether a header belongs to the trace, and is written by {@link #inject}. */
  public static boolean isField(String header) {
    return FIELDS.stream().anyMatch(header::equalsIgnoreCase);
  }

  /** Writes the headers of the next step. */
  public void inject(Headers headers) {
    W3C.inject(context, headers, (carrier, name, value) -> put(carrier, name, value));
  }

  /** Writes the headers of the next step. */
  public void inject(MultiMap headers) {
    W3C.inject(
        context,
        headers,
        (carrier, name, value) -> {
          if (carrier != null) {
            carrier.set(name, value);
          }
        });
  }

  /** Ends the step. */
  public void end(boolean succeeded) {
    if (!succeeded) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static void put(@Nullable Headers carrier, String name, String value) {
    if (carrier != null) {
      carrier.put(name, value);
    }
  }

  private static final class RequestHeaders implements TextMapGetter<MultiMap> {
    @Override
    public @Nullable String get(@Nullable MultiMap carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }

  private static final class StoredHeaders implements TextMapGetter<Message> {
    @Override
    public @Nullable String get(@Nullable Message carrier, String key) {
      return carrier == null ? null : MessageHeaders.first(carrier, key).orElse(null);
    }
  }
}
