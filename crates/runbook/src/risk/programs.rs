//! What is known of programs by their names.

use super::{Risk, of_words, texts};
use crate::argument::Argument;
use crate::shell;

/// Programs that only read, whatever their words.
const READERS: &[&str] = &[
    "[",
    "[[",
    "alertmanager",
    "apropos",
    "arp",
    "awk",
    "base64",
    "basename",
    "cal",
    "cat",
    "chronyc",
    "cmctl",
    "column",
    "comm",
    "crictl-ps",
    "cut",
    "date",
    "df",
    "diff",
    "dig",
    "dirname",
    "dmesg",
    "du",
    "echo",
    "egrep",
    "expr",
    "false",
    "fgrep",
    "file",
    "findmnt",
    "free",
    "gawk",
    "getent",
    "grep",
    "groups",
    "head",
    "hexdump",
    "host",
    "hostname",
    "htop",
    "iftop",
    "id",
    "ifconfig",
    "iostat",
    "iotop",
    "ioping",
    "jobs",
    "journalctl",
    "jq",
    "jstack",
    "jstat",
    "jmap",
    "last",
    "lastlog",
    "less",
    "locale",
    "ls",
    "lsblk",
    "lscpu",
    "lsmod",
    "lsof",
    "lspci",
    "lsns",
    "man",
    "md5sum",
    "more",
    "mpstat",
    "mtr",
    "nethogs",
    "netstat",
    "ngrep",
    "nmap",
    "nproc",
    "nslookup",
    "ntpq",
    "numastat",
    "od",
    "open",
    "openssl",
    "perf",
    "pg_isready",
    "pgrep",
    "pidstat",
    "ping",
    "ping6",
    "pmap",
    "printenv",
    "printf",
    "promtool",
    "ps",
    "pstree",
    "pwd",
    "readlink",
    "realpath",
    "rev",
    "sar",
    "seq",
    "sha256sum",
    "sha1sum",
    "sleep",
    "slabtop",
    "smartctl",
    "sort",
    "ss",
    "stat",
    "strace",
    "strings",
    "tac",
    "tail",
    "tcpdump",
    "tcptraceroute",
    "telnet",
    "test",
    "time",
    "top",
    "tr",
    "traceroute",
    "tracepath",
    "tree",
    "true",
    "tshark",
    "type",
    "uname",
    "uniq",
    "uptime",
    "vmstat",
    "w",
    "wc",
    "whatis",
    "which",
    "who",
    "whoami",
    "whois",
    "xxd",
    "xdg-open",
    "yq",
    "zcat",
    "zgrep",
    "zless",
    "stern",
    "k9s",
    "kubectx",
    "kubens",
    "lighthouse",
    "ncdu",
    "iperf",
    "iperf3",
    "mongostat",
    "mongotop",
    "dstat",
    "atop",
    "nodetool-status",
    "blkid",
    "xargs",
    "history",
    "bc",
    "column",
    "watch",
    "amtool-query",
    "logcli",
    "nvidia-smi",
    "zpool-status",
];

/// Programs that change this machine's shell or folders alone.
const LOCALS: &[&str] = &[
    "alias", "bg", "cd", "clear", "exit", "export", "fg", "mkdir", "popd", "pushd", "read",
    "return", "set", "source", "tee", "touch", "umask", "unset", ".", "declare", "local", "trap",
    "wait", "shift", "let", "tar", "gzip", "gunzip", "unzip", "zip", "mktemp", "gpg", "pbcopy",
    "split",
];

