"""The same resources in other languages: programs for Pulumi's Node.js SDK and for Pulumi YAML, from what the
engine says of ours.

From a preview (`pulumi preview --json`): an input that is unknown there becomes a reference to an output of a resource
that it depends on, a secret becomes a secret that is made up, everything else a literal. From a state
(`pulumi stack export --show-secrets`): every input is a literal, and a secret stays one.
"""

import collections
import json

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "[secret]"
STACK = "pulumi:pulumi:Stack"
MADE_UP = "made-up-for-this-benchmark"
SIGNATURE = "4dabf18193072939515e22adb298388d"  # the key of what is no plain value in a state
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


def registered(preview):
    """The resources of a preview but the stack itself, each after those that it refers to."""
    steps = [it["newState"] for it in json.loads(preview[preview.index("{"):])["steps"] if "newState" in it]
    by_urn = {it["urn"]: it for it in steps}
    ordered, seen = [], set()

    def visit(state):
        # Without recursion: chains of functions are long.
        stack = [(state, iter(needs(state)))]
        seen.add(state["urn"])
        while stack:
            it, others = stack[-1]
            other = next((urn for urn in others if urn in by_urn and urn not in seen), None)
            if other is None:
                ordered.append(it)
                stack.pop()
            else:
                seen.add(other)
                stack.append((by_urn[other], iter(needs(by_urn[other]))))

    for state in steps:
        if state["urn"] not in seen:
            visit(state)
    return [it for it in ordered if it["type"] != STACK]


def provider_of(state):
    """The URN of an explicit provider, or nothing."""
    urn = state.get("provider", "").rpartition("::")[0]
    return "" if "::default_" in urn else urn


def needs(state):
    urns = [state.get("parent", ""), provider_of(state), *state.get("dependencies", [])]
    for others in state.get("propertyDependencies", {}).values():
        urns += others
    return [it for it in dict.fromkeys(urns) if it]


def types(preview, custom_only=False):
    """How many resources of each type there are."""
    steps = json.loads(preview[preview.index("{"):])["steps"]
    return collections.Counter(
        it["newState"]["type"] for it in steps
        if "newState" in it and (it["newState"].get("custom") or not custom_only) and it["newState"]["type"] != STACK)


def output_of(kind):
    """An output that resources of a type have."""
    return "stdout" if kind.startswith("command:") else "id"


# What has a value of another shape than a text, where the preview shows none of it.
SHAPES = {
    "connection": lambda it: {"host": "192.0.2.10", "port": 22, "user": "root", "privateKey": it},
    "triggers": lambda it: [it],
    **dict.fromkeys(("annotations", "data", "environment", "labels", "matchLabels", "stringData"),
                    lambda it: {"value": it}),
}


def converted(value, reference, secret, key=""):
    """The inputs, with what `reference` and `secret` give for what has no value in the preview."""
    if value in (UNKNOWN, SECRET):
        found = reference() if value == UNKNOWN else secret()
        return SHAPES[key](found) if key in SHAPES else found
    if isinstance(value, dict):
        return {name: converted(it, reference, secret, name) for name, it in value.items()}
    if isinstance(value, list):
        return [converted(it, reference, secret) for it in value]
    return value


def inputs(state, kinds, refer, secret):
    """`kinds`: the type of each URN. `refer(urn, output)`: a reference."""
    found = {}
    for name, value in state.get("inputs", {}).items():
        others = state.get("propertyDependencies", {}).get(name, []) or state.get("dependencies", [])
        # The output of a command is a text, and what most of what is unknown consists of.
        others = sorted((it for it in others if it in kinds), key=lambda it: not kinds[it].startswith("command:"))

        def reference(others=others):
            return refer(others[0], output_of(kinds[others[0]])) if others else MADE_UP

        found[name] = converted(value, reference, secret, name)
    return as_written(found) if state["type"].startswith("pulumi:providers:") else found


def as_written(provider):
    """The engine keeps a provider's inputs as text, beside what it adds itself."""
    found = {}
    for name, value in provider.items():
        if name not in ("__internal", "version"):
            found[name] = json.loads(value) if value in ("true", "false") else value
    return found


def is_component(state):
    return not state.get("custom")


def name_of(state):
    return state["urn"].rpartition("::")[2]


# -------------------------------------------------------------------------------------------- Node.js

NODE = """"use strict";
const pulumi = require("@pulumi/pulumi");
const kubernetes = require("@pulumi/kubernetes");
const command = require("@pulumi/command");

const resources = JSON.parse(require("fs").readFileSync("resources.json", "utf8"));
const made = [];

function value(it) {
  if (Array.isArray(it)) return it.map(value);
  if (it === null || typeof it !== "object") return it;
  if ("$output" in it) return made[it.$of][it.$output];
  if ("$secret" in it) return pulumi.secret(value(it.$secret));
  const found = {};
  for (const key of Object.keys(it)) found[key] = value(it[key]);
  return found;
}

function constructor(type) {
  if (type === "pulumi:providers:kubernetes") return kubernetes.Provider;
  const [module, path, name] = type.split(":");
  if (module === "command") return command[path][name];
  const [group, version] = path.split("/");
  return kubernetes[group.split(".")[0]]?.[version]?.[name] ?? kubernetes.apiextensions.CustomResource;
}

for (const it of resources) {
  const options = { ...it.options };
  if ("parent" in options) options.parent = made[options.parent];
  if ("provider" in options) options.provider = made[options.provider];
  if (options.dependsOn) options.dependsOn = options.dependsOn.map((at) => made[at]);
  made.push(
    it.component
      ? new pulumi.ComponentResource(it.type, it.name, {}, options)
      : new (constructor(it.type))(it.name, value(it.inputs), options),
  );
  if (it.outputs) made.at(-1).registerOutputs(value(it.outputs));
}
"""
EXPORTS = """
module.exports = value(JSON.parse(require("fs").readFileSync("outputs.json", "utf8")));
"""


