#!/usr/bin/env python3
"""Who `msnwatch live` is while it watches, what it may still do, and that this is enough.

usage: privilege.py MSNWATCH SAMPLES

Takes what live.py takes; ends with 77 where that is not to be had.
"""
import ctypes, grp, os, pwd, re, shutil, signal, stat, sys, tempfile, time

sys.dont_write_bytecode = True
import live
from live import INSIDE, attempts, ip, play, run, wait_for

NET_RAW = 1 << 13
NOBODY = pwd.getpwnam('nobody')
FILTERED = 2


class Sensor(live.Sensor):
    """One that is started by way of another command, whose words are the prefix."""

    def __init__(self, msnwatch, folder, *args, prefix=()):
        inside = list(live.INSIDE)
        live.INSIDE += prefix
        super().__init__(msnwatch, folder, *args)
        live.INSIDE[:] = inside


def tasks(pid):
    """/proc/PID/status of every thread, as dictionaries."""
    for task in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/status' % (pid, task), encoding='utf8') as f:
            yield dict(line.rstrip('\n').split(':\t', 1) for line in f if ':\t' in line)


def is_instrumented(sensor):
    """Such a build leaves the filter out, and says so."""
    with open(sensor.errors, encoding='utf8') as f:
        return 'system calls are not filtered' in f.read()


def check_tasks(sensor, who, bounding=0, seccomp=FILTERED):
    seen = list(tasks(sensor.p.pid))
    assert seen
    for t in seen:
        assert t['Uid'].split() == [str(who.pw_uid)] * 4, t['Uid']
        assert t['Gid'].split() == [str(who.pw_gid)] * 4, t['Gid']
        for kind, want in (('CapPrm', NET_RAW), ('CapEff', NET_RAW), ('CapInh', 0),
                           ('CapAmb', 0), ('CapBnd', bounding)):
            assert int(t[kind], 16) == want, (kind, t[kind])
        assert t['NoNewPrivs'] == '1', t['NoNewPrivs']
        if not is_instrumented(sensor):
            assert t['Seccomp'] == str(seccomp), t['Seccomp']
    return seen


def has_landlock():
    create, version = 444, 1
    return ctypes.CDLL(None).syscall(create, None, 0, version) > 0


def own_groups(who):
    return {g.gr_gid for g in grp.getgrall() if who.pw_name in g.gr_mem} | {who.pw_gid}


def sockets_of(pid):
    """Inodes of the sockets a process holds."""
    found = set()
    for fd in os.listdir('/proc/%d/fd' % pid):
        try:
            m = re.match(r'socket:\[(\d+)\]', os.readlink('/proc/%d/fd/%s' % (pid, fd)))
        except FileNotFoundError:
            continue
        if m:
            found.add(m.group(1))
    return found


def case_becomes_the_user(msnwatch, samples, folder):
    s = Sensor(msnwatch, folder, '-i', 'tap0', '--user', 'nobody')
    s.watching('tap0')
    settled(s)
    for t in check_tasks(s, NOBODY):
        assert set(map(int, t['Groups'].split())) <= own_groups(NOBODY), t['Groups']
    with open('/proc/%d/net/packet' % s.p.pid, encoding='utf8') as f:
        packet = {line.split()[-1] for line in f}
    inherited = sockets_of(os.getpid())
    assert sockets_of(s.p.pid) - inherited <= packet, 'sockets beside those for packets'
    listening = run(*INSIDE, 'ss', '-Hlntuwx').stdout
    assert listening == '', listening
    play('far0', os.path.join(samples, 'direct_md5.pcap'))
    time.sleep(0.3)
    assert [a[1] for a in attempts(s.end())] == ['signed-in']


def settled(s):
    def there():
        return all(t['NoNewPrivs'] == '1' and (t['Seccomp'] == '2' or is_instrumented(s))
                   for t in tasks(s.p.pid))
    there.__doc__ = 'privileges being dropped'
    wait_for(there)


def case_signals_still_work(msnwatch, samples, folder):
    s = Sensor(msnwatch, folder, '-i', 'tap0', '--user', 'nobody')
    settled(s)
    s.p.send_signal(signal.SIGUSR1)
    s.said('live.frames +[0-9]+ ')
    play('far0', os.path.join(samples, 'direct_md5.pcap'))
    s.wait_for_event(lambda e: e['event_type'] == 'messenger')
    os.rename(s.path, s.path + '.1')
    s.p.send_signal(signal.SIGHUP)
    def again():
        """the file being opened again"""
        return os.path.exists(s.path)
    wait_for(again)
    made = os.stat(s.path)
    assert made.st_uid == NOBODY.pw_uid and not made.st_mode & stat.S_IRWXO, oct(made.st_mode)
    assert [e['event_type'] for e in s.end()][-1] == 'stats'
    os.remove(s.path + '.1')


def case_files_are_made_in_its_folders_only(msnwatch, samples, folder):
    """Even where permissions would allow more."""
    own, other = os.path.join(folder, 'own'), os.path.join(folder, 'other')
    for f in (own, other):
        os.mkdir(f)
        os.chown(f, NOBODY.pw_uid, NOBODY.pw_gid)
    s = Sensor(msnwatch, own, '-i', 'tap0', '--user', 'nobody')
    settled(s)
    if is_instrumented(s) or not has_landlock():
        print('skipped: no Landlock here')
    else:
        os.rename(s.path, s.path + '.1')
        os.symlink(os.path.join(other, 'events'), s.path)
        s.p.send_signal(signal.SIGHUP)
        s.said('events.json: cannot be opened by nobody: Permission denied; going on')
        assert os.listdir(other) == []
        os.remove(s.path)
        os.rename(s.path + '.1', s.path)
    s.end()
    assert samples


