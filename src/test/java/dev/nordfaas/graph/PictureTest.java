package dev.nordfaas.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.graph.Shape.Arrow;
import dev.nordfaas.graph.Shape.Badge;
import dev.nordfaas.graph.Shape.Frame;
import dev.nordfaas.graph.Shape.Label;
import dev.nordfaas.graph.Shape.Look;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PictureTest {
  private static <T extends Shape> List<T> shapes(Plan plan, Class<T> type) {
    return Picture.of(plan).shapes().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** A word or a letter, with the room that it takes. */
  private record Written(String text, Area area) {}

  private static List<Written> written(Plan plan) {
    return Stream.concat(
            shapes(plan, Label.class).stream()
                .filter(label -> !label.text().isEmpty())
                .map(label -> new Written(label.text(), label.area())),
            shapes(plan, Badge.class).stream()
                .map(badge -> new Written("badge " + badge.letter(), badge.area())))
        .toList();
  }

  private static List<String> texts(Plan plan) {
    return shapes(plan, Label.class).stream().map(Label::text).toList();
  }

  /** Its lines, half a point thick, without what touches the boxes at its ends. */
  private static List<Area> lines(Arrow arrow) {
    var lines = new ArrayList<Area>();
    for (var index = 1; index < arrow.points().size(); index++) {
      var from = arrow.points().get(index - 1);
      var to = arrow.points().get(index);
      var x = Math.min(from.x(), to.x());
      var y = Math.min(from.y(), to.y());
      var isAcross = from.y() == to.y();
      lines.add(
          isAcross
              ? new Area(x + 1, y - 0.25, Math.abs(from.x() - to.x()) - 2, 0.5)
              : new Area(x - 0.25, y + 1, 0.5, Math.abs(from.y() - to.y()) - 2));
    }
    return lines;
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  /** README shows it. */
  @Test
  void ofOslo() {
    Golden.assertMatches(
        "../../../../docs/pictures/oslo.svg",
        Picture.svg(dev.nordfaas.testing.Stacks.named("oslo").plan()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bergen", "small"})
  void ofAStack(String stack) {
    Golden.assertMatches(
        "graph/%s.svg".formatted(stack), Picture.svg(Plan.of(Fixtures.config(stack))));
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void noTwoTextsOverlap(Plan plan) {
    var all = written(plan);
    for (var one = 0; one < all.size(); one++) {
      for (var other = one + 1; other < all.size(); other++) {
        assertThat(all.get(one).area().overlaps(all.get(other).area()))
            .as("'%s' and '%s'", all.get(one), all.get(other))
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void everyTextIsOnThePageAndInsideOrOutsideOfABox(Plan plan) {
    var page = Picture.of(plan).page();
    var frames = shapes(plan, Frame.class);
    for (var text : written(plan)) {
      assertThat(page.inset(5).contains(text.area())).as("'%s' is on the page", text).isTrue();
      for (var frame : frames) {
        assertThat(frame.area().contains(text.area()) || !frame.area().overlaps(text.area()))
            .as("'%s' and the box %s", text, frame.id())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void boxesAreApartOrOneWithinTheOther(Plan plan) {
    var frames = shapes(plan, Frame.class);
    for (var one : frames) {
      for (var other : frames) {
        assertThat(
                one == other
                    || !one.area().overlaps(other.area())
                    || one.area().contains(other.area())
                    || other.area().contains(one.area()))
            .as("%s and %s", one.id(), other.id())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void noArrowCrossesABoxOrAText(Plan plan) {
    var boxes =
        shapes(plan, Frame.class).stream().filter(box -> box.look() != Look.CLUSTER).toList();
    for (var arrow : shapes(plan, Arrow.class)) {
      for (var line : lines(arrow)) {
        assertThat(boxes).as(arrow.id()).noneMatch(box -> box.area().overlaps(line));
        assertThat(written(plan)).as(arrow.id()).noneMatch(text -> text.area().overlaps(line));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void everyCellOfTheTableSaysWhatThePlanAllows(Plan plan) {
    var connections = Connections.of(plan);
    var cells =
        shapes(plan, Frame.class).stream()
            .filter(frame -> frame.look() == Look.CELL)
            .map(Frame::id)
            .toList();

    assertThat(cells)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            connections.inside().stream()
                .map(it -> "%s > %s".formatted(it.from().label(), it.to().label()))
                .collect(Collectors.toSet()));
  }

  /** On its node, or among those for which there has to be room on any. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void everyPodHasItsPlaceOnce(Plan plan) {
    var placement = Placement.of(plan);
    for (var pods : plan.pods()) {
      var nodes = Placement.nodesOf(pods, plan.config());
      assertThat(placement.anywhere().contains(pods)).as(pods.name()).isEqualTo(nodes.isEmpty());
      placement
          .onNodes()
          .forEach(
              (node, own) ->
                  assertThat(own.contains(pods)).as(pods.name()).isEqualTo(nodes.contains(node)));
    }
  }

  @Test
  void namesThePodsOfANodeInItsBox() {
    var plan = Plan.of(Fixtures.oslo());
    var box =
        shapes(plan, Frame.class).stream()
            .filter(frame -> frame.id().equals("node oslo-1"))
            .findFirst()
            .orElseThrow();
    var inside =
        shapes(plan, Label.class).stream()
            .filter(label -> box.area().contains(label.area()))
            .map(Label::text)
            .collect(Collectors.joining(" "));

    assertThat(plan.pods())
        .extracting(Pods::name)
        .allSatisfy(name -> assertThat(inside).contains(name));
  }

  @Test
  void drawsTheWayOfCallsAndMessages() {
    assertThat(shapes(Plan.of(Fixtures.oslo()), Arrow.class))
        .extracting(Arrow::id)
        .containsExactlyInAnyOrder(
            "legend of messages",
            "legend of requests",
            "clients edge",
            "edge gateway",
            "gateway functions",
            "edge intake",
            "intake nats",
            "nats workers",
            "workers gateway",
            "functions pgbouncer",
            "pgbouncer postgres");
  }

  @Test
  void drawsNoGatewayWhereThereIsNone() {
    var plan = Stacks.patched("oslo", dev.nordfaas.config.check.PatchedConfig.WITHOUT_OPENFAAS);

    assertThat(shapes(plan, Arrow.class))
        .extracting(Arrow::id)
        .contains("edge functions", "workers functions", "schedules functions")
        .noneMatch(id -> id.contains("gateway"));
  }

  @Test
  void listsAllFunctionsWhereABoxHasNoRoomForThem() {
    var texts = texts(Stacks.manyFunctions());

    assertThat(texts).contains("40 functions").anyMatch(it -> it.matches("and [0-9]+ more"));
    assertThat(String.join(" ", texts)).contains("function-number-38");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void fitsOnASheetOfA4(String stack) {
    assertThat(Picture.of(Plan.of(Fixtures.config(stack))).page())
        .isEqualTo(new Area(0, 0, 842, 595));
  }

  @Test
  void putsListsOnAnotherSheetWhereOneIsNotEnough() {
    assertThat(Picture.of(Stacks.manyFunctions()).page()).isEqualTo(new Area(0, 0, 842, 2 * 595));
  }

  @Test
  void hasNoTextThatIsTooSmallForPrint() {
    assertThat(Arrays.stream(Font.values())).allMatch(font -> font.size() >= 7);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void isTheSameEveryTime(Plan plan) {
    assertThat(Picture.svg(plan)).isEqualTo(Picture.svg(plan));
  }

  @Test
  void isWellFormedWhateverTheConfigSays() throws Exception {
    var document = parsed(Picture.svg(Plan.of(Fixtures.oslo())));
    var texts = document.getElementsByTagName("text");
    var found = new ArrayList<String>();
    for (var index = 0; index < texts.getLength(); index++) {
      found.add(texts.item(index).getTextContent());
    }

    assertThat(found).contains("orders: orders.>");
  }

  @Test
  void saysWhatItShowsToThoseWhoDoNotSeeIt() throws Exception {
    var document = parsed(Picture.svg(Plan.of(Fixtures.oslo())));

    assertThat(document.getDocumentElement().getAttribute("role")).isEqualTo("img");
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("The platform of oslo");
    assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
        .startsWith("1 node, 2 functions. ");
  }
}
