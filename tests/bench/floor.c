/*
 * The floor under every reader of captures: what it costs to be handed the packets.
 *
 * usage: floor loop|read FILE
 *        floor live INTERFACE MIB
 *
 * loop takes them from libpcap; read walks the records of a classic capture in its own
 * byte order, in a buffer of its own; live takes them from libpcap with a ring of that
 * size, opened as `msnwatch live` does, until TERM.  All only count.
 */
#include <fcntl.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_HEAD   24
#define RECORD_HEAD 16
#define BUFFER      ((size_t)1 << 20)
#define SNAPLEN     262144
#define RETIRE_MS   50

struct total {
	uint64_t packets, bytes;
};

static pcap_t *watched; /* for the handler of TERM */

static void
on_term(int sig)
{
	(void)sig;
	pcap_breakloop(watched);
}

static void
count(u_char *user, const struct pcap_pkthdr *head, const u_char *data)
{
	struct total *t = (struct total *)user;

	(void)data;
	t->packets++;
	t->bytes += head->caplen;
}

static bool
by_loop(const char *path, struct total *t)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline(path, why);
	bool good;

	if (p == NULL) {
		(void)fprintf(stderr, "floor: %s\n", why);
		return false;
	}
	good = pcap_loop(p, -1, count, (u_char *)t) == 0;
	pcap_close(p);
	return good;
}

static bool
by_live(const char *interface, int mib, struct total *t)
{
	const struct sigaction stop = {.sa_handler = on_term};
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_stat st;

	watched = pcap_create(interface, why);
	if (watched == NULL) {
		(void)fprintf(stderr, "floor: %s\n", why);
		return false;
	}
	(void)pcap_set_snaplen(watched, SNAPLEN);
	(void)pcap_set_promisc(watched, 1);
	(void)pcap_set_timeout(watched, RETIRE_MS);
	(void)pcap_set_buffer_size(watched, mib << 20);
	(void)pcap_set_tstamp_precision(watched, PCAP_TSTAMP_PRECISION_NANO);
	if (sigaction(SIGTERM, &stop, NULL) != 0 || pcap_activate(watched) < 0 ||
	    pcap_loop(watched, -1, count, (u_char *)t) != PCAP_ERROR_BREAK ||
	    pcap_stats(watched, &st) != 0) {
		(void)fprintf(stderr, "floor: %s\n", pcap_geterr(watched));
		return false;
	}
	(void)printf("%u passed, %u dropped\n", st.ps_recv, st.ps_drop);
	pcap_close(watched);
	return true;
}

/* Counts the whole records of a buffer; how many bytes they take. */
static size_t
walk(const uint8_t *buffer, size_t n, struct total *t)
{
	size_t at = 0;
	uint32_t captured;

	while (n - at >= RECORD_HEAD) {
		memcpy(&captured, buffer + at + 8, sizeof(captured));
		if (captured > n - at - RECORD_HEAD)
			break;
		t->packets++;
		t->bytes += captured;
		at += RECORD_HEAD + captured;
	}
	return at;
}

static bool
by_read(const char *path, struct total *t)
{
	static uint8_t buffer[BUFFER];
	int fd = open(path, O_RDONLY);
	size_t kept = 0, used;
	ssize_t got;

	if (fd < 0 || read(fd, buffer, FILE_HEAD) != FILE_HEAD) {
		perror(path);
		return false;
	}
	while ((got = read(fd, buffer + kept, BUFFER - kept)) > 0) {
		used = walk(buffer, kept + (size_t)got, t);
		kept += (size_t)got - used;
		memmove(buffer, buffer + used, kept);
	}
	(void)close(fd);
	return kept == 0;
}

static bool
by(int argc, char **argv, struct total *t)
{
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return by_read(argv[2], t);
	if (argc == 3 && strcmp(argv[1], "loop") == 0)
		return by_loop(argv[2], t);
	if (argc == 4 && strcmp(argv[1], "live") == 0)
		return by_live(argv[2], atoi(argv[3]), t);
	(void)fputs(
	    "usage: floor loop|read FILE\n       floor live INTERFACE MIB\n", stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	struct total t = {0, 0};
	bool good = by(argc, argv, &t);

	(void)printf("%llu packets, %llu bytes\n", (unsigned long long)t.packets,
	    (unsigned long long)t.bytes);
	return good ? 0 : 1;
}
