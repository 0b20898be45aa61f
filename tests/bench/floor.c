/*
 * The floor under every reader of captures: what it costs to be handed the packets.
 *
 * usage: floor loop|read FILE
 *
 * loop takes them from libpcap; read walks the records of a classic capture in its own
 * byte order, in a buffer of its own.  Both only count.
 */
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_HEAD   24
#define RECORD_HEAD 16
#define BUFFER      ((size_t)1 << 20)

struct total {
	uint64_t packets, bytes;
};

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

int
main(int argc, char **argv)
{
	struct total t = {0, 0};
	bool good;

	if (argc != 3) {
		(void)fputs("usage: floor loop|read FILE\n", stderr);
		return 2;
	}
	good = strcmp(argv[1], "read") == 0 ? by_read(argv[2], &t) : by_loop(argv[2], &t);
	(void)printf("%llu packets, %llu bytes\n", (unsigned long long)t.packets,
	    (unsigned long long)t.bytes);
	return good ? 0 : 1;
}
