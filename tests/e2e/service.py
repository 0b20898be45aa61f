#!/usr/bin/env python3
"""A small Messenger service: dispatch, notification, switchboard, gateway, SOCKS.

usage: service.py PREFIX PREFIX6      listens on the addresses PREFIX10 and onwards

    10 dispatch    11 notification    12 gateway, the name    13 gateway, where it goes on
    14 switchboard    15 SOCKS on 1080, and on 1081 one that denies    16 TLS

Accounts and what they prove stand in one table; the answers follow from it.
"""
import asyncio, hashlib, sys

PASSWORD, CHALLENGE, BUSY = 'open sesame', '1096.2128', 'busy@example.com'
PAYLOADS = ('MSG', 'UUX', 'ADL', 'QRY', 'PUT')
PREFIX, PREFIX6 = sys.argv[1:3] if len(sys.argv) == 3 else ('', '')
DISPATCH, NOTIFICATION, GATEWAY, GATEWAY_ON, SWITCHBOARD, SOCKS, TLS = range(10, 17)
COOKIE = '214963.1047973248.28908'


class Leave(Exception):
    """The server closes, after these last words."""

    def __init__(self, words=''):
        super().__init__(words)
        self.words = words


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def proven(method, proof):
    """True, False, or None when it is nothing to be answered."""
    if method == 'MD5':
        return proof == md5(CHALLENGE + PASSWORD)
    return {'t=good&p=': True, 't=odd&p=': None}.get(proof, False)


class Dialogue:
    """What one server says, line by line, on whatever carries the lines."""

    def __init__(self, role, six=False, web=False):
        self.role, self.six, self.web = role, six, web
        self.account = None

    def answer(self, line):
        words = line.split()
        verb = words[0].lower() if words else ''
        known = getattr(self, 'on_' + verb, None)
        if known is None:
            raise Leave()
        return known(*words[1:])

    def on_ver(self, trid, *dialects):
        known = [d for d in dialects if d.startswith('MSNP') and int(d[4:]) <= 18]
        if not known:
            raise Leave('VER %s 0\r\n' % trid)
        return 'VER %s %s\r\n' % (trid, known[0])

    def on_cvr(self, trid, *claim):
        version = claim[5]
        return 'CVR %s %s %s 1.0.0000 http://x.example/a http://x.example/b\r\n' % (
            trid, version, version)

    def on_inf(self, trid):
        return 'INF %s MD5\r\n' % trid

    def on_usr(self, trid, method, *rest):
        if self.role == SWITCHBOARD:
            if rest != (COOKIE,):
                raise Leave('911 %s\r\n' % trid)
            self.account = method
            return 'USR %s OK %s Somebody\r\n' % (trid, method)
        if rest[0] == 'I':
            return self.named(trid, method, rest[1])
        good = proven(method, rest[1])
        if good is None:
            raise Leave()
        if not good:
            raise Leave('911 %s\r\n' % trid)
        profile = 'MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile\r\n\r\n'
        return 'USR %s OK %s 1 0\r\nMSG Hotmail Hotmail %d\r\n%s' % (
            trid, self.account, len(profile), profile)

    def named(self, trid, method, account):
        self.account = account
        if account == BUSY:
            raise Leave('600 %s\r\n' % trid)
        if self.role == DISPATCH:
            host = '[%s%d]' % (PREFIX6, NOTIFICATION) if self.six else \
                '%s%d' % (PREFIX, NOTIFICATION)
            return 'XFR %s NS %s:1863 0 %s:1863\r\n' % (trid, host, host)
        return 'USR %s %s S %s\r\n' % (
            trid, method, CHALLENGE if method == 'MD5' else 'ct=1,rver=1,lc=1,id=1')

    def on_syn(self, trid, *have):
        return 'SYN %s 0 0\r\n' % trid

    def on_chg(self, trid, *state):
        return 'CHG %s %s\r\n' % (trid, ' '.join(state))

    def on_png(self):
        if self.web:
            raise Leave()
        return 'QNG 50\r\n'

    def on_xfr(self, trid, _):
        return 'XFR %s SB %s%d:1863 CKI %s\r\n' % (trid, PREFIX, SWITCHBOARD, COOKIE)

    def on_cal(self, trid, callee):
        return 'CAL %s RINGING 17\r\nJOI %s Friend\r\n' % (trid, callee)

    def on_msg(self, trid, ack, _):
        return 'ACK %s\r\n' % trid if ack == 'A' else ''

    def on_out(self, *_):
        raise Leave()


