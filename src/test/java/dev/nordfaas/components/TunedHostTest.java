package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.config.SshConfig.Bastion;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.host.Firewall;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.Sysctls;
import dev.nordfaas.host.UserData;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import dev.nordfaas.testing.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TunedHostTest {
  private static final String BASTION_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD";

  private static final String COMMAND = "command:remote:Command";

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void handsEachScriptItsDataOnStandardInput() {
    var mocks = create(Specs.oslo());

    assertThat(mocks.ofType(COMMAND))
        .extracting(Registered::name)
        .containsExactly(
            "host-oslo-1-drift",
            "host-oslo-1-facts",
            "host-oslo-1-files",
            "host-oslo-1-firewall",
            "host-oslo-1-firewall-confirm",
            "host-oslo-1-modules",
            "host-oslo-1-sysctls");
    assertThat(mocks.one(COMMAND, "host-oslo-1-sysctls").inputs())
        .containsEntry("create", NodeScript.SYSCTLS.text())
        .containsEntry("stdin", Sysctls.file(Specs.oslo()))
        .containsEntry("addPreviousOutputInEnv", false)
        .doesNotContainKeys("delete", "environment");
    for (var name : new String[] {"host-oslo-1-firewall", "host-oslo-1-firewall-confirm"}) {
      assertThat(mocks.one(COMMAND, name).inputs())
          .containsEntry("stdin", Firewall.render(Specs.oslo()));
    }
  }

  @Test
  void aSysctlChangesOnePropertyOfOneResource() {
    var before = create(Specs.oslo());
    PulumiTest.cleanup();

    var after =
        create(Specs.withSysctls(Specs.oslo(), Map.of(), Map.of("net.core.somaxconn", "4096")));

    for (var resource : after.ofType(COMMAND)) {
      var old = before.one(COMMAND, resource.name()).inputs();
      var changed =
          resource.inputs().keySet().stream()
              .filter(key -> !resource.inputs().get(key).equals(old.get(key)))
              .toList();
      if (resource.name().equals("host-oslo-1-sysctls")) {
        assertThat(changed).containsExactly("stdin");
      } else {
        assertThat(changed).as(resource.name()).isEmpty();
      }
    }
  }

  @Test
  void aDriftChangesOnlyWhatAppliesThatKindOfThing() {
    var before = create(Specs.oslo());
    PulumiTest.cleanup();
    var mocks = new RecordingMocks();
    mocks.answer("host-oslo-1-drift", "sysctls: now net.core.somaxconn: wanted 8192, found 128\n");

    var after = create(Specs.oslo(), mocks, false, host -> {});

    for (var resource : after.ofType(COMMAND)) {
      var old = before.one(COMMAND, resource.name()).inputs();
      if (resource.name().equals("host-oslo-1-sysctls")) {
        assertThat(old).containsEntry("triggers", List.of("none"));
        assertThat(resource.inputs())
            .containsEntry("triggers", List.of("now net.core.somaxconn: wanted 8192, found 128"));
      } else {
        assertThat(resource.inputs()).isEqualTo(old);
      }
    }
  }

  @Test
  void refusesAHostKeyOtherThanTheOneInTheConfig() {
    var connection = connection(create(Specs.oslo()));

    assertThat(connection)
        .containsEntry("host", "192.0.2.10")
        .containsEntry("user", "nordfaas")
        .containsEntry("port", 22L)
        .containsEntry("perDialTimeout", 15L)
        .containsEntry("hostKey", Specs.oslo().node().hostKey().text())
        .doesNotContainKeys("privateKey", "proxy");
  }

  @Test
  void logsInThroughTheBastionWithTheSameKey() {
    var oslo = Specs.oslo();
    var ssh =
        new SshConfig(
            oslo.ssh().user(),
            oslo.ssh().port(),
            Optional.of(SecretValue.of("key")),
            Optional.of(SecretValue.of("passphrase")),
            oslo.ssh().dialErrorLimit(),
            oslo.ssh().perDialTimeout(),
            Optional.of(
                new Bastion("bastion.example.no", 2222, "jump", SshHostKey.parse(BASTION_KEY))));

    var connection =
        connection(
            create(
                new HostSpec(
                    oslo.nodeName(),
                    oslo.node(),
                    oslo.host(),
                    ssh,
                    oslo.listenedPorts(),
                    oslo.podNetwork(),
                    oslo.peers(),
                    oslo.podNetworkPort(),
                    oslo.edgeProxies(),
                    oslo.virtualRouters())));

    assertThat(connection)
        .containsEntry("privateKey", "key")
        .containsEntry("privateKeyPassword", "passphrase");
    assertThat((Map<?, ?>) connection.get("proxy"))
        .isEqualTo(
            Map.of(
                "host",
                "bastion.example.no",
                "port",
                2222L,
                "user",
                "jump",
                "hostKey",
                BASTION_KEY,
                "privateKey",
                "key",
                "privateKeyPassword",
                "passphrase",
                "dialErrorLimit",
                10L,
                "perDialTimeout",
                15L));
  }

  @Test
  void givesUserDataFactsAndReadiness() {
    var host = new AtomicReference<TunedHost>();

    create(Specs.oslo(), false, host::set);

    assertThat(value(host.get().userData())).contains(UserData.render(Specs.oslo()));
    assertThat(value(host.get().facts())).contains("stdout-of-host-oslo-1-facts");
    assertThat(value(host.get().ready())).contains(true);
  }

  @Test
  void knowsOnlyTheUserDataBeforeTheFirstUp() {
    var host = new AtomicReference<TunedHost>();

    create(Specs.oslo(), true, host::set);

    assertThat(value(host.get().userData())).contains(UserData.render(Specs.oslo()));
    assertThat(value(host.get().ready())).isEmpty();
  }

  private static RecordingMocks create(HostSpec spec) {
    return create(spec, false, host -> {});
  }

  private static RecordingMocks create(HostSpec spec, boolean preview, Consumer<TunedHost> then) {
    return create(
        spec, preview ? RecordingMocks.ofFirstPreview() : new RecordingMocks(), preview, then);
  }

  private static RecordingMocks create(
      HostSpec spec, RecordingMocks mocks, boolean preview, Consumer<TunedHost> then) {
    var args = TunedHostArgs.of(spec, HostNeeds.NONE);
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context ->
                then.accept(
                    new TunedHost("host-" + spec.nodeName(), args, ComponentResourceOptions.Empty)))
        .throwOnError();
    return mocks;
  }

  @SuppressWarnings("unchecked") // An object has string keys.
  private static Map<String, Object> connection(RecordingMocks mocks) {
    return (Map<String, Object>)
        mocks.one(COMMAND, "host-oslo-1-sysctls").inputs().get("connection");
  }

  private static <T> Optional<T> value(Output<T> output) {
    return PulumiTestInternal.extractOutputData(output).getValueOptional();
  }
}
