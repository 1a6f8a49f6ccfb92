package dev.nordfaas.jsoncheck;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashSet;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The keyword {@code uniqueItems}. The validator's own takes quadratic time for items made to have
 * the same hash; strings with the same hash are kept in order.
 */
final class UniqueItems extends AbstractKeyword {
  UniqueItems() {
    super("uniqueItems");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
    return new Validator(this, schema, location, parent, context);
  }

  /** The same for equal values, whose numbers may be written in different ways. */
  private static void append(StringBuilder text, JsonNode node) {
    if (node.isArray()) {
      text.append('[');
      node.forEach(
          item -> {
            append(text, item);
            text.append(',');
          });
      text.append(']');
    } else if (node.isObject()) {
      text.append('{');
      node.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              property -> {
                text.append(property.getKey().length()).append(':').append(property.getKey());
                append(text, property.getValue());
                text.append(',');
              });
      text.append('}');
    } else if (node.isNumber()) {
      text.append(node.decimalValue().stripTrailingZeros());
    } else {
      text.append(node);
    }
  }

  private static final class Validator extends ReportingValidator {
    Validator(
        Keyword keyword,
        JsonNode schema,
        SchemaLocation location,
        Schema parent,
        SchemaContext context) {
      super(keyword, schema, location, parent, context);
    }

    @Override
    public void validate(
        ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
      if (!getSchemaNode().asBoolean(false) || !node.isArray()) {
        return;
      }
      var seen = new HashSet<String>();
      for (var item : node) {
        var text = new StringBuilder();
        append(text, item);
        if (!seen.add(text.toString())) {
          report(context, node, location);
          return;
        }
      }
    }
  }
}