/// Programs that are known, and whose words tell what they do.
const TOLD_BY_WORDS: &[&str] = &[
    "ab",
    "actions",
    "k6",
    "amtool",
    "ansible",
    "ansible-playbook",
    "apt",
    "apt-get",
    "argo",
    "argocd",
    "artillery",
    "aws",
    "az",
    "bundle",
    "calicoctl",
    "cargo",
    "cassandra-stress",
    "ceph",
    "chef-client",
    "cilium",
    "composer",
    "consul",
    "crictl",
    "ctr",
    "cqlsh",
    "dnf",
    "doctl",
    "docker-machine",
    "eksctl",
    "etcdctl",
    "etcdutl",
    "firewall-cmd",
    "flux",
    "flyctl",
    "gcloud",
    "gh",
    "git",
    "gitlab-ctl",
    "gitlab-rails",
    "gitlab-rake",
    "glab",
    "go",
    "gsutil",
    "helm",
    "helmfile",
    "heroku",
    "influx",
    "ip",
    "iptables",
    "ipvsadm",
    "istioctl",
    "java",
    "jcmd",
    "k3s",
    "kafka-consumer-groups",
    "kafka-topics",
    "kafka-consumer-groups.sh",
    "kafka-topics.sh",
    "kind",
    "knife",
    "kops",
    "kubeadm",
    "kubectl-argo-rollouts",
    "kustomize",
    "lhci",
    "linkerd",
    "lvs",
    "make",
    "mc",
    "minikube",
    "mongo",
    "mongosh",
    "mvn",
    "mysqladmin",
    "nc",
    "ncat",
    "netlify",
    "nginx",
    "node",
    "nodetool",
    "nomad",
    "npm",
    "npx",
    "nvme",
    "odo",
    "openstack",
    "pg_basebackup",
    "pg_ctl",
    "pg_ctlcluster",
    "pip",
    "pm2",
    "pnpm",
    "podman",
    "poetry",
    "pulumi",
    "pvs",
    "python",
    "python3",
    "rabbitmqctl",
    "rabbitmq-diagnostics",
    "rake",
    "rclone",
    "redis-benchmark",
    "repmgr",
    "restic",
    "ruby",
    "rbd",
    "rados",
    "radosgw-admin",
    "scw",
    "service",
    "sentinel",
    "serverless",
    "skopeo",
    "snap",
    "sqlcmd",
    "supabase",
    "supervisorctl",
    "sv",
    "sysctl",
    "systemctl",
    "task",
    "terraform",
    "terragrunt",
    "tkn",
    "thanos",
    "trivy",
    "tsh",
    "turbo",
    "vault",
    "velero",
    "vercel",
    "vgs",
    "virtctl",
    "wrangler",
    "yarn",
    "yum",
    "zfs",
    "zpool",
    "curator",
    "patronictl",
    "gitaly-debug",
    "praefect",
    "mimirtool",
    "cortextool",
    "tctl",
    "vtctl",
    "vtctlclient",
    "pt-kill",
    "pt-query-digest",
    "conftest",
    "snyk",
    "just",
    "cmk",
    "oci",
    "ibmcloud",
    "rosa",
    "ocm",
    "osdctl",
    "ovs-vsctl",
    "ovn-nbctl",
    "ovn-sbctl",
    "ovs-appctl",
    "ovs-ofctl",
    "corosync",
    "pcs",
    "crm",
    "drbdadm",
    "mdadm",
    "bosh",
    "cf",
    "gitlab-psql",
    "kubeseal",
    "sops",
    "age",
    "multus",
    "tofu",
    "nerdctl",
    "hubble",
    "storcli",
    "megacli",
    "ipmitool",
    "racadm",
    "dotnet",
    "php",
    "artisan",
    "bin/rails",
    "rails",
    "sidekiqctl",
    "puma",
    "unicorn",
    "nats",
    "rpk",
    "clickhouse-client",
    "elasticdump",
    "hey",
    "wrk",
    "vegeta",
    "locust",
    "sensu",
    "nagios",
];

const DESTROYERS: &[&str] = &[
    "dd",
    "dropdb",
    "fdisk",
    "fsck",
    "kill",
    "killall",
    "mkfs",
    "mkfs.ext4",
    "parted",
    "pg_restore",
    "pg_rewind",
    "pg_resetwal",
    "pkill",
    "rm",
    "rmdir",
    "shred",
    "truncate",
    "wipefs",
    "lvremove",
    "mkswap",
    "fuser",
    "xfs_repair",
    "e2fsck",
    "skill",
];

const RESTARTERS: &[&str] = &["poweroff", "reboot", "shutdown", "halt", "init"];

const CHANGERS: &[&str] = &[
    "chattr",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "createdb",
    "crontab",
    "hostnamectl",
    "install",
    "ln",
    "lvextend",
    "modprobe",
    "mount",
    "mv",
    "mysqldump",
    "passwd",
    "patch",
    "pg_dump",
    "pg_dumpall",
    "resize2fs",
    "rsync",
    "scp",
    "sftp",
    "sed",
    "setfacl",
    "swapoff",
    "swapon",
    "sync",
    "timedatectl",
    "umount",
    "useradd",
    "usermod",
    "vacuumdb",
    "reindexdb",
    "xfs_growfs",
    "growpart",
    "pvcreate",
    "tc",
    "logrotate",
    "update-ca-certificates",
    "lvcreate",
    "vgextend",
    "ethtool",
];

/// Programs that a person types into, unless they are given what to do.
const SESSIONS: &[&str] = &[
    "ash",
    "bash",
    "csh",
    "dash",
    "emacs",
    "fish",
    "irb",
    "ksh",
    "less",
    "login",
    "mysql",
    "nano",
    "psql",
    "redis-cli",
    "screen",
    "sh",
    "sqlite3",
    "ssh",
    "su",
    "sudoedit",
    "tmux",
    "toolbox",
    "tsh",
    "vi",
    "vim",
    "visudo",
    "zsh",
    "mosh",
    "mariadb",
    "rails-console",
];

