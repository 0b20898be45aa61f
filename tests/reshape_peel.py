"""Reads files and peels frames for reshape_check.py; shares nothing with reshape."""
import ctypes, gzip, struct
from ipaddress import ip_address


def be16(b, at):
    return struct.unpack_from('>H', b, at)[0]


def csum(b):
    b = b + b'\0' * (len(b) % 2)
    s = sum(struct.unpack('>%dH' % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def pseudo(src, dst, proto, n):
    a, b = ip_address(src).packed, ip_address(dst).packed
    return a + b + struct.pack('>II', n, proto)


# ---- containers

def zstd(data):
    lib, size = ctypes.CDLL('libzstd.so.1'), ctypes.c_size_t
    lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    lib.ZSTD_decompress.restype = ctypes.c_size_t
    n = lib.ZSTD_getFrameContentSize(data, size(len(data)))
    out = ctypes.create_string_buffer(n)
    n = lib.ZSTD_decompress(out, size(len(out)), data, size(len(data)))
    assert n == len(out), 'zstd'
    return out.raw


def read_ng(data, e):
    at, link, unit, out = 0, None, 1000, []
    while at < len(data):
        kind, n = struct.unpack_from(e + 'II', data, at)
        assert n % 4 == 0
        assert struct.unpack_from(e + 'I', data, at + n - 4)[0] == n, 'block length'
        if kind == 1:
            link = struct.unpack_from(e + 'H', data, at + 8)[0]
            unit = 1 if n > 20 else 1000
            assert n == 20 or struct.unpack_from(e + 'HHB', data, at + 16) == (9, 1, 9)
        if kind == 6:
            _, hi, lo, cap, full = struct.unpack_from(e + '5I', data, at + 8)
            assert cap == full
            out.append(((hi << 32 | lo) * unit, data[at + 28:at + 28 + cap]))
        at += n
    return link, out


def read_file(path):
    """The words that name the container, the link type and the frames."""
    data, words = open(path, 'rb').read(), []
    if data[:2] == b'\x1f\x8b':
        data, words = gzip.decompress(data), ['gz']
    elif data[:4] == b'\x28\xb5\x2f\xfd':
        data, words = zstd(data), ['zst']
    if data[:4] == b'\x0a\x0d\x0d\x0a':
        e = '<' if data[8:12] == b'\x4d\x3c\x2b\x1a' else '>'
        return words + ['ng' + e], *read_ng(data, e)
    e = '<' if data[3] == 0xa1 else '>'
    magic, _, _, _, _, _, link = struct.unpack_from(e + 'IHHIIII', data)
    unit = {0xa1b2c3d4: 1000, 0xa1b23c4d: 1}[magic]
    at, out = 24, []
    while at < len(data):
        s, f, cap, full = struct.unpack_from(e + 'IIII', data, at)
        assert cap == full
        out.append((s * 10**9 + f * unit, data[at + 16:at + 16 + cap]))
        at += 16 + cap
    return words + ['pcap' + e + ('u' if unit == 1000 else 'n')], link, out


# ---- layers

class Peel:
    """Peels one frame to (src, dst, proto, bytes); keeps pieces of datagrams."""

    def __init__(self):
        self.pieces, self.largest, self.datagrams = {}, 0, 0

    def frame(self, link, b):
        self.names = []
        if link == 0:
            assert b[:4] in (b'\2\0\0\0', b'\0\0\0\2', b'\x1e\0\0\0', b'\0\0\0\x1e')
        if link == 276:
            return self.say('sll2', self.ether, be16(b, 0), b[20:])
        if link == 113:
            return self.say('sll', self.ether, be16(b, 14), b[16:])
        if link == 9:
            hdlc = b[:2] == b'\xff\x03'
            return self.say('hdlc' if hdlc else 'ppp', self.ppp, b[2:] if hdlc else b)
        if link in (101, 228, 229, 0, 108):
            b = b[4:] if link in (0, 108) else b
            assert link < 200 or b[0] >> 4 == {228: 4, 229: 6}[link]
            return self.ip(b)
        return self.ether(0x6558, b)

    def say(self, name, follow, *args):
        self.names.append(name)
        return follow(*args)

    def ether(self, kind, b):
        if kind == 0x6558:
            return self.say('eth', self.ether, be16(b, 12), b[14:])
        if kind in (0x8100, 0x88a8):
            return self.say('tag%x' % kind, self.ether, be16(b, 2), b[4:])
        if kind == 0x8847:
            last = b[2] & 1
            follow = (self.below_label,) if last else (self.ether, kind)
            return self.say('mpls', *follow, b[4:])
        if kind == 0x8864:
            assert b[:2] == b'\x11\0' and be16(b, 4) == len(b) - 6
            return self.say('pppoe', self.ppp, b[6:])
        assert kind in (0x0800, 0x86dd, 0x0806), hex(kind)
        return None if kind == 0x0806 else self.ip(b)

    def below_label(self, b):
        return self.say('cw', self.ether, 0x6558, b[4:]) if b[0] >> 4 == 0 else self.ip(b)

    def ppp(self, b):
        assert b[:2] == (b'\0\x21' if b[2] >> 4 == 4 else b'\0\x57')
        return self.ip(b[2:])

    def ip(self, b):
        return self.say(*(('ip4', self.ip4) if b[0] >> 4 == 4 else ('ip6', self.ip6)), b)

    def ip4(self, b):
        n, ident, frag = struct.unpack('>HHH', b[2:8])
        assert csum(b[:20]) == 0 and n == len(b), 'IPv4 header'
        src, dst = ip_address(b[12:16]), ip_address(b[16:20])
        more, off = frag >> 13 & 1, (frag & 0x1fff) * 8
        return self.whole(src, dst, b[9], ident, off, more, b[20:])

    def ip6(self, b):
        assert be16(b, 4) == len(b) - 40, 'IPv6 length'
        src, dst, nxt, b = ip_address(b[8:24]), ip_address(b[24:40]), b[6], b[40:]
        while nxt in (0, 60):
            self.names.append('ext%d' % nxt)
            nxt, b = b[0], b[8 + b[1] * 8:]
        if nxt != 44:
            return self.whole(src, dst, nxt, 0, 0, 0, b)
        off, ident = struct.unpack('>HI', b[2:8])
        return self.whole(src, dst, b[0], ident, off & ~7, off & 1, b[8:])

    def whole(self, src, dst, proto, ident, off, more, b):
        if not off and not more:
            return self.inner(src, dst, proto, b)
        self.names.append('piece')
        self.largest = max(self.largest, len(b))
        got = self.pieces.setdefault((src, dst, proto, ident), {})
        got[off] = (b, more)
        data = b''
        while len(data) in got and got[len(data)][1]:
            data += got[len(data)][0]
        if len(data) not in got:
            return None
        del self.pieces[(src, dst, proto, ident)]
        self.datagrams += 1
        return self.inner(src, dst, proto, data + got[len(data)][0])

    def inner(self, src, dst, proto, b):
        if proto in (4, 41):
            return self.ip(b)
        if proto == 47:
            return self.gre(b)
        if proto == 17 and be16(b, 2) in (4789, 6081, 37008):
            assert be16(b, 4) == len(b)
            return self.udp_tunnel(be16(b, 2), b[8:])
        self.names.append({6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmp6'}[proto])
        before = b'' if proto == 1 else pseudo(src, dst, proto, len(b))
        assert csum(before + b) == 0, 'checksum'
        return src, dst, proto, b

    def udp_tunnel(self, port, b):
        if port == 4789:
            return self.say('vxlan', self.ether, 0x6558, b[8:])
        if port == 6081:
            return self.say('geneve', self.ether, be16(b, 2), b[8 + (b[0] & 63) * 4:])
        at = 4
        while b[at] != 1:
            at += 1 if b[at] == 0 else 2 + b[at + 1]
        return self.say('tzsp', self.ether, 0x6558, b[at + 1:])

    def gre(self, b):
        flags, kind = struct.unpack('>HH', b[:4])
        assert not flags & 0x8000 or csum(b) == 0, 'GRE checksum'
        rest = b[4 + 4 * bin(flags & 0xb000).count('1'):]
        self.names.append('gre%x' % (flags >> 12))
        if kind == 0x88be and flags & 0x1000:
            return self.say('erspan%d' % (rest[0] >> 4), self.ether, 0x6558, rest[8:])
        if kind == 0x22eb:
            assert rest[0] >> 4 == 2
            rest = rest[20 if rest[11] & 1 else 12:]
            return self.say('erspan2', self.ether, 0x6558, rest)
        return self.ether(0x6558 if kind == 0x88be else kind, rest)
