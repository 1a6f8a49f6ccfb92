package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.config.model.Quote;
import dev.nordfaas.template.Yaml;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public keys as people copy them. The keys were made by ssh-keygen of OpenSSH 9.2. */
class SshKeysTest {
  private static final String ED =
      "AAAAC3NzaC1lZDI1NTE5AAAAIEzCewpWQFDu3g+gA8Q1W9KFu6wCfkMbdZz9t4Sa50T3";
  private static final String EC256 =
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAQNYvYSg7Yi8ARaOLY54Jb0h+VIZPUd+sJK"
          + "euX8wTzhp/a4iyQFYBEzcEztssJqCF9iElRdJeAFfmffQxovx5w=";
  private static final String EC384 =
      "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBBylCk6Aklee4BG0qU9CKAWrGwBaTPr54oFi"
          + "mOqCN1b6jyFZTlu+CGoFzdSnG4Eyl8+qrfwnQg5UkN7OWFD7jNyjA7K0uepgI0BrWEMoNgR1FcJ7htQEmj/FnKqT"
          + "tKPhKg==";
  private static final String EC521 =
      "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAArl3pZiv/2mzey7F/Ri5hbwI+hlg1ROE6u"
          + "Mq/MSMHMl3sevxZXxuDUD/lMtx1OAAIdNZTotBEkG5Y2NkjwPDcPpgGpx6Yci6BklgMf9qjnXt2JKESXdOqmkyj0"
          + "jq9jGbA6Xwe8xkuLitAoXwBREtwMIQp1Lr0P+5+vL4Ch0QApNhszZg==";
  private static final String RSA =
      "AAAAB3NzaC1yc2EAAAADAQABAAABAQCkt7avkESaRdrSAw0m0HHSdM7g1cljrMgexFOSD4xN9z4bZolz8FmcBmZh"
          + "rbkUW7yJJLCRk/uk/P6dH/pss5IjjskdLzhG8NmvGGh+uWiwVvS87nDTpaPaXovHsu4wwE81Svw3IGxG93fEbuxL"
          + "AC+/Q3eypwCLco+exoCPLcwmbQIdapzLz4YlEeyMxPrhIfnlMxKReaVk7NekPWPGCbiY4BJlePUWzJNagQIkjInJ"
          + "tdBkawWbbes8hPT2zTV7OfG0uwoGeRdS+4nb7IKv2wpOhGxPAL1jb7C62TzT6e+V7lnyiHcwsi9oWRKNj8RQGbQH"
          + "utWnmIYU9fh8Yrr9+UhV";
  private static final String RSA_1024 =
      "AAAAB3NzaC1yc2EAAAADAQABAAAAgQDNzafe+tGXSGmmZCoQcVQtZHLZqdV0ZNdbeYi4zrDqWaFqMvrTsy/eKLWm"
          + "t2sgeFs+c1X0oH79U0pWL1wJWrO91vC7roAh2Q/OnZdN+QU65CAdUzV3tivpAKehFT60HPfLaSYcwA2uK0ZhXPoE"
          + "8JcXQKJ5JVmK3oCE1WiPtbycXQ==";
  private static final String DSA =
      "AAAAB3NzaC1kc3MAAACBANeAUyyMiBWPlzgIhAovs7GZLjaVAoyrV/O1bYLak8c1zddtfIoCkhj7BzAPMmNkotVU"
          + "AqJTVSzGqCVnSuy0LpXrNMbmV/eIzvIhE0Zh3zc+wKSrJWWQa3oof58tOY+C7ls/BbMUt4DY1NuXwZ5TNAvmgOOa"
          + "verBLRh0Bl7VrGQdAAAAFQCFSHBRwAJFnCVBAUsAR0RUpdKrfQAAAIAYFsKE5Dd8dj5OKCEQfbSACBKe5xH/Umke"
          + "g8tb8t1/oPcLpKRrLFOmrqDOmBwUYnBTnZDMUV0eOl2mYHNh+R4KmL8ueHESKpJ3mTC0nRSNouHgeR2CcC8jdbuC"
          + "NgleZPHR8W/5kY2/hLYSrDLv6efxtVKKkbgZr6Pv1Sv6Pqyr/QAAAIBpzNd2OpaBnlNvkHo57Ogy11czpnUHTAT1"
          + "H3XNNGulU/YjyNQuxnjaHdWhKVTiOoGwHaZTnaTJG3aHlr8webe3d+UxCj8tXkUUyuau5X1Wff+P43JhhW/38rev"
          + "azyEUkCXx/nWF36waPqinlkx38VMXhta/zeUzjv5PgeeJBn42A==";
  private static final String SK =
      "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
          + "AAAABHNzaDo=";
  private static final String SK_EC =
      "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBAQNYvYSg7Yi8ARa"
          + "OLY54Jb0h+VIZPUd+sJKeuX8wTzhp/a4iyQFYBEzcEztssJqCF9iElRdJeAFfmffQxovx5wAAAAEc3NoOg==";
  private static final String WRONG_CURVE =
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAzODQAAABBBAQNYvYSg7Yi8ARaOLY54Jb0h+VIZPUd+sJK"
          + "euX8wTzhp/a4iyQFYBEzcEztssJqCF9iElRdJeAFfmffQxovx5w=";
  private static final String TOO_LONG =
      "AAAAC3NzaC1lZDI1NTE5AAAAIEzCewpWQFDu3g+gA8Q1W9KFu6wCfkMbdZz9t4Sa50T3MTIzNDU=";

