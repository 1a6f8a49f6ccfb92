package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RulesAllTest {

  @Test
  void listsEveryRuleThatThereIs() {
    var rules =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.nordfaas.policy")
                .stream()
                .filter(type -> type.isAssignableTo(Rule.class) && !type.isInterface())
                .map(JavaClass::getName)
                .toList();

    assertThat(Rules.all())
        .extracting(rule -> rule.getClass().getName())
        .containsExactlyInAnyOrderElementsOf(rules);
  }
}
