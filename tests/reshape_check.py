#!/usr/bin/env python3
"""Checks reshape with a decoder of its own: usage: reshape_check.py RESHAPE

A small capture is made, written in every shape, and read back: the bytes of every
stream, every checksum, the layers and what the shape is about must be right.
"""
import os, struct, subprocess, sys, tempfile, traceback
from ipaddress import ip_address

sys.dont_write_bytecode = True
from reshape_peel import Peel, csum, pseudo, read_file

CLIENT, NS, GW, DNS = '192.168.1.77', '64.4.13.50', '207.46.110.48', '192.168.1.1'


# ---- the capture

def ip4(src, dst, proto, data):
    h = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(data), 0, 0x4000, 64, proto, 0,
                    ip_address(src).packed, ip_address(dst).packed)
    return h[:10] + struct.pack('>H', csum(h)) + h[12:] + data


def eth(data, kind=0x0800):
    return bytes(range(2, 14)) + struct.pack('>H', kind) + data


def summed(src, dst, proto, seg, at):
    c = csum(pseudo(src, dst, proto, len(seg)) + seg)
    return seg[:at] + struct.pack('>H', c) + seg[at + 2:]


def tcp(src, sport, dst, dport, seq, ack, flags, data=b''):
    opts = b'\x01\x01\x08\x0a' + struct.pack('>II', 7, 9)
    seg = struct.pack('>HHIIBBHHH', sport, dport, seq % 2**32, ack % 2**32, 0x80, flags,
                      64000, 0, 0) + opts + data
    return eth(ip4(src, dst, 6, summed(src, dst, 6, seg, 16)))


def udp(src, sport, dst, dport, data):
    seg = struct.pack('>HHHH', sport, dport, 8 + len(data), 0) + data
    return eth(ip4(src, dst, 17, summed(src, dst, 17, seg, 6)))


class Talk:
    """One TCP connection; says() is a data segment and its acknowledgement."""

    def __init__(self, out, client, sport, server, dport):
        self.out, self.ends = out, [(client, sport), (server, dport)]
        self.next = [0xfffffff0, 0x10000000]
        self.plain, self.low = [b'', b''], [b'', b'']
        self.send(0, 0x02, ack=0)
        self.send(1, 0x12)
        self.send(0, 0x10)

    def send(self, side, flags, data=b'', ack=None):
        (a, ap), (b, bp) = self.ends[side], self.ends[1 - side]
        ack = self.next[1 - side] if ack is None else ack
        self.out.append(tcp(a, ap, b, bp, self.next[side], ack, flags, data))
        self.next[side] += len(data) + bool(flags & 3)

    def says(self, side, data, low=None):
        for i in range(0, len(data), 1400):
            self.send(side, 0x18, data[i:i + 1400])
            self.send(1 - side, 0x10)
        self.plain[side] += data
        self.low[side] += data if low is None else low

    def line(self, side, verb, rest, payload=b''):
        tail = b' ' + rest + b'\r\n' + payload
        self.says(side, verb + tail, verb.lower() + tail)

    def post(self, side, head, verb=b'', rest=b''):
        body = verb + b' ' + rest + b'\r\n' if verb else b''
        head += b'\r\nContent-Length: %d\r\n\r\n' % len(body)
        self.says(side, head + body, head + body.replace(verb, verb.lower(), 1))

    def close(self, last=b''):
        self.send(0, 0x19 if last else 0x11, last)
        self.plain[0] += last
        self.low[0] += last.lower()
        self.send(1, 0x11)
        self.send(0, 0x10)