  private static final String TAIL =
      "copy the whole line again, as one line, from the file that ends in .pub";
  private static final String KEYSCAN = "write what 'ssh-keyscan -t ed25519 ADDRESS' prints";
  private static final String NEW_KEY = "make an Ed25519 key: ssh-keygen -t ed25519";

  private static List<String> problems(String key, String value) {
    return RuleCheck.problems(
        (config, plan, problems) -> {}, "set: {%s: %s}".formatted(key, Yaml.quote(value)));
  }

  private static void refused(String key, String value, String reason, String fix) {
    assertThat(problems("nordfaas:" + key, value))
        .containsExactly("%s: %s %s; %s".formatted(key, Quote.of(value), reason, fix));
  }

  @Nested
  class OfAHost {
    private static final String KEY = "nodes.oslo-1.hostKey";

    private static Stream<String> accepted() {
      return Stream.of(
          "ssh-ed25519 " + ED,
          "  ssh-ed25519   " + ED + "\n",
          "192.0.2.10 ssh-ed25519 " + ED,
          "oslo-1.example.no,192.0.2.10 ssh-ed25519 " + ED,
          "[192.0.2.10]:2222 ssh-ed25519 " + ED,
          "2001:db8::1 ssh-ed25519 " + ED,
          "|1|n3aEC1jeSDYJGi5RDEdEhlJjDeo=|r0jOAS7S/vuC4jzC+Yhtodu6/8Q= ssh-ed25519 " + ED,
          "# 192.0.2.10:22 SSH-2.0-OpenSSH_9.2p1 Debian-2\n192.0.2.10 ssh-ed25519 " + ED + "\n",
          """
          # 192.0.2.10:22 SSH-2.0-OpenSSH_9.2p1
          192.0.2.10 ssh-rsa %s
          # 192.0.2.10:22 SSH-2.0-OpenSSH_9.2p1
          192.0.2.10 ecdsa-sha2-nistp256 %s
          # 192.0.2.10:22 SSH-2.0-OpenSSH_9.2p1
          192.0.2.10 ssh-ed25519 %s
          """
              .formatted(RSA, EC256, ED));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void isTakenFromWhatSshKeyscanPrints(String text) {
      assertThat(SshHostKey.parse(text).text()).isEqualTo("ssh-ed25519 " + ED);
      assertThat(problems("nordfaas:" + KEY, text)).isEmpty();
    }

    @Test
    void keepsItsComment() {
      assertThat(SshHostKey.parse("ssh-ed25519 " + ED + " root@oslo-1  x").text())
          .isEqualTo("ssh-ed25519 " + ED + " root@oslo-1  x");
    }

    @Test
    void mayBeEcdsa() {
      for (var key :
          List.of(
              "ecdsa-sha2-nistp256 " + EC256,
              "ecdsa-sha2-nistp384 " + EC384,
              "ecdsa-sha2-nistp521 " + EC521)) {
        assertThat(SshHostKey.parse("192.0.2.10 " + key).text()).isEqualTo(key);
      }
    }

    @Test
    void cannotBeRsa() {
      refused(
          KEY,
          "192.0.2.10 ssh-rsa " + RSA,
          "is an RSA key, which the Command plug-in cannot check",
          KEYSCAN);
    }

    @Test
    void isNothingElse() {
      refused(
          KEY, "ssh-dss " + DSA, "is a DSA key, which OpenSSH has not accepted since 7.0", NEW_KEY);
      refused(
          KEY,
          "sk-ssh-ed25519@openssh.com " + SK,
          "is the key of a person's security token, and no host's",
          KEYSCAN);
      refused(
          KEY,
          "@cert-authority *.example.no ssh-ed25519 " + ED,
          "has the mark @cert-authority of known_hosts, and only a host's own key can be checked",
          KEYSCAN);
      refused(KEY, "# 192.0.2.10:22 SSH-2.0-OpenSSH_9.2p1\n", "has no key", KEYSCAN);
      refused(KEY, "oslo-1", "is no public key", KEYSCAN);
      refused(
          KEY,
          "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
          "is a fingerprint",
          "write the public key, such as 'ssh-ed25519 AAAA...'");
    }

    @Test
    void ofTheBastionIsReadInTheSameWay() {
      assertThat(
              RuleCheck.problems(
                  (config, plan, problems) -> {},
                  "set: {nordfaas:ssh.bastion: {host: b.example.no, hostKey: '[b.example.no]:2222 ssh-ed25519 "
                      + ED
                      + "'}}"))
          .isEmpty();
    }
  }

