package dev.nordfaas.jsoncheck;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.path.NodePath;
import tools.jackson.databind.JsonNode;

/** A validator of a keyword of ours, which reports violations as the library's own do. */
abstract class ReportingValidator extends BaseKeywordValidator {
  ReportingValidator(
      Keyword keyword,
      JsonNode schema,
      SchemaLocation location,
      Schema parent,
      SchemaContext context) {
    super(keyword, schema, location, parent, context);
  }

  /** Reports that a value violates the keyword. */
  final void report(
      ExecutionContext context, JsonNode node, NodePath location, Object... arguments) {
    context.addError(
        error()
            .instanceNode(node)
            .instanceLocation(location)
            .evaluationPath(context.getEvaluationPath())
            .locale(context.getExecutionConfig().getLocale())
            .arguments(arguments)
            .build());
  }
}
