"""Cases of cli.py: -w, the frames of messenger connections and of no others."""
import os, re, subprocess

from cli_kit import frames, holds, same, tcp_of
from cli_inputs import bytes_of
from cli_options import LOSSY, samples

# What a connection that concerns Messenger says somewhere.
MESSENGER = re.compile(
    rb'VER \d+ MSNP|USR \d+ |ANS \d+ |NLN |PNG\r\n|gateway\.dll|CONNECT |\x05\x01\x00|\x04\x01\x07G')
CLOSING = 4
YOUNG_S = 30 # a connection that says nothing for so long is forgotten, its start with it


# A lookup of a name where Messenger begins, and the ICMP messages that end a try.
LOOKUP = re.compile(rb'\x09messenger\x07hotmail|\x07gateway\x09messenger', re.I)


def icmp(frame):
    ip = 18 if frame[12:14] == b'\x81\x00' else 14
    return frame[ip + 9] == 1 if frame[ip] >> 4 == 4 else frame[ip + 6] == 58


def save(b, *args):
    path = b.name('saved.pcap')
    code, _, err = b.run('read', '-q', '-w', path, *args)
    assert code in (0, 4), err
    return path


def talks(path):
    """Frames by connection: [(time, frame)...] and all that was said."""
    out = {}
    units = 1e-9 if bytes_of(path)[:4] == b'\x4d\x3c\xb2\xa1' else 1e-6
    for record, frame in frames(path)[1]:
        ends, payload = tcp_of(frame) or (None, b'')
        held = out.setdefault(ends, ([], bytearray()))
        when = int.from_bytes(record[:4], 'little')
        held[0].append((when + int.from_bytes(record[4:8], 'little') * units, frame))
        held[1].extend(payload)
    return out


def case_what_is_saved_tells_the_same(b):
    for name in samples(b):
        status = 4 if name == LOSSY else 0
        want = b.attempts(b.sample(name), status=status)
        path = save(b, b.sample(name))
        same(b.attempts(path, status=status), want, name)
        first = frames(path)
        same(frames(save(b, b.sample(name))), first, name)
        again = b.name('again.pcap')
        b.run('read', '-q', '-w', again, path)
        same(frames(again), first, 'saved twice: ' + name)


def forgotten(held, n):
    """Whether the first n frames came long before the others."""
    return n < len(held) and held[n][0] - held[n - 1][0] >= YOUNG_S


def resets(frame):
    """Whether the frame is one of the generated ones that end a connection at once."""
    ip = 18 if frame[12:14] == b'\x81\x00' else 14
    tcp = ip + (40 if frame[ip] >> 4 == 6 else (frame[ip] & 15) * 4)
    return frame[tcp + 13] & 4 != 0


def case_whole_connections_are_saved_and_no_others(b):
    for name in samples(b):
        whole, kept = talks(b.sample(name)), talks(save(b, b.sample(name)))
        for _, frame in kept.pop(None, ([], b''))[0]:
            assert LOOKUP.search(frame) or icmp(frame), (name, frame)
        status = 4 if name == LOSSY else 0
        assert kept or not b.attempts(b.sample(name), status=status) or \
            name.startswith('dns_'), name
        for ends, (held, said) in kept.items():
            assert MESSENGER.search(said) or not said, (name, ends, bytes(said[:200]))
            there = whole[ends][0]
            lost = [f for _, f in there].index(held[0][1])
            rest = there[lost + len(held):]
            assert lost == 0 or forgotten(there, lost), (name, ends, lost)
            # A proxy's no is the last word; how the connection then closes is nobody's.
            assert not rest or resets(held[-1][1]) or len(rest) <= CLOSING, \
                (name, ends, len(rest))
            same([f for _, f in held], [f for _, f in there[lost:lost + len(held)]],
                 (name, ends))
    assert len(talks(b.sample('office_day'))) > 10 * len(kept)