async def lines(reader, dialogue):
    """Answers, one by one, to what stands in a stream or a body."""
    while line := await reader.readline():
        words = line.decode('latin1').split()
        if words and words[0] in PAYLOADS:
            await reader.readexactly(int(words[-1]))
        yield dialogue.answer(' '.join(words))


async def direct(reader, writer, role, six):
    try:
        async for answer in lines(reader, Dialogue(role, six)):
            writer.write(answer.encode())
    except Leave as leave:
        writer.write(leave.words.encode())


class Session:
    """A gateway's session.  Only VER is answered at once: polls fetch the rest."""
    all = {}

    def __init__(self, server):
        role = SWITCHBOARD if server == 'SB' else NOTIFICATION
        self.dialogue = Dialogue(role, web=True)
        self.number, self.turn = 1000 + len(self.all), 0
        self.waiting, self.over = '', False
        self.all[str(self.number)] = self

    async def take(self, body):
        reader = asyncio.StreamReader()
        reader.feed_data(body)
        reader.feed_eof()
        try:
            async for answer in lines(reader, self.dialogue):
                self.waiting += answer
        except Leave as leave:
            self.waiting += leave.words
            self.over = True

    def reply(self, tell):
        self.turn += 1
        body, self.waiting = (self.waiting, '') if tell else ('', self.waiting)
        gone = '; Session=close' if self.over and not self.waiting else ''
        return ('HTTP/1.1 200 OK\r\nContent-Length: %d\r\n'
                'Content-Type: application/x-msn-messenger\r\n'
                'X-MSN-Messenger: SessionID=%d.%d; GW-IP=%s%d%s\r\n\r\n%s' % (
                    len(body), self.number, 7000 + self.turn, PREFIX, GATEWAY_ON, gone,
                    body))


async def request(reader):
    """Query and body of the next request, or None."""
    head = (await reader.readuntil(b'\r\n\r\n')).decode('latin1').split('\r\n')
    method, target, _ = head[0].split(' ')
    fields = dict(line.lower().split(': ', 1) for line in head[1:] if line)
    body = await reader.readexactly(int(fields.get('content-length', 0)))
    path, _, query = target.partition('?')
    if method != 'POST' or not path.endswith('/gateway/gateway.dll'):
        return None
    return dict(item.split('=', 1) for item in query.split('&')), body


async def gateway(reader, writer, *_):
    while asked := await request(reader):
        query, body = asked
        if query.get('Action') == 'open':
            session = Session(query.get('Server'))
        else:
            session = Session.all.get(query.get('SessionID', '').split('.')[0])
        if session is None:
            break
        await session.take(body)
        writer.write(session.reply('Action' in query).encode())
    writer.write(b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')


async def relay(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
    writer.write_eof()


async def socks(reader, writer, denies, _):
    methods = await reader.readexactly(2)
    await reader.readexactly(methods[1])
    writer.write(b'\x05\x00')
    _, _, _, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = '.'.join(str(b) for b in await reader.readexactly(4))
    port = int.from_bytes(await reader.readexactly(2), 'big')
    if kind == 3:
        host = '%s%d' % (PREFIX, DISPATCH)
    writer.write(bytes([5, 2 if denies else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    if denies:
        return
    there = await asyncio.open_connection(host, port)
    try:
        await asyncio.gather(relay(reader, there[1]), relay(there[0], writer))
    finally:
        there[1].close()


async def secret(reader, _writer, *_):
    """What is said here is none of a sniffer's business: read the hello, and close."""
    await reader.read(4096)


def handled(handler, role, six):
    async def serve(reader, writer):
        try:
            await handler(reader, writer, role, six)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()
    return serve


async def main():
    places = [(direct, PREFIX, role, 1863)
              for role in (DISPATCH, NOTIFICATION, SWITCHBOARD)]
    places += [(direct, PREFIX6, role, 1863) for role in (DISPATCH, NOTIFICATION)]
    places += [(gateway, PREFIX, role, 80) for role in (GATEWAY, GATEWAY_ON)]
    places += [(secret, PREFIX, TLS, 443)]
    servers = [await asyncio.start_server(handled(handler, role, prefix == PREFIX6),
                                          '%s%d' % (prefix, role), port)
               for handler, prefix, role, port in places]
    servers += [await asyncio.start_server(handled(socks, port == 1081, False),
                                           '%s%d' % (PREFIX, SOCKS), port)
                for port in (1080, 1081)]
    print('ready', flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == '__main__':
    asyncio.run(main())
