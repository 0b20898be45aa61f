"""A veth pair in a namespace made for it: tcpreplay at one end, a reader at the other."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

NAME = f"msnwatch{os.getpid()}"
INSIDE = ["ip", "netns", "exec", NAME]
MTU = 65535
FAR, TAP = "far", "tap"


def why_not():
    """Why this machine cannot do it, or None."""
    for tool in ("ip", "tcpreplay", "sysctl"):
        if shutil.which(tool) is None:
            return f"no {tool} here"
    return None if os.geteuid() == 0 else "it takes root"


def spent(usage):
    return usage.ru_utime + usage.ru_stime


class Cable:
    """With it: the namespace.  Everything started through it is ended at its end."""

    def __init__(self):
        self.running = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.ip_outside("netns", "add", NAME)
        try:
            self.ip("link", "add", FAR, "type", "veth", "peer", "name", TAP)
            for end in (FAR, TAP):
                subprocess.run([*INSIDE, "sysctl", "-qw",
                                f"net.ipv6.conf.{end}.disable_ipv6=1"], check=True)
                self.ip("link", "set", end, "mtu", str(MTU), "arp", "off", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for p in self.running:
            if p.returncode is None:
                p.kill()
                p.wait()
        self.ip_outside("netns", "del", NAME)

    @staticmethod
    def ip_outside(*words):
        subprocess.run(["ip", *words], check=True)

    @staticmethod
    def ip(*words):
        return subprocess.run(["ip", "-n", NAME, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def start(self, command, **more):
        p = subprocess.Popen([*INSIDE, *map(str, command)], **more)
        self.running.append(p)
        return p

    def end(self, p, by=None):
        """Waits for one that was started; what it cost.  Its status stands in it."""
        if by is not None:
            p.send_signal(by)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        self.running.remove(p)
        return usage

    def sent(self, end=FAR):
        """Frames that this end sent, and those it could not."""
        s = json.loads(self.ip("-s", "-j", "link", "show", end))[0]["stats64"]["tx"]
        return s["packets"], s["dropped"] + s["errors"]

    def listens(self):
        """Whether a socket takes frames here."""
        out = subprocess.run([*INSIDE, "cat", "/proc/net/packet"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        return any(line.split()[5] == "1" for line in out.splitlines()[1:])

    def reader(self, command, threads=1, **more):
        """Starts one that watches the tap, and waits until it does, with all its threads."""
        p = self.start([*command], **more)
        until = time.monotonic() + 10
        while not self.listens() or len(os.listdir(f"/proc/{p.pid}/task")) < threads:
            if p.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[0]}: does not watch")
            time.sleep(0.02)
        return p

    def replay(self, capture, *how):
        """tcpreplay's own account of a run: frames, seconds, processor seconds."""
        out = self.start(["tcpreplay", "-i", FAR, *how, capture], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        words = out.stdout.read()
        cost = self.end(out)
        told = re.search(r"Actual: (\d+) packets .* sent in ([\d.]+) seconds", words)
        if out.returncode or told is None:
            raise SystemExit(f"tcpreplay: {words}")
        return int(told[1]), float(told[2]), spent(cost)

    def stop(self, p):
        return self.end(p, signal.SIGTERM)


def flatten(counters, before=""):
    """Counters of a stats event, named as USR1 names them."""
    out = {}
    for name, value in counters.items():
        if isinstance(value, dict):
            out.update(flatten(value, f"{before}{name}."))
        else:
            out[before + name] = value
    return out