def case_an_interface_is_opened_again(msnwatch, samples, folder):
    def make():
        ip('link', 'add', 'late0', 'type', 'veth', 'peer', 'name', 'late1')
        for end in ('late0', 'late1'):
            ip('link', 'set', end, 'arp', 'off', 'up')

    make()
    s = Sensor(msnwatch, folder, '-i', 'late0', '--user', 'nobody', '--workers', '2',
               'tcp', 'or', 'udp')
    s.watching('late0')
    settled(s)
    ip('link', 'del', 'late0')
    s.said('late0: .*nothing is seen until it is back')
    make()
    s.said('late0: is there, and watched')
    assert len(check_tasks(s, NOBODY)) >= 3
    play('late1', os.path.join(samples, 'gateway_sharp.pcap'))
    time.sleep(0.3)
    assert [a[1] for a in attempts(s.end())] == ['signed-in']
    assert live.sent('late0') == 0
    ip('link', 'del', 'late0')


def with_users(folder, *users):
    """Words before a command that show it these users alone, and root."""
    fake = os.path.join(folder, 'passwd')
    with open(fake, 'w', encoding='utf8') as f:
        for name, uid, gid in (('root', 0, 0), *users):
            print(name, 'x', uid, gid, '', '/', '/bin/false', sep=':', file=f)
    return ('unshare', '--mount', 'sh', '-ec',
            'mount --bind "$0" /etc/passwd; exec "$@"', fake)


def case_root_that_names_nobody_becomes_msnwatch(msnwatch, samples, folder):
    s = Sensor(msnwatch, folder, '-i', 'tap0',
               prefix=with_users(folder, ('msnwatch', NOBODY.pw_uid, NOBODY.pw_gid)))
    s.watching('tap0')
    settled(s)
    check_tasks(s, NOBODY)
    s.end()
    assert samples


def case_where_there_is_no_msnwatch_root_can_only_capture(msnwatch, samples, folder):
    own = os.path.join(folder, 'of-root')
    os.mkdir(own)
    s = Sensor(msnwatch, own, '-i', 'tap0', '--no-sandbox', prefix=with_users(folder))
    s.watching('tap0')
    s.said('there is no user msnwatch')
    def dropped():
        """privileges being dropped"""
        return all(t['NoNewPrivs'] == '1' for t in tasks(s.p.pid))
    wait_for(dropped)
    check_tasks(s, pwd.getpwuid(0), seccomp=0)
    s.end()
    assert samples


def as_nobody(*more):
    return ('setpriv', '--reuid', str(NOBODY.pw_uid), '--regid', str(NOBODY.pw_gid),
            '--clear-groups', *more)


def case_a_service_manager_may_have_done_it(msnwatch, samples, folder):
    bounding = int(next(tasks(os.getpid()))['CapBnd'], 16)
    s = Sensor(msnwatch, folder, '-i', 'tap0', prefix=as_nobody(
        '--inh-caps', '+net_raw', '--ambient-caps', '+net_raw'))
    s.watching('tap0')
    settled(s)
    check_tasks(s, NOBODY, bounding)
    s.end()
    assert samples


def case_file_capabilities_do(msnwatch, samples, folder):
    mine = os.path.join(folder, 'msnwatch')
    shutil.copy(msnwatch, mine)
    if shutil.which('setcap') is None or run('setcap', 'cap_net_raw+ep', mine,
                                             check=False).returncode != 0:
        print('skipped: no capabilities on files here')
        return
    bounding = int(next(tasks(os.getpid()))['CapBnd'], 16)
    s = Sensor(mine, folder, '-i', 'tap0', '--user', 'nobody', prefix=as_nobody())
    s.watching('tap0')
    settled(s)
    check_tasks(s, NOBODY, bounding)
    play('far0', os.path.join(samples, 'direct_md5.pcap'))
    time.sleep(0.3)
    assert [a[1] for a in attempts(s.end())] == ['signed-in']
    other = run(*INSIDE, *as_nobody(), mine, 'live', '-i', 'tap0', '--accounts', 'hide',
                '--user', 'daemon', check=False)
    assert other.returncode == 1 and 'only root can become user daemon' in other.stderr, other


def case_says_what_hinders(msnwatch, samples, folder):
    def fails(why, *args):
        r = run(*INSIDE, msnwatch, 'live', '-i', 'tap0', '--accounts', 'hide', *args,
                check=False)
        assert r.returncode == 1 and why in r.stderr, r
    fails('make it with: adduser --system', '--user', 'no-such-user')
    closed = os.path.join(folder, 'closed')
    os.mkdir(closed, 0o700)
    fails('cannot be opened by nobody: Permission denied', '--user', 'nobody',
          '--output', os.path.join(closed, 'events.json'))
    assert samples


def main(msnwatch, samples):
    why = live.can()
    if why is None and None in map(shutil.which, ('ss', 'unshare')):
        why = 'no ss or unshare here'
    if why is not None:
        print('skipped:', why)
        return 77
    with live.cables('privilege.') as folder:
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
        os.chmod(folder, 0o755)
        for case in live.cases_of(globals()):
            case(msnwatch, samples, folder)
            print('%-54s holds' % case.__name__[5:])
    return 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))
