#!/usr/bin/env python3
"""What `msnwatch live` tells a service manager, which here is this script.

usage: notify.py MSNWATCH

Takes root, for a network of its own; ends with 77 where that is not to be had.
"""
import ctypes, os, shutil, signal, socket, subprocess, sys, tempfile, time

INSIDE = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']


class Manager:
    def __init__(self, folder):
        self.path = os.path.join(folder, 'notify')
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def next(self, seconds=10.0):
        """The next message as a dictionary; None when there is none so long."""
        self.socket.settimeout(seconds)
        try:
            text = self.socket.recv(4096).decode()
        except socket.timeout:
            return None
        return dict(line.split('=', 1) for line in text.splitlines())

    def until(self, key):
        while True:
            message = self.next()
            assert message is not None, 'waited in vain for ' + key
            if key in message:
                return message


def start(msnwatch, folder, path, *options):
    env = dict(os.environ, NOTIFY_SOCKET=path, WATCHDOG_USEC='2000000')
    env.pop('WATCHDOG_PID', None)
    return subprocess.Popen(
        [*INSIDE, msnwatch, 'live', '--accounts', 'hide', '--output',
         os.path.join(folder, 'events'), *options], env=env, stderr=subprocess.PIPE, text=True)


def case_tells_its_whole_life(msnwatch, folder, manager):
    p = start(msnwatch, folder, manager.path, '-i', 'lo', '-i', 'nowhere0')
    try:
        first = manager.next()
        assert first and first['READY'] == '1' and first['STATUS'], first
        assert os.path.exists(os.path.join(folder, 'events')), 'ready before it is open'
        assert 'nowhere0: ' in manager.until('STATUS')['STATUS']
        began = time.monotonic()
        for _ in range(3):
            assert manager.until('WATCHDOG')['WATCHDOG'] == '1'
        assert time.monotonic() - began < 5, 'the watchdog is told too seldom'
        p.send_signal(signal.SIGHUP)
        again = manager.until('RELOADING')
        assert again['RELOADING'] == '1' and int(again['MONOTONIC_USEC']) > 0, again
        assert manager.until('READY')['READY'] == '1'
        p.send_signal(signal.SIGSTOP)
        while manager.next(0.1):
            pass
        assert manager.next(3) is None, 'told while it stood still'
        p.send_signal(signal.SIGCONT)
        manager.until('WATCHDOG')
        p.terminate()
        assert manager.until('STOPPING')['STOPPING'] == '1'
        assert p.wait(10) == 0, p.stderr.read()
    finally:
        p.kill()
        p.wait()


def hold(thread):
    """Stops one thread as a debugger does; returns what lets it go."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    seize, interrupt, detach = 0x4206, 0x4207, 17
    if libc.ptrace(seize, thread, None, None) or libc.ptrace(interrupt, thread, None, None):
        return None
    os.waitpid(thread, 0x40000000)
    return lambda: libc.ptrace(detach, thread, None, None)


def case_is_silent_when_a_worker_hangs(msnwatch, folder, manager):
    p = start(msnwatch, folder, manager.path, '-i', 'lo', '--workers', '2')
    try:
        manager.until('WATCHDOG')
        workers = sorted(int(t) for t in os.listdir('/proc/%d/task' % p.pid))[1:]
        assert len(workers) == 2, workers
        let_go = hold(workers[1])
        if let_go is None:
            return 'threads cannot be held here'
        while manager.next(0.1):
            pass
        time.sleep(1.5)
        while manager.next(0.1):
            pass
        assert manager.next(3) is None, 'told that it is alive, and half of it was not'
        let_go()
        manager.until('WATCHDOG')
        p.terminate()
        assert p.wait(10) == 0
    finally:
        p.kill()
        p.wait()
    return None


def case_is_not_ready_when_it_fails(msnwatch, folder, manager):
    p = start(msnwatch, folder, manager.path, '-i', 'lo', 'tcp', 'porrt', '1')
    assert p.wait(10) == 1
    while (message := manager.next(0.2)) is not None:
        assert 'READY' not in message, message


def case_goes_on_without_a_manager(msnwatch, folder, _):
    p = start(msnwatch, folder, os.path.join(folder, 'nobody'), '-i', 'lo')
    try:
        said = p.stderr.readline()
        assert 'NOTIFY_SOCKET' in said and 'nobody' in said, said
        time.sleep(0.5)
        assert p.poll() is None
        p.terminate()
        assert p.wait(10) == 0
    finally:
        p.kill()
        p.wait()


def main(msnwatch):
    if os.geteuid() != 0 or shutil.which('unshare') is None or shutil.which('ip') is None or \
            subprocess.run([*INSIDE, 'true'], check=False).returncode:
        print('skipped: a network of its own takes root, unshare and ip')
        return 77
    folder = tempfile.mkdtemp(prefix='notify.')
    try:
        manager = Manager(folder)
        for name, case in list(globals().items()):
            if name.startswith('case_'):
                while manager.next(0.1):
                    pass
                why = case(msnwatch, folder, manager)
                print('%-34s %s' % (name[5:], why or 'holds'))
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1])))
