#!/usr/bin/env python3
"""`msnwatch live` with a configuration file, which changes while it watches.

usage: live_config.py MSNWATCH SAMPLES

Takes what live.py takes; ends with 77 where that is not to be had.
"""
import os, signal, sys

sys.dont_write_bytecode = True
import live

SHOWN = {'interface': 'tap0', 'ring': '8', 'workers': '2', 'accounts': 'show', 'sensor': 'hall'}
SECTION = {'interface': 'capture', 'ring': 'capture', 'workers': 'capture',
           'window': 'detection', 'name': 'detection', 'sinkhole': 'detection'}


def write(folder, lines=(), **settings):
    path = os.path.join(folder, 'sensor.conf')
    with open(path, 'w', encoding='utf8') as f:
        for key, value in {**SHOWN, **settings}.items():
            f.write('[%s]\n%s = %s\n' % (SECTION.get(key, 'output'), key, value))
        f.writelines(lines)
    return path


class Configured(live.Sensor):
    """A sensor without any setting but what the file has, and the output."""

    def __init__(self, msnwatch, folder):
        super().__init__(msnwatch, folder, '--config', os.path.join(folder, 'sensor.conf'),
                         options=())
        self.watching('tap0')

    def reload(self, said):
        self.p.send_signal(signal.SIGUSR2)
        self.said(said)


def sign_in(s, samples, n, capture='direct_md5'):
    live.play('far0', os.path.join(samples, capture + '.pcap'))

    def there():
        return len([e for e in s.events() if e['event_type'] == 'attempt']) >= n
    there.__doc__ = 'attempt %d' % n
    live.wait_for(there)
    return [e for e in s.events() if e['event_type'] == 'attempt'][n - 1]


def case_reloads_what_it_can(msnwatch, samples, folder):
    write(folder, window=1)
    s = Configured(msnwatch, folder)
    first = sign_in(s, samples, 1)
    assert first['sensor'] == 'hall' and first['attempt'].get('account'), first
    write(folder, window=2, accounts='hide', sensor='attic')
    s.reload('sensor.conf: read again')
    second = sign_in(s, samples, 2)
    assert second['sensor'] == 'attic' and 'account' not in second['attempt'], second
    s.end()


def case_a_sinkhole_is_known_at_once(msnwatch, samples, folder):
    write(folder, window=1)
    s = Configured(msnwatch, folder)
    write(folder, window=1, sinkhole='192.0.2.0/24')
    s.reload('sensor.conf: read again')
    with open(os.path.join(samples, 'dns_loopback.pcap'), 'rb') as f:
        moved = f.read().replace(bytes((127, 0, 0, 1)), bytes((192, 0, 2, 66)))
    capture = os.path.join(folder, 'moved.pcap')
    with open(capture, 'wb') as f:
        f.write(moved)
    sign_in(s, folder, 4, 'moved')
    outcomes = live.attempts(s.end())
    assert len({a[0] for a in outcomes if 'sinkholed' in a[3]}) > 3, outcomes


def case_an_invalid_file_changes_nothing(msnwatch, samples, folder):
    write(folder, window=1)
    s = Configured(msnwatch, folder)
    write(folder, window=1, accounts='hide', lines=['oops\n'])
    s.reload(r'sensor.conf:13: neither a (.*\n)*.*sensor.conf: going on as before')
    assert sign_in(s, samples, 1)['attempt'].get('account')
    s.end()


def case_what_waits_for_a_restart_is_named(msnwatch, samples, folder):
    write(folder, window=1)
    s = Configured(msnwatch, folder)
    write(folder, window=1, ring=16, accounts='hash')
    s.reload('sensor.conf: ring in .capture. takes effect after a restart')
    s.said('sensor.conf: accounts in .output. takes effect after a restart')
    assert sign_in(s, samples, 1)['attempt'].get('account', '').count('@') == 1
    s.end()


def case_enforcement_is_not_changed_to_what_cannot_be(msnwatch, _, folder):
    usage = live.subprocess.run([msnwatch, 'live', '--help'], capture_output=True, check=True)
    if b'--enforce' not in usage.stdout:
        return
    net, mode = '[enforce]\nprotect = 10.0.0.0/8\n', 'mode = %s\n'
    write(folder, [net, mode % 'dry-run'])
    s = Configured(msnwatch, folder)
    write(folder, ['[enforce]\n', mode % 'dry-run'])
    s.reload(r'mode: dry-run wants protect in .enforce.: (.*\n)*.*going on as before')
    write(folder, [net, mode % 'reset', 'interface = tap1\n', 'hours = daily 01:00-02:00\n',
                   'time-zone = %s\n' % ('Europe/Berlin' if os.path.exists(
                       '/usr/share/zoneinfo/Europe/Berlin') else 'UTC')])
    s.reload('mode in .enforce. takes effect after a restart')
    s.said('interface in .enforce. takes effect after a restart')
    s.said('sensor.conf: read again')
    s.end()


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(live.main(*map(os.path.abspath, sys.argv[1:]), live.cases_of(globals())))
