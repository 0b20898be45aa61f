"""Captures of the scene: segments, and what became of each connection on the wire."""
import socket, struct

from town import SERVER, SERVER6

SYN, RST = 2, 4
TAGS = (0x8100, 0x88a8, 0x9100)
# The bytes with which it is certain what a connection is; they come in one segment.
OPENINGS = (b'VER ', b'POST /gateway/gateway.dll?')


def records(path):
    with open(path, 'rb') as f:
        data = f.read()
    at = 24
    while at + 16 <= len(data):
        seconds, micros, size, _ = struct.unpack_from('=IIII', data, at)
        if at + 16 + size > len(data):
            break
        yield seconds * 1000000 + micros, data[at + 16:at + 16 + size]
        at += 16 + size


class Segment:
    __slots__ = ('us', 'source', 'target', 'flags', 'seq', 'ack', 'window', 'size',
                 'start', 'tags')


def segment(us, frame):
    """A TCP segment, or None.  The frame may be cut after its headers."""
    at, tags = 12, []
    kind = int.from_bytes(frame[at:at + 2], 'big')
    while kind in TAGS:
        tags.append(frame[at:at + 4])
        at += 4
        kind = int.from_bytes(frame[at:at + 2], 'big')
    at += 2
    if kind == 0x0800 and frame[at + 9] == 6:
        head, size = 4 * (frame[at] & 15), int.from_bytes(frame[at + 2:at + 4], 'big')
        family, one, two = socket.AF_INET, frame[at + 12:at + 16], frame[at + 16:at + 20]
    elif kind == 0x86dd and frame[at + 6] == 6:
        head, size = 40, 40 + int.from_bytes(frame[at + 4:at + 6], 'big')
        family, one, two = socket.AF_INET6, frame[at + 8:at + 24], frame[at + 24:at + 40]
    else:
        return None
    s, tcp = Segment(), at + head
    ports = struct.unpack_from('!HHIIBBH', frame, tcp)
    s.us, s.tags = us, tags
    s.source = (socket.inet_ntop(family, one), ports[0])
    s.target = (socket.inet_ntop(family, two), ports[1])
    s.seq, s.ack, s.flags, s.window = ports[2], ports[3], ports[5], ports[6]
    data = tcp + 4 * (ports[4] >> 4)
    s.size = size - (data - at)
    s.start = frame[data:data + 40]
    return s


def segments(path):
    for us, frame in records(path):
        s = segment(us, frame)
        if s is not None:
            yield s


PROBE = b'\x90\x00'  # to its sender, to see that something can be sent


class Connection:
    """When it was certain what it is, and when its first RST came, in microseconds."""

    def __init__(self):
        self.certain, self.reset = None, None

    def latency(self):
        if self.certain is None or self.reset is None:
            return None
        return self.reset - self.certain


def client_end(s):
    return s.source if s.target[0] in (SERVER, SERVER6) else s.target


def connections(path):
    """Those of the client's ends in a capture, by address and port."""
    found = {}
    for s in segments(path):
        c = found.setdefault(client_end(s), Connection())
        if s.flags & RST:
            if c.reset is None:
                c.reset = s.us
        elif c.certain is None and s.start.startswith(OPENINGS):
            c.certain = s.us
    return found


def sent(path):
    """Frames that a sensor sent for each connection, by the client's end; others."""
    counts, odd = {}, 0
    for us, frame in records(path):
        if frame[:6] == frame[6:12] and frame[12:14] == PROBE:
            continue
        s = segment(us, frame)
        if s is None or not s.flags & RST or s.size:
            odd += 1
            continue
        client = client_end(s)
        counts[client] = counts.get(client, 0) + 1
    return counts, odd


def percentile(values, share):
    """The smallest value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
