#!/usr/bin/env python3
"""A Messenger client that tries to sign in as its plan says, and tells what it met.

usage: client.py PLAN      the plan as JSON, see scenarios.py; the experience on stdout

Before that it says "ready" when it is signed in or holds on half-way, as the plan has it,
and waits for a line on stdin.
"""
import errno, hashlib, json, random, socket, ssl, struct, sys, time

DISPATCH, GATEWAY = 'messenger.hotmail.com', 'gateway.messenger.hotmail.com'
SIGNIN = 'login.live.com'
PATIENCE = 5.5
ABORT = struct.pack('ii', 1, 0)  # a close by RST
LETTERS = 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello'
OFFERS = {'MD5': 'MSNP7 MSNP6 MSNP5 MSNP4 CVR0', 'TWN': 'MSNP12 MSNP11 MSNP10 CVR0',
          'SSO': 'MSNP18 MSNP17 CVR0', 'NONE': 'MSNP40 CVR0'}
VERSIONS = {'MD5': '4.6.0083', 'TWN': '7.5.0324', 'SSO': '14.0.8117.0416', 'NONE': '1.0'}


class Met(Exception):
    """This way ended: a result, and the server's or proxy's number if it gave one."""

    def __init__(self, result, code=None):
        super().__init__(result)
        self.result, self.code = result, code


