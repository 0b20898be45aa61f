/*
 * usage: damaged [-s SEED] [-n CASES] [-c CASE] FILE.pcap...
 *
 * A reader of damaged captures.  Every case takes one of the files, its first frames in
 * one of the formats and packings, damages it, before or after it is packed, and reads
 * it from its bytes to the report (tests/reading.h).  It must end within TIME_MAX_S and
 * MEMORY_MAX; what stands before the damage must be read as it was; and the rest must
 * be told.  A case depends on SEED, its number and the files alone: -c does one again.
 * What fails is kept in the folder it is run in, as damaged-SEED-CASE.
 */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/damage/damage.h"
#include "tests/damage/image.h"
#include "tests/reading.h"
#include "tests/rows.h"

#define TIME_MAX_S 20
#define ROOM       (3 * IMAGE_MAX)
#define RECORD_MIN 16
#define MMAP_FROM  (128 * 1024)

/* The budget of `read`; a sanitizer's shadow and quarantine come on top. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED     1
#define MEMORY_MAX_KB (160 * 1024)
#else
#define SANITIZED     0
#define MEMORY_MAX_KB (32 * 1024)
#endif

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* What was freed is kept away for a while, but not so much of it. */
const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=16:abort_on_error=1:handle_abort=0";
}

const char *
__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

/* One case, for the messages. */
struct plan {
	const char *path;
	enum image_format format;
	enum image_packing packing;
	enum damage damage;
	bool inner; /* damaged before it is packed */
};

struct tally {
	uint64_t clean, damaged, unreadable, frames, events, attempts;
	unsigned failed;
};

/* The case at hand, for the signals' handler. */
static struct {
	char text[320];
	char name[64];
	struct bytes file;
} now_at;

static void
keep_file(void)
{
	int fd = open(now_at.name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd >= 0 && write(fd, now_at.file.p, now_at.file.n) >= 0)
		(void)close(fd);
}

static void
on_signal(int sig)
{
	static const char died[] = "  died; kept as ",
			  late[] = "  took too long; kept as ";
	const char *how = sig == SIGALRM ? late : died;

	(void)!write(STDOUT_FILENO, now_at.text, strlen(now_at.text));
	(void)!write(STDOUT_FILENO, how, strlen(how));
	(void)!write(STDOUT_FILENO, now_at.name, strlen(now_at.name));
	(void)!write(STDOUT_FILENO, "\n", 1);
	keep_file();
	(void)signal(SIGABRT, SIG_DFL);
	abort();
}