  @Nested
  class OfAPerson {
    private static final String KEY = "host.authorizedKeys[0]";

    private static void refusedKey(String value, String reason, String fix) {
      assertThat(problemsInList(value))
          .containsExactly("%s: %s %s; %s".formatted(KEY, Quote.of(value), reason, fix));
    }

    private static List<String> problemsInList(String value) {
      return RuleCheck.problems(
          (config, plan, problems) -> {},
          "set: {nordfaas:host.authorizedKeys: [%s]}".formatted(Yaml.quote(value)));
    }

    private static Stream<String> accepted() {
      return Stream.of(
          "ssh-ed25519 " + ED,
          "ssh-ed25519 " + ED + " ola",
          "ssh-rsa " + RSA,
          "ecdsa-sha2-nistp256 " + EC256,
          "ecdsa-sha2-nistp384 " + EC384,
          "ecdsa-sha2-nistp521 " + EC521 + " ola nordmann, \"work\"",
          "sk-ssh-ed25519@openssh.com " + SK + " token",
          "sk-ecdsa-sha2-nistp256@openssh.com " + SK_EC);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void isOfEveryTypeThatSshdTakes(String text) {
      assertThat(SshAuthorizedKey.parse(text).text()).isEqualTo(text);
      assertThat(problemsInList(text)).isEmpty();
    }

    @Test
    void mayHaveMoreSpaces() {
      assertThat(SshAuthorizedKey.parse(" ssh-ed25519 \t" + ED + "  ola \n").text())
          .isEqualTo("ssh-ed25519 " + ED + " ola");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from=\"192.0.2.0/24,!192.0.2.7\"", "from=\"192.0.2.1\",no-pty"})
    void isNotRestrictedByAddress(String options) {
      refusedKey(
          options + " ssh-ed25519 " + ED + " ola",
          "restricts by 'from' where one key is used from, which the firewall does for all",
          "write the addresses into host.firewall.sshCidrs, and the key alone");
    }

