#!/usr/bin/env python3
"""The command as its users meet it: options, inputs, outputs, exit statuses, terminals.

usage: cli.py MSNWATCH SAMPLES RESHAPE [CASE...]

SAMPLES is the folder of generated captures, RESHAPE the tool that rewrites them.  The
cases are the functions case_NAME of the files cli_*.py.  Exit 0 when every case holds.
"""
import sys, time, traceback

sys.dont_write_bytecode = True
import cli_config, cli_inputs, cli_options, cli_save, cli_terminal
from cli_kit import Bench, Skip

MODULES = (cli_config, cli_options, cli_inputs, cli_save, cli_terminal)


def cases():
    return {name[5:]: case for module in MODULES for name, case in vars(module).items()
            if name.startswith('case_')}


def hold(name, case, *where):
    bench, start = Bench(*where), time.monotonic()
    try:
        case(bench)
        verdict = 'holds'
    except Skip as why:
        verdict = 'skipped: %s' % why
    except Exception:
        traceback.print_exc(file=sys.stdout)
        verdict = 'FAILED'
    finally:
        bench.close()
    print('%-34s %5.1f s  %s' % (name, time.monotonic() - start, verdict), flush=True)
    return verdict != 'FAILED'


def main(binary, samples, reshape, *only):
    wanted = {n: c for n, c in cases().items() if not only or n in only}
    if not wanted or set(only) - set(wanted):
        sys.exit('cli.py: no such case')
    good = sum([hold(n, c, binary, samples, reshape) for n, c in wanted.items()])
    print('%d/%d' % (good, len(wanted)))
    return good != len(wanted)


if __name__ == '__main__':
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
