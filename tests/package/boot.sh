#!/usr/bin/env bash
# usage: boot.sh FOLDER
# Becomes the init of a machine in namespaces: this one's files with a layer above that takes
# every change, a network of its own, and systemd.  Called by box.py through unshare.  All of
# it is gone when the namespaces are.
set -euo pipefail
root=$1/root

mount --make-rprivate /
mount -t tmpfs -o size=512m scratch "$1"
mkdir "$1/upper" "$1/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root"
mount -t proc proc "$root/proc"
# What the kernel holds for all is not for this machine to set.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty; do
	touch "$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts"
mount -t mqueue mqueue "$root/dev/mqueue"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"

rm -f "$root/etc/fstab"
cat >"$root/etc/systemd/system/box.target" <<-END
	[Unit]
	Description=What is tested
	Requires=sysinit.target
	After=sysinit.target
	END
for unit in systemd-modules-load systemd-remount-fs systemd-sysctl systemd-udevd; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    chroot "$root" /lib/systemd/systemd --system --unit=box.target --show-status=0