/// Is it known as a program, so that a line that begins with it is a command?
pub(crate) fn is_program(name: &str) -> bool {
    const WRAPPERS: &[&str] = &[
        "sudo",
        "env",
        "nohup",
        "timeout",
        "nice",
        "ionice",
        "exec",
        "command",
        "builtin",
        "stdbuf",
        "chroot",
        "nsenter",
        "doas",
        "setsid",
        "eval",
        "parallel",
        "find",
        "curl",
        "wget",
        "http",
        "https",
        "docker",
        "docker-compose",
        "podman-compose",
        "xh",
        "flock",
        "script",
        "yes",
        "tini",
        "newgrp",
        "sudo-rs",
        "unshare",
        "run-parts",
    ];
    let lists = [
        READERS,
        LOCALS,
        TOLD_BY_WORDS,
        DESTROYERS,
        RESTARTERS,
        CHANGERS,
        SESSIONS,
        WRAPPERS,
    ];
    lists.iter().any(|list| list.contains(&name)) || crate::kubectl::is_kubectl(name)
}

/// What a command of another program may do.
pub(crate) fn of_command(arguments: &[Argument]) -> Risk {
    let Some(program) = arguments.first() else {
        return Risk::Session;
    };
    let Some(program) = program.text() else {
        return Risk::Unknown;
    };
    let name = program.rsplit('/').next().unwrap_or(program);
    let words = texts(&arguments[1..]);
    let is_flagged = |flags: &[&str]| words.iter().any(|word| flags.contains(&word.as_str()));
    if program.contains('/')
        && !program.starts_with("/bin/")
        && !program.starts_with("/usr/")
        && !program.starts_with("/sbin/")
    {
        return of_words(std::iter::once(name).chain(words.iter().map(String::as_str)));
    }
    if crate::kubectl::is_kubectl(name) {
        return crate::kubectl::read(&arguments[1..]).map_or_else(
            |_| of_words(words.iter().map(String::as_str)),
            |call| call.risk(),
        );
    }
    match name {
        "sh" | "bash" | "ash" | "zsh" | "dash" => return of_shell(arguments, &words),
        "sed"
            if !is_flagged(&["-i", "--in-place"])
                && !words.iter().any(|word| word.starts_with("-i")) =>
        {
            return Risk::Read;
        }
        "find" if is_flagged(&["-delete", "-exec", "-execdir", "-ok"]) => return Risk::Destructive,
        "find" => return Risk::Read,
        "tail" | "less" | "more" | "top" => return Risk::Read,
        "crontab" if is_flagged(&["-l"]) => return Risk::Read,
        "mount" | "crictl" | "date" if words.is_empty() => return Risk::Read,
        "ip" | "nginx" | "sysctl" | "nc" | "ncat" | "iptables" | "git"
            if is_reading(name, &words) =>
        {
            return Risk::Read;
        }
        "kill" if is_flagged(&["-0", "-l", "-3", "-QUIT"]) => return Risk::Read,
        "redis-cli" => return of_redis(&words),
        "ssh" => return of_ssh(arguments),
        "curl" | "wget" => {
            return crate::http::read(name, &arguments[1..])
                .map_or(Risk::Unknown, |check| check.risk());
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" | "clickhouse-client" | "gitlab-psql" => {
            return crate::sql::risk_of_client(&arguments[1..]);
        }
        "xargs" | "sudo" | "env" | "time" | "nohup" | "timeout" | "watch" | "chroot"
        | "nsenter" | "exec" | "eval" | "command" | "nice" => return of_wrapped(&arguments[1..]),
        _ => {}
    }
    let has = |list: &[&str]| list.contains(&name);
    if has(READERS) {
        Risk::Read
    } else if has(LOCALS) {
        Risk::Local
    } else if has(DESTROYERS) || name.starts_with("mkfs") {
        Risk::Destructive
    } else if has(RESTARTERS) {
        Risk::Restart
    } else if has(CHANGERS) {
        Risk::Change
    } else if has(SESSIONS) {
        Risk::Session
    } else {
        of_words(
            words
                .iter()
                .map(String::as_str)
                .chain(std::iter::once(name).filter(|_| !has(TOLD_BY_WORDS))),
        )
    }
}

