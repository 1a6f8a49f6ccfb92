package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.apps.v1.StatefulSet;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.config.OpenFaasConfig.JetStreamConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.VolumeOrigin;
import dev.nordfaas.openfaas.JetStreamQueue;
import java.util.List;

/** OpenFaaS' own queue on JetStream, for the standard edition. */
final class OpenFaasQueue {
  private OpenFaasQueue() {}

  /** Returns the NATS server, which the gateway needs when it starts. */
  static Resource create(
      Component owner,
      JetStreamConfig config,
      GatewayConfig gateway,
      PullSecret pullSecret,
      List<Resource> after) {
    var options = owner.childOptions(after);
    var conf = JetStreamQueue.natsConf(config);
    var volumeOrigin =
        Origin.ofVolume(
            owner.child("nats-volume-origin"),
            KeyPath.of("openfaas", "jetstream", "storage"),
            config.storage(),
            VolumeOrigin.Holder.CLAIM,
            owner);
    var account =
        new ServiceAccount(
            owner.child("queue-account"), JetStreamQueue.account(pullSecret), options);
    var service = new Service(owner.child("nats-service"), JetStreamQueue.natsService(), options);
    var nats =
        new StatefulSet(
            owner.child("nats"),
            JetStreamQueue.nats(config, conf),
            Component.keepingVolumes(
                owner.childOptions(
                    List.of(
                        account,
                        service,
                        new ConfigMap(
                            owner.child("nats-config"),
                            JetStreamQueue.natsConfig(Origin.after(volumeOrigin, Output.of(conf))),
                            options),
                        new NetworkPolicy(
                            owner.child("nats-policy"),
                            JetStreamQueue.natsPolicy().args(),
                            options)))));
    var policy =
        new NetworkPolicy(
            owner.child("queue-worker-policy"), JetStreamQueue.workerPolicy().args(), options);
    new Deployment(
        owner.child("queue-worker"),
        JetStreamQueue.worker(config, gateway),
        owner.childOptions(List.of(nats, policy)));
    return nats;
  }
}