/* Sanitizers abort in the end, and have more to say before that. */
static void
tell_of_death(void)
{
	static const int sigs[] = {SIGABRT, SIGALRM, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
	size_t i, n = SANITIZED ? 2 : sizeof(sigs) / sizeof(sigs[0]);

	for (i = 0; i < n; i++)
		(void)signal(sigs[i], on_signal);
}

static void
note_plan(const struct plan *p, uint64_t seed, uint64_t number)
{
	static const char *const formats[] = {
	    "pcap", "big-endian pcap", "pcapng", "big-endian pcapng"};
	static const char *const packings[] = {"", " in gzip", " in zstd"};

	(void)snprintf(now_at.name, sizeof(now_at.name), "damaged-%llu-%llu",
	    (unsigned long long)seed, (unsigned long long)number);
	(void)snprintf(now_at.text, sizeof(now_at.text),
	    "seed %llu case %llu: %.160s as %s%s, %s%s\n", (unsigned long long)seed,
	    (unsigned long long)number, p->path, formats[p->format], packings[p->packing],
	    damage_word(p->damage), p->inner ? " before it was packed" : "");
}

static struct plan
plan_of(uint64_t *rng, char **files, size_t n)
{
	struct plan p = {.path = files[rows_draw(rng, (uint32_t)n)]};

	p.format = (enum image_format)rows_draw(rng, IMAGE_FORMATS);
	p.packing = (enum image_packing)rows_draw(rng, IMAGE_PACKINGS);
	p.damage = (enum damage)rows_draw(rng, DAMAGES);
	p.inner = p.packing != IMAGE_PLAIN && rows_draw(rng, 3) == 0;
	return p;
}

static size_t
first_difference(struct bytes a, struct bytes b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		;
	return i;
}

/* The damaged file, and how many bytes of the plain one are before the damage. */
static struct bytes
make(const struct plan *p, const struct image *m, uint64_t *rng, size_t *intact)
{
	static uint8_t before[ROOM], after[ROOM], packed[ROOM];
	struct bytes plain = bytes_of(m->b, m->n), old = plain;
	struct victim v = {after, m->n, ROOM / 2, m->end, m->frames};

	if (!p->inner) {
		old = bytes_of(before, image_pack(p->packing, plain, before, ROOM));
		v.n = old.n;
		v.headers = p->packing == IMAGE_PLAIN ? v.headers : 0;
	}
	memcpy(after, old.p, old.n);
	damage_do(&v, p->damage, rng);
	*intact = first_difference(old, bytes_of(after, v.n));
	if (p->inner)
		return bytes_of(
		    packed, image_pack(p->packing, bytes_of(after, v.n), packed, ROOM));
	if (v.n != old.n || *intact != old.n)
		*intact = image_unpacked(p->packing, bytes_of(old.p, *intact));
	else
		*intact = m->n;
	return bytes_of(after, v.n);
}

static bool
same_frames(const struct reading *a, const struct reading *b, size_t n)
{
	return memcmp(a->prints, b->prints, n * sizeof(a->prints[0])) == 0;
}

/* What the trouble that was told, or not, has wrong; or NULL. */
static const char *
why_not_told(const struct plan *p, const struct image *m, const struct reading *whole,
    const struct reading *r, size_t intact)
{
	bool sums = p->packing != IMAGE_PLAIN && !p->inner; /* they give damage away */
	bool clean = !sums && image_is_boundary(m, intact);
	size_t sure = image_frames_within(m, intact);

	if (p->damage == DAMAGE_CUT && (r->troubles == 0) != clean)
		return clean ? "a trouble where there is none" : "a cut not told";
	if (r->troubles == 0)
		return sums && (r->frames != m->frames ||
				   !same_frames(whole, r, m->frames))
			   ? "damage not told although packers keep sums"
			   : NULL;
	if (r->trouble.kind == COVERAGE_UNREADABLE)
		return r->frames != 0 ? "frames of what cannot be read" : NULL;
	if (r->trouble.kind != COVERAGE_DAMAGED)
		return "a trouble of the wrong kind";
	return sure != 0 && r->trouble.offset < m->end[sure - 1]
		   ? "damage told of where there is none"
		   : NULL;
}

/* Why the case has failed, or NULL. */
static const char *
why_not(const struct plan *p, const struct image *m, const struct reading *whole,
    const struct reading *r, size_t intact)
{
	size_t sure = image_frames_within(m, intact);

	if (r->frames < sure)
		return "frames before the damage are missing";
	if (!same_frames(whole, r, sure))
		return "frames before the damage are not as they were";
	if (p->damage == DAMAGE_CUT && r->frames != sure)
		return "frames after the cut";
	if (p->packing == IMAGE_PLAIN && r->frames > ROOM / RECORD_MIN)
		return "more frames than there is room for";
	return why_not_told(p, m, whole, r, intact);
}

static const char *
over_memory(void)
{
	struct rusage u;

	if (getrusage(RUSAGE_SELF, &u) != 0)
		return "no word of the memory used";
	return u.ru_maxrss > MEMORY_MAX_KB ? "too much memory" : NULL;
}

static void
fail(struct tally *t, const char *why)
{
	keep_file();
	printf("%s  %s; kept as %s\n", now_at.text, why, now_at.name);
	t->failed++;
}

static void
count(struct tally *t, const struct reading *r)
{
	t->frames += r->frames;
	t->events += r->events;
	t->attempts += r->attempts;
	if (r->troubles == 0)
		t->clean++;
	else if (r->trouble.kind == COVERAGE_UNREADABLE)
		t->unreadable++;
	else
		t->damaged++;
}

static void
try(struct tally *t, struct reading *r[2], uint64_t seed, uint64_t number, char **files,
    size_t n)
{
	static struct image m;
	uint64_t rng = seed << 32 | number;
	struct plan p = (rows_draw(&rng, 2), plan_of(&rng, files, n));
	const char *why;
	size_t intact;

	note_plan(&p, seed, number);
	if (!image_load(&m, p.path, p.format)) {
		fail(t, "cannot be used");
		return;
	}
	reading_frames(r[0], bytes_of(m.b, m.n));
	if (r[0]->frames != m.frames)
		abort();
	now_at.file = make(&p, &m, &rng, &intact);
	(void)alarm(TIME_MAX_S);
	why = reading_of(r[1], now_at.file) ? why_not(&p, &m, r[0], r[1], intact)
					    : r[1]->fault;
	(void)alarm(0);
	if (why == NULL)
		why = over_memory();
	if (why != NULL)
		fail(t, why);
	count(t, r[1]);
}

static void
usage(void)
{
	(void)fputs(
	    "usage: damaged [-s SEED] [-n CASES] [-c CASE] FILE.pcap...\n", stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	uint64_t seed = 1, from = 0, cases = 1000, i;
	struct reading *r[2] = {reading_new(0), reading_new(0)};
	struct tally t = {0};
	struct rusage u;
	int c;

	while ((c = getopt(argc, argv, "s:n:c:")) != -1) {
		if (c == '?')
			usage();
		i = strtoull(optarg, NULL, 10);
		if (c == 's')
			seed = i;
		else if (c == 'n')
			cases = i;
		else
			from = i, cases = 1;
	}
	if (optind == argc)
		usage();
	tell_of_death();
	/* Tables are new memory, as in a run of its own, not what others have touched. */
	(void)mallopt(M_MMAP_THRESHOLD, MMAP_FROM);
	for (i = from; i < from + cases && t.failed < 10; i++)
		try(&t, r, seed, i, argv + optind, (size_t)(argc - optind));
	(void)getrusage(RUSAGE_SELF, &u);
	printf("%llu captures: %llu read to a clean end, %llu damaged, %llu unreadable; "
	       "%llu frames, %llu events, %llu attempts; %ld KiB at most\n",
	    (unsigned long long)(i - from), (unsigned long long)t.clean,
	    (unsigned long long)t.damaged, (unsigned long long)t.unreadable,
	    (unsigned long long)t.frames, (unsigned long long)t.events,
	    (unsigned long long)t.attempts, u.ru_maxrss);
	reading_free(r[0]);
	reading_free(r[1]);
	return t.failed != 0 || (cases > 500 && (t.attempts == 0 || t.unreadable == 0 ||
						    t.clean == 0 || t.damaged == 0));
}
