"""Sign-ins hidden in a large capture, and whether an audit finds them again.

Each capture to hide gets clients of its own (an octet of their addresses is changed, in
ICMP quotes too) and a time of its own, so that what one does says nothing about another.
Captures are classic pcap, little-endian, Ethernet.
"""
import ipaddress
import json
import mmap
import struct
import subprocess

RECORD = struct.Struct("<IIII")
MICRO, NANO = 0xA1B2C3D4, 0xA1B23C4D
TAGS = (0x8100, 0x88A8, 0x9100)


class Capture:
    """A capture in memory: (time in us, length on the wire, bytes) of each frame."""

    def __init__(self, path):
        data = path.read_bytes()
        magic, linktype = struct.unpack_from("<I", data)[0], data[20]
        if magic not in (MICRO, NANO) or linktype != 1:
            raise ValueError(f"{path}: not a little-endian Ethernet pcap")
        unit = 1000 if magic == NANO else 1
        self.name, self.frames, at = path.stem, [], 24
        while at + 16 <= len(data):
            s, part, n, wire = RECORD.unpack_from(data, at)
            frame = bytearray(data[at + 16:at + 16 + n])
            self.frames.append((s * 1_000_000 + part // unit, wire, frame))
            at += 16 + n
        self.frames.sort(key=lambda f: f[0])

    @property
    def span(self):
        return self.frames[-1][0] - self.frames[0][0]

    def moved(self, begin):
        first = self.frames[0][0]
        return [(begin + ts - first, wire, data) for ts, wire, data in self.frames]


def attempts(msnwatch, path):
    """What an audit tells of attempts, without when and where in the file."""
    out = subprocess.run([msnwatch, "read", "--json", "--accounts", "show", path],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if out.returncode not in (0, 4):
        raise SystemExit(f"{path}: status {out.returncode}")
    told = []
    for line in out.stdout.splitlines():
        event = json.loads(line)
        if event["event_type"] == "attempt":
            told.append((event["src_ip"], event["attempt"]))
    return told


def essence(told):
    """What must be the same wherever the capture stands; hints are no attempts."""
    return sorted(
        (host, a["outcome"], a.get("account", ""), a.get("dialect", ""),
         a.get("reason", ""), str(a.get("error_code", "")), str(a.get("conversations", 0)),
         " ".join(f"{p['path']}:{p['result']}x{p.get('count', 1)}" for p in a["paths"]))
        for host, a in told if a["confidence"] != "hint")


def fix(data, at, old, new):
    """An Internet checksum after one 16-bit word under it has changed."""
    if at + 2 > len(data):
        return
    total = (~(data[at] << 8 | data[at + 1]) & 0xFFFF) + (~old & 0xFFFF) + new
    total = (total & 0xFFFF) + (total >> 16)
    total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    data[at:at + 2] = struct.pack(">H", total)


def ip_header(data):
    """Where the outer IP header begins, and its version; (0, 0) without one."""
    at = 12
    while int.from_bytes(data[at:at + 2], "big") in TAGS:
        at += 4
    kind = int.from_bytes(data[at:at + 2], "big")
    return (at + 2, {0x800: 4, 0x86DD: 6}.get(kind, 0)) if at + 2 < len(data) else (0, 0)


def transport_sum(proto, data, at):
    """Where a checksum that covers the addresses stands, or None."""
    where = {6: at + 16, 17: at + 6, 58: at + 2}.get(proto)
    if where is None or (proto == 17 and data[where:where + 2] == b"\0\0"):
        return None
    return where


def rename(data, at, version, hosts, key):
    """Changes the clients' addresses of the IP header at at, and of the one it quotes."""
    size, first = (4, at + 12) if version == 4 else (16, at + 8)
    if len(data) < first + 2 * size:
        return
    after = at + ((data[at] & 15) * 4 if version == 4 else 40)
    proto = data[at + (9 if version == 4 else 6)]
    whole = version == 6 or not int.from_bytes(data[at + 6:at + 8], "big") & 0x1FFF
    sums = [at + 10] if version == 4 else []
    covered = transport_sum(proto, data, after) if whole else None
    if covered is not None and not (version == 4 and proto == 58):
        sums.append(covered)
    for a in (first, first + size):
        if bytes(data[a:a + size]) not in hosts:
            continue
        word = a if version == 4 else a + 4
        old = int.from_bytes(data[word:word + 2], "big")
        data[word + 1] ^= key
        for s in sums:
            fix(data, s, old, int.from_bytes(data[word:word + 2], "big"))
    if proto in (1, 58) and data[after] in (3, 1, 11) and len(data) > after + 8 + 20:
        before = bytes(data[after + 8:])
        rename(data, after + 8, data[after + 8] >> 4, hosts, key)
        resum(data, after + 2, before, after + 8)


def resum(data, at, before, begin):
    """The checksum at at, over bytes from begin on that were others before."""
    for i in range(0, len(before) - 1, 2):
        old = before[i] << 8 | before[i + 1]
        new = data[begin + i] << 8 | data[begin + i + 1]
        if old != new:
            fix(data, at, old, new)


def hide(msnwatch, paths, work):
    """Captures with clients of their own, each with what an audit of it alone tells."""
    out, seen = [], set()
    for key, path in enumerate(sorted(paths), 1):
        hosts = {ipaddress.ip_address(h).packed for h, _ in attempts(msnwatch, path)}
        capture = Capture(path)
        if not hosts or not capture.frames:
            continue
        for _, _, data in capture.frames:
            at, version = ip_header(data)
            if version:
                rename(data, at, version, hosts, key)
        alone = work / "alone.pcap"
        write(alone, capture.frames)
        told = attempts(msnwatch, alone)
        if seen & {h for h, _ in told}:
            raise SystemExit(f"{path}: its clients are those of another capture")
        seen |= {h for h, _ in told}
        out.append((capture, essence(told)))
    return out


def write(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", MICRO, 2, 4, 0, 0, 262144, 1))
        for ts, wire, data in frames:
            f.write(RECORD.pack(ts // 1_000_000, ts % 1_000_000, len(data), wire) + data)


def span_of(path):
    """First and last time of a large capture, in us."""
    with open(path, "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        at, first, last = 24, None, 0
        while at + 16 <= len(m):
            s, us, n, _ = RECORD.unpack_from(m, at)
            last = s * 1_000_000 + us
            first = last if first is None else first
            at += 16 + n
    return first, last


def spread(captures, first, last):
    """The frames of all, their beginnings evenly over the span, the longest first."""
    frames = []
    captures = sorted(captures, key=lambda c: -c.span)
    for i, capture in enumerate(captures):
        frames += capture.moved(first + (last - first) * i // len(captures))
    return sorted(frames, key=lambda f: f[0])


def merge(big, frames, out):
    """The large capture with frames put in where their time comes."""
    with open(big, "rb") as f, open(out, "wb", 1 << 22) as to, \
            mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        if struct.unpack_from("<I", m)[0] != MICRO:
            raise SystemExit(f"{big}: not a little-endian pcap with microseconds")
        at, copied, i = 24, 0, 0
        while at + 16 <= len(m):
            s, us, n, _ = RECORD.unpack_from(m, at)
            if i < len(frames) and frames[i][0] < s * 1_000_000 + us:
                to.write(m[copied:at])
                copied = at
                while i < len(frames) and frames[i][0] < s * 1_000_000 + us:
                    put(to, frames[i])
                    i += 1
            at += 16 + n
        to.write(m[copied:at])
        for frame in frames[i:]:
            put(to, frame)


def put(to, frame):
    ts, wire, data = frame
    to.write(RECORD.pack(ts // 1_000_000, ts % 1_000_000, len(data), wire))
    to.write(data)