def sample():
    out = [eth(b'\0\1\x08\0\6\4\0\1' + bytes(20), 0x0806),
           udp(CLIENT, 5353, DNS, 53,
               b'\x12\x34\1\0\0\1' + bytes(6) + b'\3msn\3com\0\0\1\0\1')]
    d = Talk(out, CLIENT, 40000, NS, 1863)
    d.line(0, b'VER', b'1 MSNP9 CVR0')
    d.line(1, b'VER', b'1 MSNP9')
    d.line(0, b'USR', b'2 TWN I a@example.com')
    d.line(1, b'GCF', b'0 1500', b'USR is not a verb here\r\nMSG 5\r\n' + b'x' * 1469)
    d.line(1, b'USR', b'2 OK a@example.com A 1 0')
    d.line(0, b'MSG', b'3 N 11', b'VER 9\r\nABC!')
    d.line(0, b'PNG', b'')
    d.close(b'OUT\r\n')
    g = Talk(out, CLIENT, 40001, GW, 80)
    post = b'POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\nHost: gw'
    g.post(0, post, b'VER', b'1 MSNP9 CVR0')
    g.post(1, b'HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=1.2; GW-IP=gw',
           b'VER', b'1 MSNP9')
    g.post(0, post.replace(b'open', b'poll'))
    w = Talk(out, CLIENT, 40002, GW, 80)
    w.says(0, b'POST /form HTTP/1.1\r\nContent-Length: 13\r\n\r\nVER 1 MSNP9\r\n')
    quoted = tcp(CLIENT, 40003, NS, 1863, 5, 0, 2)[14:]
    icmp = b'\3\x0d\0\0\0\0\0\0' + quoted
    icmp = icmp[:2] + struct.pack('>H', csum(icmp)) + icmp[4:]
    out.append(eth(ip4(DNS, CLIENT, 1, icmp)))
    return out, [d, g, w]