def options(state, place):
    """Resource options that all have."""
    found = {}
    if state.get("parent") in place:
        found["parent"] = place[state["parent"]]
    if provider_of(state) in place:
        found["provider"] = place[provider_of(state)]
    depends = [place[it] for it in state.get("dependencies", []) if it in place]
    if depends:
        found["dependsOn"] = depends
    for key in ("protect", "ignoreChanges", "additionalSecretOutputs"):
        if state.get(key):
            found[key] = state[key]
    return found


def node(states):
    """The files of a program for Node.js: plain JavaScript, so that nothing is compiled in its time."""
    place = {it["urn"]: number for number, it in enumerate(states)}
    kinds = {it["urn"]: it["type"] for it in states}
    resources = [
        {
            "type": it["type"],
            "name": name_of(it),
            "component": is_component(it),
            "inputs": inputs(it, kinds, lambda urn, output: {"$of": place[urn], "$output": output},
                             lambda: {"$secret": MADE_UP}),
            "options": options(it, place),
        }
        for it in states
    ]
    return node_files(NODE, resources)


def node_files(program, resources):
    return {
        "Pulumi.yaml": "name: nordfaas\nruntime:\n  name: nodejs\n  options: {typescript: false}\n",
        "index.js": program,
        "package.json": '{"name": "nordfaas", "main": "index.js"}\n',
        "resources.json": json.dumps(resources),
    }


def node_of_state(states):
    """The files of a program for Node.js that registers what is in a state with its secrets shown, with its outputs."""
    registering = [it for it in states if it["type"] != STACK and not is_default_provider(it)]
    place = {it["urn"]: number for number, it in enumerate(registering)}
    outputs = next((it.get("outputs", {}) for it in states if it["type"] == STACK), {})
    return {
        **node_files(NODE + EXPORTS, [registration(it, place) for it in registering]),
        "outputs.json": json.dumps(literal(outputs)),
    }


def registration(state, place):
    found = {"type": state["type"], "name": name_of(state), "component": is_component(state),
             "options": options_of_state(state, place)}
    if is_component(state):
        return {**found, "outputs": literal(state.get("outputs", {}))}
    values = literal(state.get("inputs", {}))
    return {**found, "inputs": as_written(values) if state["type"].startswith("pulumi:providers:") else values}


def is_default_provider(state):
    """The engine adds these itself."""
    return state["type"].startswith("pulumi:providers:") and name_of(state).startswith("default_")


def literal(value):
    """A value of a state with its secrets shown."""
    if isinstance(value, dict):
        if SIGNATURE in value:
            if value[SIGNATURE] != SECRET_SIGNATURE or "plaintext" not in value:
                raise ValueError("the state has an asset, a reference or a secret that is not shown")
            # It is JSON, and may have secrets of its own.
            return {"$secret": literal(json.loads(value["plaintext"]))}
        return {name: literal(it) for name, it in value.items()}
    return [literal(it) for it in value] if isinstance(value, list) else value


def options_of_state(state, place):
    found = options(state, place)
    if state["type"] == "kubernetes:core/v1:Secret":
        found.pop("additionalSecretOutputs", None)  # the SDK adds them itself
    for key in ("aliases", "retainOnDelete"):
        if state.get(key):
            found[key] = state[key]
    if state.get("customTimeouts"):
        found["customTimeouts"] = {key: f"{seconds}s" for key, seconds in state["customTimeouts"].items()}
    return found


# ----------------------------------------------------------------------------------------------- YAML

def yaml(states):
    """A program in Pulumi YAML. It has no components of its own: what they hold is registered without them. JSON is
    YAML, and its strings need no other quotes; "${" is written twice where it is no reference."""
    custom = [it for it in states if not is_component(it)]
    place = {it["urn"]: f"r{number}" for number, it in enumerate(custom)}
    kinds = {it["urn"]: it["type"] for it in custom}
    lines = ["name: nordfaas", "runtime: yaml", "resources:"]
    for it in custom:
        found = escaped(inputs(it, kinds, lambda urn, output: Reference(f"${{{place[urn]}.{output}}}"),
                               lambda: {"fn::secret": MADE_UP}))
        opts = options(it, {urn: Reference(f"${{{name}}}") for urn, name in place.items()})
        lines += [f"  {place[it['urn']]}:", f"    type: {it['type']}", f"    name: {json.dumps(name_of(it))}",
                  f"    properties: {json.dumps(found)}"]
        if opts:
            lines.append(f"    options: {json.dumps(opts)}")
    return {"Pulumi.yaml": "\n".join(lines) + "\n"}


class Reference(str):
    """A text that YAML has to read as a reference."""


def escaped(value):
    if isinstance(value, dict):
        return {key: escaped(it) for key, it in value.items()}
    if isinstance(value, list):
        return [escaped(it) for it in value]
    if isinstance(value, str) and not isinstance(value, Reference):
        return value.replace("${", "$${")
    return value