def lookup(resolver, name, family):
    """The first address; None when there is none."""
    kind = 28 if family == 6 else 1
    question = b''.join(bytes([len(p)]) + p.encode() for p in name.split('.'))
    asked = random.randbytes(2) + b'\x01\x00\x00\x01' + bytes(6) + question + \
        bytes([0, 0, kind, 0, 1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(PATIENCE)
        s.connect((resolver, 53))
        s.send(asked)
        reply = s.recv(2048)
    size = 16 if kind == 28 else 4
    answer = reply[len(asked):]
    if int.from_bytes(reply[6:8], 'big') == 0 or reply[3] & 15:
        return None
    return socket.inet_ntop(socket.AF_INET6 if kind == 28 else socket.AF_INET,
                            answer[12:12 + size])


def syns_repeated():
    """SYNs that this host's kernel sent again."""
    with open('/proc/self/net/netstat', encoding='ascii') as f:
        names, numbers = [line.split() for line in f if line.startswith('TcpExt')]
    return int(numbers[names.index('TCPSynRetrans')])


def own_mac():
    with open('/sys/class/net/eth0/address', encoding='ascii') as f:
        return f.read().strip()


def failure(error):
    if isinstance(error, TimeoutError):
        return 'no-answer'
    if error.errno in (errno.ECONNREFUSED, errno.ECONNRESET):
        return 'refused'
    if error.errno in (errno.EHOSTUNREACH, errno.EACCES, errno.ENETUNREACH):
        return 'prohibited'
    raise error


class Wire:
    """A connection that carries lines."""

    def __init__(self, entry, address, port):
        entry.update(dest_ip=address, dest_port=port)
        before = syns_repeated()
        try:
            self.socket = socket.create_connection((address, port), PATIENCE)
        except OSError as error:
            entry['syns'] = 1 + syns_repeated() - before
            raise Met(failure(error)) from error
        self.file = self.socket.makefile('rb')
        self.answered = False

    def send(self, text):
        self.socket.sendall(text.encode('latin1'))

    def read(self, size=None):
        """A line, or so many bytes, or '' at the end."""
        try:
            got = self.file.readline() if size is None else self.file.read(size)
        except OSError as error:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            raise Met('rejected' if self.answered else failure(error)) from error
        self.answered = self.answered or bool(got)
        return got.decode('latin1')

    def ask(self, trid, line, payload=''):
        self.send('%s\r\n%s' % (line, payload))
        while got := self.read():
            words = got.split()
            if words[0] == 'MSG':
                self.read(int(words[-1]))
            if len(words) > 1 and words[1] == trid or trid == words[0]:
                return words
        raise Met('rejected')

    def close(self):
        self.file.close()
        self.socket.close()


class Connect(Wire):
    """The same through an HTTP proxy."""

    def __init__(self, entry, proxy, host, port):
        super().__init__(entry, *proxy)
        self.send('CONNECT %s:%d HTTP/1.0\r\nUser-Agent: MSMSGS\r\n\r\n' % (host, port))
        status = self.read().split()
        while self.read().strip():
            pass
        if status[1] != '200':
            self.close()
            raise Met('proxy-denied', int(status[1]))


class Socks(Wire):
    """The same through a SOCKS 5 proxy."""

    def __init__(self, entry, proxy, host, port):
        super().__init__(entry, *proxy)
        self.socket.sendall(b'\x05\x01\x00')
        self.read(2)
        self.answered = False  # by a proxy that does not know yet what this is about
        try:
            where = b'\x01' + socket.inet_aton(host)
        except OSError:
            where = bytes([3, len(host)]) + host.encode()
        self.socket.sendall(b'\x05\x01\x00' + where + port.to_bytes(2, 'big'))
        if self.read(10)[1] != '\0':
            self.close()
            raise Met('proxy-denied')


class Gateway:
    """Lines inside HTTP.  After the open the server moves it to another address."""

    def __init__(self, entry, address, proxy, server='NS', behind=DISPATCH):
        self.proxy, self.query = proxy, 'Action=open&Server=%s&IP=%s' % (server, behind)
        self.host, self.session = GATEWAY, None
        self.wire = Wire(entry, *(proxy or (address, 80)))
        self.waiting = []

    def post(self, query, body):
        target = '/gateway/gateway.dll?' + query
        if self.proxy:
            target = 'http://' + self.host + target
        self.wire.send('POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: MSMSGS\r\n'
                       'Content-Type: application/x-msn-messenger\r\n'
                       'Content-Length: %d\r\n\r\n%s' % (
                           target, self.host, len(body), body))
        status, fields = self.wire.read().split(), {}
        while line := self.wire.read().strip():
            name, _, value = line.partition(': ')
            fields[name.lower()] = value
        body = self.wire.read(int(fields['content-length']))
        if status[1] != '200':
            raise Met('proxy-denied' if self.proxy else 'rejected', int(status[1]))
        self.waiting += body.splitlines()
        word = dict(w.split('=') for w in fields['x-msn-messenger'].split('; '))
        self.session = word['SessionID']
        return word.get('GW-IP'), 'Session' in word

    def move(self, address):
        """Goes on at the address that the gateway named."""
        self.host = address
        if not self.proxy:
            self.wire.close()
            self.wire = Wire({}, address, 80)
            self.wire.answered = True

    def ask(self, trid, line, payload=''):
        body, over = '%s\r\n%s' % (line, payload), False
        if self.session is None:
            address, _ = self.post(self.query, body)
            self.move(address)
        else:
            self.post('SessionID=' + self.session, body)
        while True:
            for line in self.waiting:
                words = line.split()
                if len(words) > 1 and words[1] == trid:
                    self.waiting = []
                    return words
            if over:
                raise Met('rejected')
            time.sleep(0.1)
            _, over = self.post('Action=poll&SessionID=' + self.session, '')

    def send(self, text):
        self.post('SessionID=' + self.session, text)

    def close(self):
        self.wire.close()


class Client:
    """One try after the other, until one is answered or none is left."""

    def __init__(self, plan):
        self.plan, self.trid = plan, 0
        self.told = {'account': None, 'paths': [], 'conversations': 0, 'mac': own_mac()}
        self.wire = None

    def number(self):
        self.trid += 1
        return str(self.trid)

    def ask(self, verb, *words, payload='', wire=None):
        trid = self.number()
        return (wire or self.wire).ask(trid, ' '.join((verb, trid) + words), payload)

    def find(self, entry, name):
        entry['host'] = name
        address = lookup(self.plan['resolver'], name, self.plan['family'])
        if address in (None, '0.0.0.0') or address.startswith('127.'):
            if address:
                entry['dest_ip'] = address
            raise Met('sinkholed')
        return address

    def open(self, entry, way, host, port):
        """A way to a host: a name at first, then the address of a redirect."""
        named = not host[0].isdigit() and ':' not in host
        if way == 'connect' or way == 'socks':
            entry.setdefault('host', host)
            kind = Connect if way == 'connect' else Socks
            return kind(entry, tuple(self.plan[way]), host, port)
        if way == 'gateway':
            proxy = self.plan.get('connect')
            if proxy:
                entry['host'] = GATEWAY
            return Gateway(entry, None if proxy else self.find(entry, GATEWAY),
                           proxy and tuple(proxy))
        return Wire(entry, self.find(entry, host) if named else host, port)

    def hello(self):
        """Asks where the password is checked, which says no."""
        address = lookup(self.plan['resolver'], SIGNIN, self.plan['family'])
        self.told['signin_host'] = SIGNIN
        out = ssl.MemoryBIO()
        secret = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out,
                                                       server_hostname=SIGNIN)
        try:
            secret.do_handshake()
        except ssl.SSLWantReadError:
            pass
        with socket.create_connection((address, 443), PATIENCE) as s:
            s.sendall(out.read())
            s.recv(1)

    def introduce(self, method, account):
        """Up to the answer to the account's name."""
        self.told['dialect'] = self.refused(self.ask('VER', OFFERS[method]))[2]
        if method == 'MD5':
            self.ask('INF')
        else:
            self.ask('CVR', '0x0409 winnt 5.1 i386 MSNMSGR', VERSIONS[method],
                     'msmsgs', account)
        self.told['account'] = account
        return self.refused(self.ask('USR', method, 'I', account))

    @staticmethod
    def refused(words):
        if words[0].isdigit():
            raise Met('rejected', int(words[0]))
        if words[0] == 'VER' and words[2] == '0':
            raise Met('rejected')
        return words

    def sign_in(self, entry, way, proof):
        method, account = self.plan['method'], self.plan['account']
        self.wire = self.open(entry, way, DISPATCH, 1863)
        words = self.introduce(method, account)
        if words[0] == 'XFR':
            self.wire.close()
            host, _, port = words[3].rpartition(':')
            if way == 'direct':
                entry.pop('host')
            self.wire = self.open(entry, way, host.strip('[]'), int(port))
            words = self.introduce(method, account)
        if proof == 'hold':
            wait()
            raise Met('unfinished')
        if proof == 'wrong':
            self.hello()
            if way == 'gateway':
                self.wire.send('OUT\r\n')
            raise Met('abandoned')
        if method == 'MD5':
            proof = hashlib.md5((words[4] + proof).encode()).hexdigest()
        else:
            proof = 't=%s&p=' % proof
        self.refused(self.ask('USR', method, 'S', proof))

    def stay(self, entry):
        if self.plan.get('early'):
            wait()
            if isinstance(self.wire, Gateway):  # where it is by now
                entry.update(dest_ip=self.wire.host, host=self.wire.host)
        self.ask('CHG', 'NLN')
        if not isinstance(self.wire, Gateway):
            for _ in range(3):
                self.wire.ask('QNG', 'PNG')
                time.sleep(0.1)
        if self.plan.get('chat'):
            self.chat()
        self.wire.send('OUT\r\n')

    def chat(self):
        _, _, _, where, _, cookie = self.ask('XFR', 'SB')
        host, _, port = where.rpartition(':')
        if isinstance(self.wire, Gateway):
            proxy = self.wire.proxy
            board = Gateway({}, proxy or self.find({}, GATEWAY), proxy, 'SB', host)
        else:
            board = Wire({}, host, int(port))
        self.ask('USR', self.plan['account'], cookie, wire=board)
        self.ask('CAL', 'friend@example.net', wire=board)
        self.ask('MSG', 'A', str(len(LETTERS)), payload=LETTERS, wire=board)
        board.send('OUT\r\n')
        board.close()
        self.told['conversations'] += 1

    def go(self):
        for way, proof in self.plan['tries']:
            entry = {'path': way}
            self.told['paths'].append(entry)
            try:
                self.sign_in(entry, way, proof)
                entry['result'] = 'signed-in'
                self.stay(entry)
            except Met as met:
                entry['result'] = met.result
                if met.code:
                    entry['code'] = met.code
            if self.wire:
                self.wire.close()
                self.wire = None
            time.sleep(0.3)
        return self.told


def wait():
    print('ready', flush=True)
    sys.stdin.readline()


if __name__ == '__main__':
    print(json.dumps(Client(json.loads(sys.argv[1])).go()), flush=True)