def case_pieces_are_saved_whole(b):
    for shape in ('frag', 'frag-tiny', 'frag-reverse', 'frag6', 'vlan', 'vxlan', 'sll'):
        for name in ('direct_twn_redirect', 'gateway_sharp', 'noise_only'):
            shaped = b.reshape(shape, b.sample(name), 'shaped.pcap')
            path = save(b, shaped)
            same(b.attempts(path), b.attempts(shaped), (shape, name))
            there = {r for r, _ in frames(shaped)[1]}
            kept = [f for _, f in frames(path)[1]]
            assert {f for f in kept} <= {f for _, f in frames(shaped)[1]}, shape
            same(len(kept), len(set(kept)), (shape, name, 'twice'))
            # Noise holds a lookup of a messenger name and nothing else of interest.
            assert len(kept) > 40 if name != 'noise_only' else len(kept) <= 16, (shape, name)
            assert len(kept) < len(there), (shape, name)


def case_inputs_are_not_written_over(b):
    data = bytes_of(b.sample('direct_md5'))
    mine = b.file('in/mine.pcap', data)
    os.symlink(mine, b.name('soft'))
    os.link(mine, b.name('hard'))
    os.mkdir(b.name('in', 'deeper'))
    for out, args in ((mine, [mine]), (mine, [b.sample('noise_only'), mine]),
                      (b.name('soft'), [mine]), (b.name('hard'), [mine]),
                      (mine, [b.name('in')]), (mine, [b.name('soft')]),
                      (b.name('in', 'deeper', '..', 'mine.pcap'), [mine])):
        code, text, err = b.run('read', '-w', out, *args)
        same((code, text), (1, ''), out)
        holds(err, out, 'name another file')
        same(bytes_of(mine), data)
    with open(mine, 'rb') as f:
        code, _, err = b.run('read', '-w', mine, '-', stdin=f)
    same((code, bytes_of(mine)), (1, data))


def case_what_cannot_be_saved(b):
    talk = b.sample('direct_md5')
    for where in (b.folder, b.name('no', 'such', 'folder')):
        code, out, err = b.run('read', '-w', where, talk)
        same((code, out), (1, ''), where)
        holds(err, where, 'cannot be written')
    code, out, err = b.run('read', '-w', '/dev/full', talk)
    same((code, out), (1, b.read(talk)))
    holds(err, '/dev/full', 'No space left')
    mixed = b.reshape('sll', b.sample('direct_twn_redirect'), 'sll.pcap')
    code, out, err = b.run('read', '-w', b.name('saved.pcap'), talk, mixed)
    same(code, 1)
    holds(err, 'frames left out', 'link type')


def case_saved_to_standard_output(b):
    day = b.sample('office_day')
    command = '"$0" read -q -w - "$1" | "$0" read --json -'
    done = subprocess.run(['sh', '-c', command, b.binary, day], env=b.env(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    same(done.stderr, b'')
    wanted = b.read('--json', save(b, day))
    same(done.stdout.decode().replace('"pcap_filename":"-"', ''),
         wanted.replace('"pcap_filename":"%s"' % b.name('saved.pcap'), ''))


def case_a_closed_standard_output_spoils_no_capture(b):
    whole, path = bytes_of(save(b, b.sample('direct_md5'))), b.name('other.pcap')
    for stream in ('>&-', '2>&-', '>&- 2>&- <&-'):
        subprocess.run(['sh', '-c', '"$0" read -w "$1" "$2" missing ' + stream, b.binary,
                        path, b.sample('direct_md5')], env=b.env(), check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        same(bytes_of(path), whole, stream)


def case_nothing_to_save_is_an_empty_capture(b):
    path = save(b, '--filter', 'tcp', b.sample('noise_only'))
    same(len(bytes_of(path)), 24)
    holds(b.read(path), 'No packet was read')
    same(frames(save(b, '--filter', 'tcp', '--count', '3', b.sample('direct_md5')))[1], [])
