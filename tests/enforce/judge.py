"""What must have come of a scene: for clients, servers, the wire and the events."""
from people import INNOCENT, group_of
from wire import percentile

SHARE = 0.99  # of the cut connections end as reset, at each end
FRAMES_MAX = 6


def is_cut(line, wave):
    """Whether this connection is one to be cut."""
    return wave['want'] == 'cut' and line['kind'] not in INNOCENT and \
        line['kind'] in wave.get('enforced', (line['kind'],)) and \
        group_of(line['host']) == 'protected'


def calls_of(lines):
    """The connections of each call, in order."""
    calls = {}
    for line in lines:
        calls.setdefault(line['call'], []).append(line)
    return list(calls.values())


def judge_clients(wave, lines, missed=0):
    """Who was cut and who was not; a share of those to be cut may be missed."""
    faults = {}
    for call in calls_of(lines):
        told = '%s met %s' % (call[0]['host'], ', '.join(
            '%s at %s of %s' % ('all' if line['done'] else line['end'], line['at'],
                                line['kind']) for line in call))
        for line in call:
            if is_cut(line, wave) == line['done']:
                kind = 'not cut' if line['done'] else 'harmed'
                faults.setdefault((kind, line['kind']), []).append(told)
    return ['%s, %s: %d, such as %s' % (*kind, len(told), told[0])
            for kind, told in faults.items()
            if kind[0] == 'harmed' or len(told) > missed * len(lines)]


def judge_ends(wave, lines, server, share=SHARE):
    """That both ends of what was cut were told so."""
    cut = [line for line in lines if is_cut(line, wave)]
    ends = {'client': [line['end'] for line in cut],
            'server': [server.get((line['host'], line['port']), 'never came')
                       for line in cut]}
    faults = []
    for end, met in ends.items():
        if met.count('reset') < share * len(met):
            faults.append('of %d connections to be cut the %s met %s' % (
                len(met), end, {kind: met.count(kind) for kind in sorted(set(met))}))
    return faults


def judge_frames(cut, frames, odd, sensors=1):
    """Frames go to what is to be cut and nowhere else, and not too many of them."""
    faults = ['%d frames that are no bare RST were sent' % odd] if odd else []
    strange = sorted(set(frames) - cut)
    if strange:
        faults.append('frames to %d other connections: %s' % (len(strange), strange[:5]))
    most = max(frames.values(), default=0)
    if most > FRAMES_MAX * sensors:
        faults.append('%d frames to one connection' % most)
    return faults


def judge_events(mode, cut, events, missed=0):
    """A reset event for each connection cut, in dry-run too, and for no other."""
    resets = [e for e in events if e['event_type'] == 'reset']
    about = {(e['src_ip'], e['src_port']) for e in resets}
    faults = []
    if len(cut - about) > missed * len(cut):
        faults.append('%d cut connections have no reset event: %s' % (
            len(cut - about), sorted(cut - about)[:5]))
    for e in resets:
        frames = e['reset'].get('frames', 0)
        if frames > (FRAMES_MAX if mode == 'reset' else 0):
            faults.append('too many frames: %s' % e)
        if frames and (e['src_ip'], e['src_port']) not in cut:
            faults.append('not to be cut: %s' % e)
    return faults


def judge_attempts(waves, events, missed=0):
    """Outcomes of the hosts that were not exempt, by their last word in each wave."""
    want, got = {}, {}
    dropped = events[-1]['stats'].get('worker', {}).get('dropped', 0)
    if dropped:
        # All at once is more than the thread that folds may be given time for.
        print('  attempts are not compared: the sensor lost %d facts' % dropped)
        return []
    for _, lines in waves:
        for call in calls_of(lines):
            if call[-1]['kind'] not in INNOCENT:
                want.setdefault(call[-1]['host'], set()).add(
                    'signed-in' if call[-1]['done'] else 'reset')
    for e in events:
        if e['event_type'] == 'attempt':
            got.setdefault(e['src_ip'], set()).add(e['attempt']['outcome'])
    wrong = sorted(h for h in set(want) | set(got) if want.get(h) != got.get(h))
    if len(wrong) <= missed * len(want):
        return []
    return ['attempts of %d hosts are not what they met, such as %s: %s, not %s' % (
        len(wrong), h, got.get(h), want.get(h)) for h in wrong[:1]]


def histogram(values):
    return ', '.join('%s %d' % (v, values.count(v)) for v in sorted(set(values)))


def figures(wave, lines, frames, wire):
    """What a wave came to, for people."""
    text = []
    for kind in sorted({line['kind'] for line in lines}):
        calls = [c for c in calls_of(lines) if c[-1]['kind'] == kind]
        due = [c for c in calls if is_cut(c[0], wave)]
        rest = [c for c in calls if not is_cut(c[0], wave)]
        if rest:
            text.append('  %-10s %4d, done %4d' % (
                kind, len(rest), sum(c[-1]['done'] for c in rest)))
        if due:
            text.append('  %-10s %4d to be cut, signed in %4d; %s' % (
                kind, len(due), sum(c[-1]['done'] for c in due),
                cut_figures([line for call in due for line in call], frames, wire)))
    return '\n'.join(text)


def cut_figures(lines, frames, wire):
    counts = [frames.get((line['host'], line['port']), 0) for line in lines]
    text = '%d connections: ended by %s, at %s; frames %d to %d, mean %.1f' % (
        len(lines), histogram(['nobody' if line['done'] else line['end']
                               for line in lines]),
        histogram([line['at'] for line in lines]), min(counts), max(counts),
        sum(counts) / len(counts))
    ends = [(line['host'], line['port']) for line in lines]
    took = [wire[end].latency() for end in ends if end in wire]
    took = [us for us in took if us is not None]
    if took:
        text += '; us to the first RST: median %d, 99 %% %d, most %d' % (
            percentile(took, 50), percentile(took, 99), max(took))
    return text