def pcap_bytes(frames, link=1):
    out = struct.pack('<IHHIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)
    for i, f in enumerate(frames):
        out += struct.pack('<IIII', 1000 + i // 500, i % 500 * 200, len(f), len(f)) + f
    return out


# ---- what each shape must be: layers of every TCP frame, and the container

IP4, IP6, OUT = 'ip4 tcp', 'ip6 tcp', 'eth ip4 '
LAYERS = {
    'vlan': 'eth tag8100 ip4 tcp', 'qinq': 'eth tag88a8 tag8100 ip4 tcp',
    'mpls': 'eth mpls mpls ip4 tcp', 'mpls-pw': 'eth mpls mpls cw eth ip4 tcp',
    'pppoe': 'eth pppoe ip4 tcp',
    'gre': OUT + 'gre0 ip4 tcp', 'gre-key': OUT + 'greb ip4 tcp',
    'gre-eth': OUT + 'gre0 eth ip4 tcp', 'erspan1': OUT + 'gre0 eth ip4 tcp',
    'erspan2': OUT + 'gre1 erspan1 eth ip4 tcp',
    'erspan3': OUT + 'gre1 erspan2 eth ip4 tcp',
    'erspan3-platform': OUT + 'gre1 erspan2 eth ip4 tcp',
    'vxlan': OUT + 'vxlan eth ip4 tcp',
    'geneve': OUT + 'geneve eth ip4 tcp', 'tzsp': OUT + 'tzsp eth ip4 tcp',
    'ipip': OUT + IP4, '6in4': OUT + IP6, '4in6': 'eth ip6 ip4 tcp',
    'nested': 'eth tag8100 ip4 gre0 ip4 vxlan eth ip4 tcp',
    'raw': IP4, 'raw6': IP6, 'ipv4': IP4, 'ipv6-link': IP6,
    'null': IP4, 'null-swapped': IP4,
    'loop': IP4, 'sll': 'sll ip4 tcp', 'sll2': 'sll2 ip4 tcp', 'ppp': 'hdlc ip4 tcp',
    'ppp-bare': 'ppp ip4 tcp', 'ipv6': 'eth ip6 tcp',
    'ipv6-ext': 'eth ip6 ext0 ext60 tcp',
    'frag': OUT + 'piece tcp', 'frag-tiny': OUT + 'piece tcp',
    'frag-reverse': OUT + 'piece tcp',
    'frag6': 'eth ip6 piece tcp', 'frag-vxlan': OUT + 'piece vxlan eth ip4 tcp',
}
LINKS = {'raw': 101, 'raw6': 101, 'ipv4': 228, 'ipv6-link': 229,
         'null': 0, 'null-swapped': 0, 'loop': 108, 'sll': 113, 'sll2': 276,
         'ppp': 9, 'ppp-bare': 9}
FILES = {'pcapng': 'ng<', 'pcapng-usec': 'ng<', 'pcapng-be': 'ng>', 'nsec': 'pcap<n',
         'swapped': 'pcap>u', 'nsec-swapped': 'pcap>n', 'null-swapped': 'pcap>u',
         'gz': 'gz pcap<u', 'zst': 'zst pcap<u', 'pcapng-gz': 'gz ng<',
         'rotate-gz': 'gz pcap<u'}
IPV6 = {'6in4', 'raw6', 'ipv6-link', 'ipv6', 'ipv6-ext', 'frag6'}
SEGMENTED = {'seg1', 'seg7', 'swap', 'dup', 'overlap', 'nosyn', 'data-on-syn'}
MOVED = {'reverse-dirs', 'reverse-answers', 'frag-reverse'}


class Read:
    """A file or folder in a shape, decoded."""

    def __init__(self, path):
        parts = sorted(os.listdir(path)) if os.path.isdir(path) else ['']
        self.parts, self.peel, self.layers = len(parts), Peel(), set()
        self.tcp, self.others, self.times = [], [], []
        for part in parts:
            name = os.path.join(path, part) if part else path
            self.words, self.link, frames = read_file(name)
            for ts, b in frames:
                self.times.append(ts)
                self.packet(self.peel.frame(self.link, b))

    def packet(self, got):
        if got is None:
            return
        src, dst, proto, b = got
        if proto != 6:
            self.others.append((proto, b))
            return
        self.layers.add(' '.join(self.peel.names))
        sport, dport, seq, ack = struct.unpack('>HHII', b[:12])
        data = b[(b[12] >> 4) * 4:]
        self.tcp.append(((str(src), sport, str(dst), dport), seq, ack, b[13], data))

    def streams(self):
        """Bytes of each direction by sequence number; overlaps must agree."""
        out, first = {}, {}
        for key, seq, _, flags, data in self.tcp:
            if flags & 2:
                first[key] = (seq + 1) % 2**32
        for key, seq, _, flags, data in self.tcp:
            if not data:
                continue
            seq = (seq + bool(flags & 2)) % 2**32
            at = (seq - first.setdefault(key, seq)) % 2**32
            held = out.setdefault(key, {})
            for i, c in enumerate(data):
                assert held.setdefault(at + i, c) == c, 'overlap disagrees'
        for key, held in out.items():
            assert sorted(held) == list(range(len(held))), 'hole in %r' % (key,)
        return {key: bytes(held[i] for i in sorted(held)) for key, held in out.items()}


def expected(shape, talks):
    ports = {1863: 4443, 80: 8000} if shape == 'ports' else {}
    out = {}
    for t in talks:
        ends = [(mapped(a) if shape in IPV6 else a, ports.get(p, p)) for a, p in t.ends]
        for side, data in enumerate(t.low if shape == 'lower' else t.plain):
            if data:
                out[ends[side] + ends[1 - side]] = data
    return out


def mapped(a):
    return str(ip_address(ip_address('2001:db8::').packed[:12] + ip_address(a).packed))


def rows(r):
    return [(k[1], k[3], seq, ack, flags, data) for k, seq, ack, flags, data in r.tcp]


def ends(r):
    """Where each PSH or FIN that carries data puts the end of its segment."""
    return sorted((k, (seq + len(d)) % 2**32, f)
                  for k, seq, _, f, d in r.tcp if d and f & 9)


def about(shape, r, base):
    """What the shape is for must be there."""
    sizes = [len(data) for *_, data in r.tcp]
    keys = [k for k, *_ in r.tcp]
    if shape in ('seg1', 'seg7', 'swap'):
        assert max(sizes) == (1 if shape == 'seg1' else 7)
        assert ends(r) == ends(base), 'PSH and FIN belong to the last piece'
    if shape == 'swap':
        late = [b for a, b in zip(r.tcp, r.tcp[1:])
                if a[0] == b[0] and b[4] and (b[1] - a[1]) % 2**32 > 2**31]
        assert len(late) > 100, 'nothing swapped'
    if shape == 'dup':
        data = sum(1 for *_, d in base.tcp if d)
        assert sum(1 for *_, d in r.tcp if d) == 2 * data + data // 8
    if shape == 'overlap':
        both = [(a[1] + len(a[4]) - b[1]) % 2**32 for a, b in zip(r.tcp, r.tcp[1:])
                if a[0] == b[0] and a[4] and b[4]]
        starts = {(k, (seq + 5) % 2**32) for k, seq, _, _, d in r.tcp if d}
        late = [i for i, (k, _, _, _, d) in enumerate(base.tcp)
                if d and any(k == e[0] and e[4] for e in base.tcp[:i])]
        assert late and all(base.tcp[i][:2] in starts for i in late), 'past not repeated'
        assert max(both) == 8 and ends(r) == ends(base), 'five old bytes and three new'
    if shape == 'nosyn':
        assert all(not f & 2 for _, _, _, f, _ in r.tcp)
        assert all(r.tcp[keys.index(k)][4] for k in set(keys) if k[3] in (80, 1863))
    if shape == 'data-on-syn':
        assert sum(1 for _, _, _, f, d in r.tcp if f == 2 and d) == 3
        assert all(ack == (r.tcp[i - 1][1] + 1 + sizes[i - 1]) % 2**32
                   for i, (_, _, ack, f, _) in enumerate(r.tcp) if f == 0x12)
    if shape.startswith('reverse'):
        assert sorted(rows(r)) == sorted(rows(base)) and rows(r) != rows(base)
        data = [k[3] in (80, 1863) for k, _, _, _, d in r.tcp if d]
        assert data[0] == (shape == 'reverse-dirs'), 'who is seen first'
    if shape.startswith('frag'):
        want = {'frag-tiny': 8, 'frag-vxlan': 256}.get(shape, 24)
        assert r.peel.largest == want and r.peel.datagrams and not r.peel.pieces
    if shape in IPV6:
        quotes = [b[8:] for p, b in r.others if p == 58 and b[:2] == b'\1\1']
        assert len(quotes) == 1
        src, dst = ip_address(quotes[0][8:24]), ip_address(quotes[0][24:40])
        seg = quotes[0][40:]
        assert csum(pseudo(src, dst, 6, len(seg)) + seg) == 0, 'quoted checksum'
    if shape in ('split', 'rotate-gz'):
        assert r.parts == -(-len(r.times) // 20)


def check(shape, path, talks, base):
    r = Read(path)
    assert r.streams() == expected(shape, talks), 'streams'
    want = LAYERS.get(shape, 'eth ip4 tcp')
    whole = want.replace('piece ', '') # what is too small to be cut
    assert want in r.layers and r.layers <= {want, whole}, r.layers
    assert r.link == LINKS.get(shape, 1)
    assert ' '.join(r.words) == FILES.get(shape, 'pcap<u')
    assert r.times == sorted(r.times) and set(r.times) <= set(base.times), 'times'
    assert len(r.others) == len(base.others), 'DNS and ICMP'
    if shape not in SEGMENTED | MOVED | {'lower', 'ports'}:
        assert rows(r) == rows(base), 'packets'
    about(shape, r, base)


def run(*args):
    return subprocess.run(args, capture_output=True, text=True)


def check_front(tool, folder, src, v6):
    assert run(tool, '--host-map', 'frag6', CLIENT).stdout == '2001:db8::c0a8:14d\n'
    assert run(tool, '--host-map', 'vlan', CLIENT).stdout == CLIENT + '\n'
    assert run(tool, '--host-map', 'ipv6', 'fe80::1').stdout == 'fe80::1\n'
    assert run(tool).returncode == 2
    assert run(tool, 'no-such', src, src + '.x').returncode == 2
    assert run(tool, 'vlan', src + '.missing', src + '.x').returncode == 1
    assert run(tool, 'vlan', os.path.join(folder, 'raw'), src + '.x').returncode == 1
    assert run(tool, 'ipv4', v6, src + '.x').returncode == 3
    assert run(tool, 'vlan', src, os.path.join(folder, 'no', 'such')).returncode == 1
    assert not os.path.exists(src + '.x')


def main(tool):
    frames, talks = sample()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        src = os.path.join(folder, 'sample')
        with open(src, 'wb') as f:
            f.write(pcap_bytes(frames))
        base = Read(src)
        shapes = run(tool, '--list').stdout.split()
        known = set(LAYERS) | set(LINKS) | set(FILES) | IPV6 | SEGMENTED | MOVED
        lost = known - set(shapes)
        assert shapes and not lost, 'checked and not listed: %s' % lost
        for shape in shapes:
            path = os.path.join(folder, shape)
            try:
                r = run(tool, shape, src, path)
                assert r.returncode == 0, r.stderr
                check(shape, path, talks, base)
            except Exception:
                bad += 1
                print('WRONG', shape, traceback.format_exc().strip().splitlines()[-2:])
        check_front(tool, folder, src, os.path.join(folder, 'ipv6'))
    print('%d/%d shapes right' % (len(shapes) - bad, len(shapes)))
    return bad != 0


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
