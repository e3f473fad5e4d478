//! What is known of programs by their names.

use super::Risk;
use crate::is_listed;

/// Programs that only read, whatever their words.
const READERS: &str = "[ [[ alertmanager amtool-query apropos arp atop awk base64 basename bc blkid cal cat chronyc cmctl column comm \
    crictl-ps cut date df diff dig dirname dmesg dstat du echo egrep expr false fgrep file findmnt free gawk getent grep \
    groups head hexdump history host hostname htop id ifconfig iftop ioping iostat iotop iperf iperf3 jmap jobs journalctl \
    jq jstack jstat k9s kubectx kubens last lastlog less lighthouse locale logcli ls lsblk lscpu lsmod lsns lsof lspci man \
    md5sum mongostat mongotop more mpstat mtr ncdu nethogs netstat ngrep nmap nodetool-status nproc nslookup ntpq numastat \
    nvidia-smi od open openssl perf pg_isready pgrep pidstat ping ping6 pmap printenv printf promtool ps pstree pwd \
    readlink realpath rev sar seq sha1sum sha256sum slabtop sleep smartctl sort ss stat stern strace strings tac tail \
    tcpdump tcptraceroute telnet test time top tr tracepath traceroute tree true tshark type uname uniq uptime vmstat w \
    watch wc whatis which who whoami whois xargs xdg-open xxd yq zcat zgrep zless zpool-status";

/// Programs that change this machine's shell or folders alone.
const LOCALS: &str = ". alias bg cd clear declare exit export fg gpg gunzip gzip let local mkdir mktemp pbcopy popd pushd read return set \
    shift source split tar tee touch trap umask unset unzip wait zip";

/// Programs that are known, and whose words tell what they do.
const TOLD_BY_WORDS: &str = "ab actions age amtool ansible ansible-playbook apt apt-get argo argocd artillery artisan aws az bin/rails bosh bundle \
    calicoctl cargo cassandra-stress ceph cf chef-client cilium clickhouse-client cmk composer conftest consul corosync \
    cortextool cqlsh crictl crm ctr curator dnf docker-machine doctl dotnet drbdadm eksctl elasticdump etcdctl etcdutl \
    firewall-cmd flux flyctl gcloud gh git gitaly-debug gitlab-ctl gitlab-psql gitlab-rails gitlab-rake glab go gsutil \
    helm helmfile heroku hey hubble ibmcloud influx ip ipmitool iptables ipvsadm istioctl java jcmd just k3s k6 \
    kafka-consumer-groups kafka-consumer-groups.sh kafka-topics kafka-topics.sh kind knife kops kubeadm \
    kubectl-argo-rollouts kubeseal kustomize lhci linkerd locust lvs make mc mdadm megacli mimirtool minikube mongo \
    mongosh multus mvn mysqladmin nagios nats nc ncat nerdctl netlify nginx node nodetool nomad npm npx nvme oci ocm odo \
    openstack osdctl ovn-nbctl ovn-sbctl ovs-appctl ovs-ofctl ovs-vsctl patronictl pcs pg_basebackup pg_ctl pg_ctlcluster \
    php pip pm2 pnpm podman poetry praefect pt-kill pt-query-digest pulumi puma pvs python python3 rabbitmq-diagnostics \
    rabbitmqctl racadm rados radosgw-admin rails rake rbd rclone redis-benchmark repmgr restic rosa rpk ruby scw sensu \
    sentinel serverless service sidekiqctl skopeo snap snyk sops sqlcmd storcli supabase supervisorctl sv sysctl systemctl \
    task tctl terraform terragrunt thanos tkn tofu trivy tsh turbo unicorn vault vegeta velero vercel vgs virtctl vtctl \
    vtctlclient wrangler wrk yarn yum zfs zpool";

const DESTROYERS: &str = "dd dropdb e2fsck fdisk fsck fuser kill killall lvremove mkfs mkfs.ext4 mkswap parted pg_resetwal pg_restore pg_rewind \
    pkill rm rmdir shred skill truncate wipefs xfs_repair";

const RESTARTERS: &str = "halt init poweroff reboot shutdown";

const CHANGERS: &str = "chattr chgrp chmod chown cp createdb crontab ethtool growpart hostnamectl install ln logrotate lvcreate lvextend \
    modprobe mount mv mysqldump passwd patch pg_dump pg_dumpall pvcreate reindexdb resize2fs rsync scp sed setfacl sftp \
    swapoff swapon sync tc timedatectl umount update-ca-certificates useradd usermod vacuumdb vgextend xfs_growfs";

/// Programs that a person types into, unless they are given what to do.
const SESSIONS: &str = "ash bash csh dash emacs fish irb ksh less login mariadb mosh mysql nano psql rails-console redis-cli screen sh sqlite3 \
    ssh su sudoedit tmux toolbox tsh vi vim visudo zsh";

/// Is it known as a program, so that a line that begins with it is a command?
pub(crate) fn is_program(name: &str) -> bool {
    const WRAPPERS: &str = "builtin chroot command curl doas docker docker-compose env eval exec find flock http https ionice newgrp nice nohup \
    nsenter parallel podman-compose run-parts script setsid stdbuf sudo sudo-rs timeout tini unshare wget xh yes";
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
    lists.iter().any(|list| is_listed(list, name)) || crate::kubectl::is_kubectl(name)
}

/// What a program does whatever its words are.
pub(super) fn of_name(name: &str) -> Option<Risk> {
    const LISTS: &[(&str, Risk)] = &[
        (READERS, Risk::Read),
        (LOCALS, Risk::Local),
        (DESTROYERS, Risk::Destructive),
        (RESTARTERS, Risk::Restart),
        (CHANGERS, Risk::Change),
        (SESSIONS, Risk::Session),
    ];
    if name.starts_with("mkfs") {
        return Some(Risk::Destructive);
    }
    let found = LISTS.iter().find(|(list, _)| is_listed(list, name));
    found.map(|(_, risk)| *risk)
}

/// Do its words say what it does, and not its name?
pub(super) fn is_told_by_words(name: &str) -> bool {
    is_listed(TOLD_BY_WORDS, name)
}
