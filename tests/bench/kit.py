"""What the benchmarks share: runs with their cost, rounds in turn, tables, the machine."""
import os
import pathlib
import platform
import shutil
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build-bench-release"


class Cost:
    """What one run took: seconds of wall, user and system time, peak resident KiB."""

    def __init__(self, text):
        wall, user, system, kib, status = text.split()
        self.wall, self.user, self.sys = float(wall), float(user), float(system)
        self.kib, self.status = int(kib), int(status)
        self.cpu = self.user + self.sys


def compile_c(name, work, *flags):
    """Builds a program of one file, unless it is newer than that."""
    source, out = HERE / f"{name}.c", work / name
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-std=c11", "-D_DEFAULT_SOURCE",
                        "-o", out, source, *flags], check=True)
    return out


class Bench:
    """Runs programs from a folder to work in."""

    def __init__(self, work):
        self.work = pathlib.Path(work) if work else ROOT / "build-bench"
        self.work.mkdir(parents=True, exist_ok=True)
        self.launch = compile_c("launch", self.work)
        self.floor = compile_c("floor", self.work, "-lpcap")

    def run(self, command, good=(0, 4)):
        """One run, its output thrown away; a status that is not good ends it all."""
        out = subprocess.run([self.launch, *map(str, command)], stdout=subprocess.PIPE,
                             check=True)
        cost = Cost(out.stdout)
        if cost.status not in good:
            raise SystemExit(f"{' '.join(map(str, command))}: status {cost.status}")
        return cost

    def rounds(self, commands, n):
        """Every command in turn, n times over after a first that warms the cache."""
        costs = {name: [] for name in commands}
        for i in range(n + 1):
            for name, command in commands.items():
                cost = self.run(command)
                if i > 0:
                    costs[name].append(cost)
        return costs


def median(costs, field):
    return statistics.median(getattr(c, field) for c in costs)


def peak_mib(costs):
    return max(c.kib for c in costs) / 1024


def table(head, rows, markdown):
    """Rows of text as a Markdown table, or as columns."""
    if markdown:
        lines = ["| " + " | ".join(r) + " |" for r in [head, *rows]]
        lines.insert(1, "|---" + "|--:" * (len(head) - 1) + "|")
    else:
        width = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
        lines = ["  ".join(c.ljust(w) if i == 0 else c.rjust(w)
                           for i, (c, w) in enumerate(zip(r, width))).rstrip()
                 for r in [head, *rows]]
    print("\n".join(lines), flush=True)


def first_line(command):
    if shutil.which(command[0]) is None:
        return None
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         check=False).stdout.decode(errors="replace").strip()
    return out.splitlines()[0] if out else None


def field_of(path, name):
    try:
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith(name):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def machine(tools=()):
    """The machine in words: what, and which."""
    memory = int(field_of("/proc/meminfo", "MemTotal").split()[0] or 0) / 1048576
    rows = [("processor", f"{field_of('/proc/cpuinfo', 'model name')}, "
                          f"{os.cpu_count()} cores"),
            ("memory", f"{memory:.0f} GiB"),
            ("kernel", f"{platform.system()} {platform.release()}"),
            ("compiler", first_line(["cc", "--version"])),
            ("libpcap", first_line(["pkg-config", "--modversion", "libpcap"])),
            ("C library", " ".join(platform.libc_ver()))]
    rows += [(tool[0], first_line(list(tool))) for tool in tools]
    return [(what, which) for what, which in rows if which]


def build_release(build, *settings):
    """What is installed, with its samples and the generators of the benchmarks."""
    configure = ["cmake", "-S", ROOT, "-B", build, "-DCMAKE_BUILD_TYPE=Release",
                 *settings]
    make = ["cmake", "--build", build, "-j", str(os.cpu_count()), "--target", "msnwatch",
            "samples", "flows", "flood"]
    for command in (configure, make):
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             check=False)
        if out.returncode != 0:
            raise SystemExit(out.stdout.decode(errors="replace"))
