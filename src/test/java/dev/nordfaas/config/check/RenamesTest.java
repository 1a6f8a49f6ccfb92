package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.Renamed;
import dev.nordfaas.config.Retired;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.policy.Rules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenamesTest {
  private final Problems problems = new Problems();

  record Stack(@Key("A house.") House house) {}

  @Retired(key = "colour", since = "0.1", until = "0.2", reason = "follows from the street")
  record House(
      @Key(
              value = "Floors.",
              defaultValue = "[]",
              min = 0,
              max = 9,
              renamedFrom =
                  @Renamed(
                      from = "floor",
                      since = "0.1",
                      until = "0.2",
                      shape = Renamed.Shape.ELEMENT))
          List<Integer> floors,
      @Key(value = "Rooms.", defaultValue = "{}") Map<String, Room> rooms,
      @Key(value = "Doors.", defaultValue = "[]") List<Room> doors,
      @Key(value = "The attic.", defaultValue = "{width: 5}") Room attic) {}

  record Room(
      @Key(
              value = "Its width.",
              defaultValue = "1",
              min = 1,
              max = 9,
              renamedFrom = {
                @Renamed(from = "size", since = "0.1", until = "0.2"),
                @Renamed(from = "breadth", since = "0.2", until = "0.3")
              })
          int width) {}

  @Test
  void takesTheValueOfTheEarlierName() {
    assertThat(house("{\"rooms\":{\"hall\":{\"size\":3}}}").rooms().get("hall").width())
        .isEqualTo(3);
    assertThat(warnings())
        .containsExactly(
            "nordfaas:house.rooms.hall.size: is now house.rooms.hall.width; rename it, the old name"
                + " is accepted until 0.2");
  }

  @Test
  void takesAnElementAsAListOfOne() {
    assertThat(house("{\"floor\":2}").floors()).containsExactly(2);
    assertThat(warnings())
        .containsExactly(
            "nordfaas:house.floor: is now house.floors; rename it and make it a list, the old name"
                + " is accepted until 0.2");
  }

  @Test
  void namesTheElementOfAList() {
    house("{\"doors\":[{\"width\":1},{\"breadth\":2}]}");

    assertThat(warnings())
        .containsExactly(
            "nordfaas:house.doors[1].breadth: is now house.doors[1].width; rename it, the old name"
                + " is accepted until 0.3");
  }

  /** The default is not what the user gave. */
  @Test
  void takesTheEarlierNameBesideADefaultObject() {
    assertThat(house("{\"attic\":{\"size\":7}}").attic().width()).isEqualTo(7);
    assertThat(found()).isEmpty();
  }

  @Test
  void refusesBothNames() {
    house("{\"attic\":{\"size\":7,\"width\":8}}");

    assertThat(found())
        .containsExactly(
            "nordfaas:house.attic.size: is the earlier name of house.attic.width, which is given"
                + " too; remove it");
  }

  @Test
  void refusesTwoEarlierNames() {
    house("{\"attic\":{\"size\":7,\"breadth\":8}}");

    assertThat(found())
        .containsExactly(
            "nordfaas:house.attic.breadth: is the earlier name of house.attic.width, which is given"
                + " too; remove it");
  }

  @Test
  void saysWhatIsWrongOfTheKeyThatTheUserWrote() {
    house("{\"attic\":{\"size\":\"wide\"},\"floor\":10}");

    assertThat(found())
        .satisfiesExactly(
            attic ->
                assertThat(attic)
                    .startsWith("nordfaas:house.attic.size: is the string \"wide\", not a "),
            floor -> assertThat(floor).startsWith("nordfaas:house.floor: 10 is out of range; "));
  }

  @Test
  void suggestsTheNewName() {
    house("{\"attic\":{\"widht\":3}}");

    assertThat(found())
        .containsExactly("nordfaas:house.attic.widht: is unknown; did you mean width?");
  }

  @Test
  void ignoresARetiredKeyWithAWarning() {
    house("{\"colour\":\"red\"}");

    assertThat(found()).isEmpty();
    assertThat(warnings())
        .containsExactly(
            "nordfaas:house.colour: is no longer used: it follows from the street; remove it, it is"
                + " ignored until 0.2");
  }

  /** {@code http.path} and {@code edge.node} of before 0.1. */
  @Test
  void acceptsStackOfAnEarlierRelease() {
    var yaml =
        BadConfigs.oslo(
            """
            set:
              nordfaas:edge.node: oslo-1
              nordfaas:functions.order-status.http: {path: /old, auth: {public: true}}
            """);

    var checked = ConfigLoader.load(StackFile.parse("oslo", yaml), Rules::check);

    assertThat(checked.config().edge().nodes()).containsExactly("oslo-1");
    assertThat(checked.config().functions().get("order-status").http().orElseThrow().paths())
        .containsExactly("/old");
    assertThat(checked.warnings())
        .extracting(Problems.Problem::toString)
        .contains(
            "nordfaas:edge.node: is now edge.nodes; rename it and make it a list, the old name is"
                + " accepted until 0.2",
            "nordfaas:functions.order-status.http.path: is now"
                + " functions.order-status.http.paths; rename it and make it a list, the old name"
                + " is accepted until 0.2");
  }

  private House house(String json) {
    var section = ConfigModel.group(Stack.class).keys().get(0);
    var tree = new TreeChecker(problems, false).section(Json.parse(json), section, path());
    return Binder.bind(tree, House.class);
  }

  private static KeyPath path() {
    return KeyPath.of("house");
  }

  private List<String> found() {
    return problems.sorted().stream().map(Problems.Problem::toString).toList();
  }

  private List<String> warnings() {
    return problems.warnings().stream().map(Problems.Problem::toString).toList();
  }
}