    @ParameterizedTest
    @CsvSource({
      "restrict, restrict",
      "'no-pty,no-X11-forwarding', no-pty",
      "'permitopen=\"a:1\"', permitopen"
    })
    void hasNoOptions(String options, String name) {
      refusedKey(
          options + " ssh-ed25519 " + ED,
          "has the option %s, and whoever logs in here may become root whatever it says"
              .formatted(name),
          "write the key alone, from its type on");
    }

    @Test
    void runsNoCommandInsteadOfPulumis() {
      refusedKey(
          "command=\"echo \\\"Please log in as debian\\\"\" ssh-ed25519 " + ED,
          "has the option command, which would run instead of what Pulumi asks for",
          "write the key alone, from its type on");
    }

    @Test
    void isNoCertificateAuthority() {
      refusedKey(
          "cert-authority ssh-ed25519 " + ED,
          "is the key of a certificate authority, and certificates are not supported",
          "write the public key of each person");
      refusedKey(
          "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTI",
          "is a certificate, and not the key itself",
          "write the public key that it certifies");
    }

    @Test
    void doesNotExpire() {
      refusedKey(
          "expiry-time=\"20270101\" ssh-ed25519 " + ED,
          "has the option expiry-time, which is not supported",
          "write the key alone, and remove it when its time has come");
    }

    @Test
    void isStrongEnough() {
      refusedKey(
          "ssh-dss " + DSA, "is a DSA key, which OpenSSH has not accepted since 7.0", NEW_KEY);
      refusedKey(
          "ssh-rsa " + RSA_1024,
          "is an RSA key of 1024 bits, and fewer than 2048 are not safe",
          NEW_KEY);
      refusedKey(
          "ssh-xmss@openssh.com AAAAFHNzaC14bXNzQG9wZW5zc2guY29t",
          "is of the type ssh-xmss@openssh.com, which nordfaas does not know",
          NEW_KEY);
    }

    @Test
    void isWhole() {
      refusedKey("ssh-ed25519", "has a type, but no key", TAIL);
      refusedKey(
          "ssh-ed25519 " + ED.substring(0, 48), "is cut off: the data of the key goes on", TAIL);
      refusedKey(
          "ssh-ed25519 " + ED.substring(0, 45) + " " + ED.substring(45),
          "is cut off or mistyped: after ssh-ed25519 there is no base64",
          TAIL);
      refusedKey(
          "ssh-ed25519 AAAA...",
          "is cut off or mistyped: after ssh-ed25519 there is no base64",
          TAIL);
      refusedKey("ssh-ed25519 " + TOO_LONG, "has 5 bytes too many for ssh-ed25519", TAIL);
    }

    @Test
    void isOfTheTypeThatItSays() {
      refusedKey(
          "ssh-ed25519 " + EC256,
          "says ssh-ed25519, but its data is a key of type ecdsa-sha2-nistp256",
          TAIL);
      refusedKey(
          "ecdsa-sha2-nistp256 " + WRONG_CURVE,
          "says ecdsa-sha2-nistp256, but its data is of another curve",
          TAIL);
    }

    @Test
    void isNothingElse() {
      refusedKey(
          "ssh-ed25519 " + ED + "\nssh-ed25519 " + ED,
          "has several lines",
          "write each key as an element of the list");
      refusedKey(
          "oslo-1.example.no ssh-ed25519 " + ED,
          "begins with the name of a host",
          "write the key alone, from its type on");
      refusedKey("~/.ssh/id_ed25519.pub", "is the name of a file", "write what is in it");
      refusedKey(
          "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
          "is in the format of RFC 4716, as PuTTY saves keys",
          "write what 'ssh-keygen -i -f FILE' prints");
      refusedKey(
          "ola",
          "is no public key",
          "use a public key in OpenSSH format, such as 'ssh-ed25519 AAAA... ola'");
    }

    @Test
    void isNotShownIfItIsPrivate() {
      assertThat(problemsInList("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n"))
          .containsExactly(
              KEY
                  + ": the value is a private key, which must not be here; make a new pair of keys,"
                  + " and write the public one, from the file that ends in .pub");
    }
  }
}
