"""A machine in namespaces that boots systemd, to install a package on and throw away."""
import os, shutil, signal, subprocess, tempfile, time

BOOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'boot.sh')


def wait_for(what, why, seconds=15):
    for _ in range(seconds * 20):
        result = what()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError('waited in vain for ' + why)


def groups():
    """Where the kernel's second kind of control groups is."""
    with open('/proc/self/mountinfo', encoding='utf8') as f:
        for line in f:
            if ' - cgroup2 ' in line:
                return line.split()[4]
    return None


def cannot():
    """Why there can be no such machine here, or None."""
    if os.geteuid() != 0:
        return 'it takes root'
    for tool in ('unshare', 'nsenter', 'chroot', 'ip'):
        if shutil.which(tool) is None:
            return 'no %s here' % tool
    if not os.path.exists('/lib/systemd/systemd'):
        return 'no systemd here'
    if groups() is None:
        return 'no cgroup2 here'
    tried = subprocess.run(
        ['unshare', '--mount', '--pid', '--fork', '--net', '--uts', '--ipc', '--cgroup',
         'sh', '-c', 'mount --make-rprivate / && mount -t tmpfs none /mnt && cd /mnt && '
         'mkdir u w r && mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w r && '
         'test -x r/lib/systemd/systemd && mount -t cgroup2 none r/mnt'],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return 'no namespaces here: ' + tried.stdout.strip() if tried.returncode else None


def content(path):
    """What a file holds; True of what is no file, None of what is not there."""
    if not os.path.lexists(path):
        return None
    if os.path.islink(path) or not os.path.isfile(path):
        return True
    with open(path, 'rb') as f:
        return f.read()


class Box:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='box.')
        self.group = os.path.join(groups(), os.path.basename(self.folder))
        os.mkdir(self.group)
        self.log = tempfile.TemporaryFile()
        self.outer = subprocess.Popen(
            ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', self.group,
             'unshare', '--mount', '--pid', '--fork', '--net', '--uts', '--ipc', '--cgroup',
             '--kill-child', BOOT, self.folder], stdout=self.log, stderr=self.log)
        self.init = None
        try:
            self.init = wait_for(self.booted, 'the machine to boot')
            self.until_up()
        except AssertionError:
            self.log.seek(0)
            print(self.log.read().decode(errors='replace'))
            self.close()
            raise

    def booted(self):
        """The number, outside, of its first process, once that is systemd."""
        assert self.outer.poll() is None, 'the machine ended'
        with open('/proc/%d/task/%d/children' % (2 * (self.outer.pid,)), encoding='utf8') as f:
            inner = f.read().split()
        if not inner:
            return None
        with open('/proc/%s/comm' % inner[0], encoding='utf8') as f:
            return int(inner[0]) if f.read().strip() == 'systemd' else None

    def until_up(self):
        def up():
            state = self.run('systemctl', 'is-system-running', check=False).stdout.strip()
            return state in ('running', 'degraded')
        wait_for(up, 'the machine to be up', 30)

    def enter(self, *words):
        return ['nsenter', '-t', str(self.init), '-m', '-p', '-n', '-u', '-i', '-C', '-r', '-w',
                *words]

    def run(self, *words, check=True):
        r = subprocess.run(self.enter(*words), check=False, text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        assert not check or r.returncode == 0, '%s: %d\n%s' % (
            ' '.join(words), r.returncode, r.stdout)
        return r

    def path(self, inside):
        return '/proc/%d/root%s' % (self.init, inside)

    def exists(self, inside):
        return os.path.lexists(self.path(inside))

    def read(self, inside):
        with open(self.path(inside), encoding='utf8') as f:
            return f.read()

    def write(self, inside, text):
        os.makedirs(os.path.dirname(self.path(inside)), exist_ok=True)
        with open(self.path(inside), 'w', encoding='utf8') as f:
            f.write(text)

    def put(self, file, inside):
        shutil.copyfile(file, self.path(inside))

    def changed(self):
        """What differs from the machine it lives on: paths, and what files hold."""
        found = {}
        upper = '/proc/%d/root%s/upper' % (self.outer.pid, self.folder)
        for at, folders, files in os.walk(upper):
            for name in folders + files:
                path = os.path.join(at, name)
                inside = path[len(upper):]
                held = content(path)
                if held != content(inside):
                    found[inside] = held
        return found

    def close(self):
        if self.init is not None:
            os.kill(self.init, signal.SIGKILL)
        self.outer.kill()
        self.outer.wait()
        for _ in range(100):
            for at, _, _ in os.walk(self.group, topdown=False):
                try:
                    os.rmdir(at)
                except OSError:
                    time.sleep(0.05)
            if not os.path.exists(self.group):
                break
        os.rmdir(self.folder)
