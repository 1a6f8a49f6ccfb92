package dev.nordfaas.testing;

/**
 * A VPS as a provider delivers it, of the size that stack oslo asks for. What its programs print is
 * what those of Debian 12 (systemd 252, iproute2 6.1, curl 7.88) and cloud-init's sources
 * (cmd/status.py) print.
 */
public final class FreshHost {
  private FreshHost() {}

  /** Makes the node one. */
  public static Node describe(Node node) {
    return node.file(
            "/etc/os-release",
            "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
        .file("/proc/meminfo", "MemTotal:       32873672 kB\n")
        .file("/proc/modules", "overlay 163840 1 - Live 0x0\nvxlan 139264 0 - Live 0x0\n")
        .file("/proc/filesystems", "nodev\tsysfs\nnodev\toverlay\n\text4\n")
        .file("/proc/locks", "1: FLOCK  ADVISORY  WRITE 411 00:18:600 0 EOF\n")
        .file("/sys/module/nf_conntrack/parameters/hashsize", "262144\n")
        .file(
            "/lib/modules/6.1.0-31-amd64/modules.builtin",
            "kernel/net/netfilter/nf_tables.ko\nkernel/net/netfilter/ipset/ip_set.ko\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n")
        .program("getconf", "echo 8")
        .program("df", "echo Filesystem; echo /dev/vda1 385000000 1 1 1% /")
        .program("uname", "[ \"$1\" = -m ] && echo x86_64 || echo 6.1.0-31-amd64")
        .program("systemd-detect-virt", "[ \"$*\" = \"\" ] && echo kvm && exit; echo none; exit 1")
        .program("modprobe", "case \"$*\" in *\" br_netfilter\") ;; *) exit 1 ;; esac")
        .program(
            "ip",
            """
            echo '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever'
            echo '2: eth0    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever'
            echo '2: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \\       valid_lft forever'
            """)
        .program("timedatectl", "echo yes")
        .program("cloud-init", "echo 'status: done'")
        .program(
            "ss",
            """
            echo 'tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=610,fd=3))'
            echo 'udp   UNCONN 0      0          127.0.0.1:323       0.0.0.0:*    users:(("chronyd",pid=590,fd=5))'
            """)
        .program(
            "curl", "for url; do :; done; case $url in */v2/) printf 401 ;; *) printf 200 ;; esac");
  }
}