fn is_reading(name: &str, words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|one| one == word);
    match name {
        "ip" => !["add", "del", "delete", "set", "flush", "replace"]
            .iter()
            .any(|word| has(word)),
        "nginx" => has("-t") || has("-T") || has("-v"),
        "sysctl" => !has("-w") && !words.iter().any(|word| word.contains('=')),
        "iptables" => {
            ["-L", "-S", "-nvL", "-nL", "-vnL"]
                .iter()
                .any(|word| has(word))
                || words.iter().any(|word| word.starts_with("-L"))
        }
        "git" => words.first().is_some_and(|verb| {
            matches!(
                verb.as_str(),
                "log" | "status" | "diff" | "show" | "blame" | "branch" | "fetch" | "remote"
            )
        }),
        _ => true,
    }
}

/// `sh -c '..'`: the gravest command of its text.
fn of_shell(arguments: &[Argument], words: &[String]) -> Risk {
    let script = words
        .iter()
        .position(|word| word.starts_with('-') && word.ends_with('c'));
    let Some(script) = script.and_then(|at| words.get(at + 1)) else {
        let is_script = arguments.len() > 1 && !words[0].starts_with('-');
        return if is_script {
            of_words(words.iter().map(String::as_str))
        } else {
            Risk::Session
        };
    };
    of_text(script)
}

fn of_text(script: &str) -> Risk {
    let Ok(statement) = shell::statement(script, 0) else {
        return Risk::Unknown;
    };
    let commands = shell::read(&statement).all_commands();
    let mut collector = crate::placeholder::Collector::default();
    let risks = commands
        .iter()
        .map(|command| of_command(&collector.command(&command.words)));
    let rest = if statement.end < script.len() {
        of_text(&script[statement.end..])
    } else {
        Risk::Read
    };
    risks.max().unwrap_or(Risk::Read).max(rest)
}

fn of_wrapped(arguments: &[Argument]) -> Risk {
    let is_own = |argument: &&Argument| {
        let text = argument.written();
        text.starts_with('-')
            || text.contains('=')
            || text.starts_with(|one: char| one.is_ascii_digit())
            || text == "{}"
    };
    let skipped = arguments.iter().take_while(is_own).count();
    let is_program_at = |at: usize| {
        arguments
            .get(at)
            .and_then(Argument::text)
            .is_some_and(|text| is_program(text) || text.contains('/'))
    };
    // A flag of the wrapper may have a value of its own before the program.
    let at = (skipped..(skipped + 4).min(arguments.len()))
        .find(|at| is_program_at(*at))
        .unwrap_or(skipped);
    of_command(arguments.get(at..).unwrap_or_default())
}

fn of_ssh(arguments: &[Argument]) -> Risk {
    const FLAGS: &str = "i/i= p/p= l/l= o/o= F/F= J/J= L/L= R/R= D/D= t/t T/T v/v q/q A/A N/N f/f C/C x/x X/X n/n W/W= c/c= E/E= 4/4 6/6";
    let flags = crate::flags::parse(&arguments[1..], &[FLAGS], Some(1));
    let command = flags.rest.unwrap_or_default();
    match command.as_slice() {
        [] => Risk::Session,
        [one] if one.written().contains(' ') => of_text(&one.written()),
        more => of_command(more),
    }
}

fn of_redis(words: &[String]) -> Risk {
    const READS: &[&str] = &[
        "info", "ping", "get", "keys", "scan", "dbsize", "ttl", "type", "llen", "lrange",
        "hgetall", "hget", "exists", "monitor", "slowlog", "memory", "time", "role", "mget",
        "strlen", "scard", "smembers", "zcard", "zrange", "xlen", "hlen",
    ];
    const CHANGES: &[&str] = &[
        "set", "expire", "persist", "save", "bgsave", "config", "client", "cluster", "sentinel",
    ];
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let verb = lower.iter().position(|word| {
        READS.contains(&word.as_str())
            || CHANGES.contains(&word.as_str())
            || word.starts_with("flush")
            || matches!(
                word.as_str(),
                "del" | "unlink" | "shutdown" | "debug" | "failover"
            )
    });
    let Some(at) = verb else {
        let is_reading = lower.iter().any(|word| {
            matches!(
                word.as_str(),
                "--bigkeys" | "--stat" | "--latency" | "--scan" | "--memkeys" | "--hotkeys"
            )
        });
        return if is_reading {
            Risk::Read
        } else {
            Risk::Session
        };
    };
    let second = lower.get(at + 1).map_or("", String::as_str);
    match lower[at].as_str() {
        "config" | "client" | "cluster" | "sentinel"
            if matches!(
                second,
                "get"
                    | "list"
                    | "info"
                    | "nodes"
                    | "masters"
                    | "slaves"
                    | "replicas"
                    | "slots"
                    | "get-master-addr-by-name"
                    | "master"
            ) =>
        {
            Risk::Read
        }
        verb if READS.contains(&verb) => Risk::Read,
        verb if CHANGES.contains(&verb) => Risk::Change,
        _ => Risk::Destructive,
    }
}
