# Shared by the tools and the lab's commands: the nodes of a stack config, before the program reads it.
# shellcheck shell=bash

# node_values FILE KEY...: a line for each node, in their order: its name, and the values of the keys.
node_values() {
  awk -v keys="${*:2}" '
    function print_node(  i, line) {
      if (name == "") return
      line = name
      for (i = 1; i <= count; i++) { line = line " " value[i]; value[i] = "" }
      print line
    }
    BEGIN { count = split(keys, key, " ") }
    /^  "?nordfaas:nodes"?:/ { inside = 1; next }
    inside && /^( |  )?[^ #]/ { inside = 0 }
    inside && /^    [^ #][^ ]*: *(#.*)?$/ { print_node(); name = substr($1, 1, length($1) - 1) }
    inside { for (i = 1; i <= count; i++) if ($1 == key[i] ":") value[i] = $2 }
    END { print_node() }
  ' "$1" | tr -d "\"'"
}
