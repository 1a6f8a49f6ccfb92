package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Sessions with the database from functions' pods, through PgBouncer: each writes a row and reads
 * it back, again and again. One whose connection breaks, or does not answer for five seconds,
 * connects anew after a second and writes the row once more.
 *
 * <p>They are started beside the Kubernetes API, in the namespaces of the pod's container, so that
 * they do not end with an API server or a kubelet.
 */
final class SqlSessions implements AutoCloseable {
  /** Rows per second that one session writes at the most. */
  private static final int RATE_OF_ONE = 10;

  /** Where the rows are. */
  static final String TABLE = "public.fault_rows";

  /**
   * Arguments: the beginning of all ids, how many sessions there are, and how long each waits
   * between two rows. Ends with its standard input.
   *
   * <p>A second try updates the row: an insert that found one there would write nothing, and so
   * would not wait until a row that the first try had left behind is on a standby.
   */
  static final String SCRIPT =
      """
      trap '' PIPE
      prefix=$1 sessions=$2 pause=$3 work=$(mktemp -d)
      cd "$work" || exit
      session() {
        n=$1 i=0 connection=0 open=
        while [ ! -e stop ]; do
          i=$((i + 1)) id=$prefix-$n-$i sent=$(date +%s%3N)
          try
          first=$result
          if [ "$result" != 200 ]; then sleep 1; try; fi
          printf 'session\\t%s\\t\\t%s\\t%s\\t%s\\t%s\\n' "$id" "$sent" "$(date +%s%3N)" "$first" "$result"
          sleep "$pause"
        done
      }
      try() {
        [ -n "$open" ] || connect
        echo "$connection $i $(date +%s)" >"at-$n"
        printf "INSERT INTO TABLE VALUES ('%s') ON CONFLICT (id) DO UPDATE SET tries = fault_rows.tries + 1; SELECT id FROM TABLE WHERE id = '%s';\\n" "$id" "$id" >&3
        read -r line <&4
        if [ "$line" = "$id" ]; then result=200; else result="lost: $(head -n 1 "errors-$n" | tr '\\t' ' ')" open=; fi
      }
      connect() {
        connection=$((connection + 1))
        mkfifo "in-$n-$connection" "out-$n-$connection"
        (
          sh -c 'echo $$ >"pid-$1"; exec psql -XAtq -v ON_ERROR_STOP=1 2>"errors-$1"' sh "$n"
          echo gone
        ) <"in-$n-$connection" >"out-$n-$connection" &
        exec 3<>"in-$n-$connection" 4<>"out-$n-$connection"
        open=yes
      }
      # Ends connections whose row has taken five seconds.
      watch() {
        while sleep 1; do
          now=$(date +%s)
          for n in $(seq "$sessions"); do
            read -r connection i since <"at-$n" || continue
            if [ "$((now - since))" -ge 5 ]; then kill -9 "$(cat "pid-$n")"; fi
          done
        done
      } 2>/dev/null
      watch &
      watcher=$!
      for number in $(seq "$sessions"); do
        session "$number" 2>/dev/null &
        running="$running $!"
      done
      read -r _ || true
      touch stop
      wait $running
      kill "$watcher"
      for n in $(seq "$sessions"); do kill -9 "$(cat "pid-$n")"; done 2>/dev/null
      cd /
      rm -rf "$work"
      """
          .replace("TABLE", TABLE);

  /** What the pod's own process has, and the login in libpq's variables. */
  private static final String ENVIRONMENT =
      """
      of_pod() { tr '\\0' '\\n' </proc/1/environ | sed -n "s/^$1=//p"; }
      DATABASE_URL=$(of_pod DATABASE_URL) PATH=$(of_pod PATH)
      export PATH
      """
          + SqlClient.LOGIN;

  private final List<Clients> all;

  private SqlSessions(List<Clients> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Begins.
   *
   * @param pods whose sessions they are
   * @param perSecond rows per second, of all together
   * @param prefix begins the ids of the rows
   */
  static SqlSessions start(List<SqlClient> pods, int perSecond, String prefix) throws IOException {
    var sessions = (perSecond + RATE_OF_ONE - 1) / RATE_OF_ONE;
    var all = new ArrayList<Clients>();
    for (var i = 0; i < pods.size(); i++) {
      var here = sessions / pods.size() + (i < sessions % pods.size() ? 1 : 0);
      if (here > 0) {
        var pause = (double) sessions / perSecond;
        all.add(Clients.start(command(pods.get(i).pod(), prefix + "-" + i, here, pause)));
      }
    }
    return new SqlSessions(all);
  }

  private static List<String> command(JsonNode pod, String prefix, int sessions, double pause) {
    return List.of(
        "env",
        "LAB_NODE=" + Pods.node(pod),
        "lab/shell",
        "nsenter",
        "--target=" + Pods.process(pod, SqlClient.CONTAINER),
        "--mount",
        "--uts",
        "--ipc",
        "--net",
        "--pid",
        "--",
        "sh",
        "-c",
        ENVIRONMENT + SCRIPT,
        "sessions",
        prefix,
        Integer.toString(sessions),
        String.format(Locale.ROOT, "%.3f", pause));
  }

  /** What became of all rows until now. */
  List<Outcome> outcomes() {
    return all.stream().flatMap(clients -> clients.outcomes().stream()).toList();
  }

  /** What they have printed besides. */
  String rest() {
    return all.stream().map(Clients::rest).collect(Collectors.joining());
  }

  /** Ends them, each after its row. */
  List<Outcome> stop() throws IOException {
    for (var clients : all) {
      clients.end();
    }
    for (var clients : all) {
      clients.join();
    }
    return outcomes();
  }

  @Override
  public void close() {
    all.forEach(Clients::close);
  }
}
