package dev.nordfaas.command.remote.inputs;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A jump host. */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
public final class ProxyConnectionArgs extends ResourceArgs {
  @Import(name = "host", required = true)
  private @Nullable Output<String> host;

  @Import(name = "port")
  private @Nullable Output<Double> port;

  @Import(name = "user")
  private @Nullable Output<String> user;

  @Import(name = "password")
  private @Nullable Output<String> password;

  @Import(name = "privateKey")
  private @Nullable Output<String> privateKey;

  @Import(name = "privateKeyPassword")
  private @Nullable Output<String> privateKeyPassword;

  @Import(name = "agentSocketPath")
  private @Nullable Output<String> agentSocketPath;

  @Import(name = "hostKey")
  private @Nullable Output<String> hostKey;

  @Import(name = "dialErrorLimit")
  private @Nullable Output<Integer> dialErrorLimit;

  @Import(name = "perDialTimeout")
  private @Nullable Output<Integer> perDialTimeout;

  private ProxyConnectionArgs() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Builds ProxyConnectionArgs; every setter takes a value or an output. */
  public static final class Builder {
    private final ProxyConnectionArgs args = new ProxyConnectionArgs();

    private Builder() {}

    /** Host name or address. */
    public Builder host(Output<String> host) {
      args.host = host;
      return this;
    }

    /** Host name or address. */
    public Builder host(String host) {
      return host(Output.of(host));
    }

    /** TCP port; default 22. */
    public Builder port(Output<Double> port) {
      args.port = port;
      return this;
    }

    /** TCP port; default 22. */
    public Builder port(int port) {
      return port(Output.of((double) port));
    }

    /** User to log in as; default root. */
    public Builder user(Output<String> user) {
      args.user = user;
      return this;
    }

    /** User to log in as; default root. */
    public Builder user(String user) {
      return user(Output.of(user));
    }

    /** Password of the user. */
    public Builder password(Output<String> password) {
      args.password = password.asSecret();
      return this;
    }

    /** Password of the user. */
    public Builder password(String password) {
      return password(Output.of(password));
    }

    /** Private key in PEM or OpenSSH format. */
    public Builder privateKey(Output<String> privateKey) {
      args.privateKey = privateKey.asSecret();
      return this;
    }

    /** Private key in PEM or OpenSSH format. */
    public Builder privateKey(String privateKey) {
      return privateKey(Output.of(privateKey));
    }

    /** Passphrase of the private key. */
    public Builder privateKeyPassword(Output<String> privateKeyPassword) {
      args.privateKeyPassword = privateKeyPassword.asSecret();
      return this;
    }

    /** Passphrase of the private key. */
    public Builder privateKeyPassword(String privateKeyPassword) {
      return privateKeyPassword(Output.of(privateKeyPassword));
    }

    /** Socket of the SSH agent; default SSH_AUTH_SOCK. */
    public Builder agentSocketPath(Output<String> agentSocketPath) {
      args.agentSocketPath = agentSocketPath;
      return this;
    }

    /** Socket of the SSH agent; default SSH_AUTH_SOCK. */
    public Builder agentSocketPath(String agentSocketPath) {
      return agentSocketPath(Output.of(agentSocketPath));
    }

    /** Public host key in OpenSSH format; any other is refused. */
    public Builder hostKey(Output<String> hostKey) {
      args.hostKey = hostKey;
      return this;
    }

    /** Public host key in OpenSSH format; any other is refused. */
    public Builder hostKey(String hostKey) {
      return hostKey(Output.of(hostKey));
    }

    /** Dial attempts before giving up; default 10, 0 or less: unlimited. */
    public Builder dialErrorLimit(Output<Integer> dialErrorLimit) {
      args.dialErrorLimit = dialErrorLimit;
      return this;
    }

    /** Dial attempts before giving up; default 10, 0 or less: unlimited. */
    public Builder dialErrorLimit(Integer dialErrorLimit) {
      return dialErrorLimit(Output.of(dialErrorLimit));
    }

    /** Time limit of one dial attempt in seconds; default 15, 0: none. */
    public Builder perDialTimeout(Output<Integer> perDialTimeout) {
      args.perDialTimeout = perDialTimeout;
      return this;
    }

    /** Time limit of one dial attempt in seconds; default 15, 0: none. */
    public Builder perDialTimeout(Integer perDialTimeout) {
      return perDialTimeout(Output.of(perDialTimeout));
    }

    public ProxyConnectionArgs build() {
      Objects.requireNonNull(args.host, "host");
      return args;
    }
  }
}
