#define _DEFAULT_SOURCE
#include "report/account.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "report/digest.h"

#define KEY_SIZE    32
#define SHOWN_BYTES 12 /* of the pseudonym: 24 hex digits */

const char *const account_mode_words[] = {"show", "hash", "hide", NULL};

struct account_key {
	uint8_t key[KEY_SIZE];
	char id[5];
};

static struct bytes
key_bytes(const struct account_key *key)
{
	return bytes_of(key->key, KEY_SIZE);
}

static void
hex(const uint8_t *in, size_t n, char *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", in[i]);
}

/* Makes every missing folder above path. */
static int
make_parents(const char *path, struct err *e)
{
	char dir[PATH_MAX];
	size_t i;

	if (strlen(path) >= sizeof(dir))
		return err_set(e, "%s: the name of the key file is too long", path);
	text_put(dir, sizeof(dir), path);
	for (i = 1; dir[i] != '\0'; i++) {
		if (dir[i] != '/')
			continue;
		dir[i] = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			return err_sys(
			    e, errno, "%s: the key's folder cannot be made", dir);
		dir[i] = '/';
	}
	return 0;
}

/* 0 made, 1 was there already, -1 failed. */
static int
make_key(const char *path, struct err *e)
{
	uint8_t fresh[KEY_SIZE];
	int fd, ok;

	if (make_parents(path, e) != 0)
		return -1;
	if (getrandom(fresh, sizeof(fresh), 0) != (ssize_t)sizeof(fresh))
		return err_sys(e, errno, "no random bytes for the key %s", path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return 1;
	if (fd < 0)
		return err_sys(e, errno, "%s: the key file cannot be made", path);
	ok = write(fd, fresh, sizeof(fresh)) == (ssize_t)sizeof(fresh) && fsync(fd) == 0;
	if (!ok)
		(void)err_sys(e, errno, "%s: the key cannot be written", path);
	ok &= close(fd) == 0;
	explicit_bzero(fresh, sizeof(fresh));
	if (ok)
		return 0;
	(void)unlink(path);
	return err_set(e, "%s: the key cannot be written", path);
}

static int
check_key(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_sys(e, errno, "%s: the key file cannot be read", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: a key must be a regular file", path);
	if ((st.st_mode & 077) != 0)
		return err_set(e,
		    "%s: others may read this key, so its pseudonyms hide nothing; "
		    "run chmod 600 on it, or remove it to have a new one made",
		    path);
	if (st.st_size != KEY_SIZE)
		return err_set(e,
		    "%s: a key has %d bytes and this file has %lld; restore the key, "
		    "or remove the file to have a new one made",
		    path, KEY_SIZE, (long long)st.st_size);
	return 0;
}

static int
read_key(struct account_key *key, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;

	if (fd < 0)
		return err_sys(e, errno, "%s: the key file cannot be read", path);
	r = check_key(fd, path, e);
	if (r == 0 && read(fd, key->key, KEY_SIZE) != KEY_SIZE)
		r = err_set(e, "%s: the key file cannot be read", path);
	(void)close(fd);
	return r;
}

int
account_key_open(struct account_key **key, const char *path, struct err *e)
{
	struct account_key *k;
	uint8_t mac[DIGEST_SHA256];

	if (access(path, F_OK) != 0 && make_key(path, e) < 0)
		return -1;
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return err_set(e, "out of memory for a key");
	if (read_key(k, path, e) != 0) {
		account_key_close(k);
		return -1;
	}
	digest_hmac_sha256(key_bytes(k), bytes_str("key id"), mac);
	hex(mac, 2, k->id);
	*key = k;
	return 0;
}

void
account_key_close(struct account_key *key)
{
	if (key != NULL)
		explicit_bzero(key, sizeof(*key));
	free(key);
}

void
account_redact(char *account, enum account_mode mode, const struct account_key *key)
{
	uint8_t mac[DIGEST_SHA256];
	char digits[2 * SHOWN_BYTES + 1];
	size_t n = strlen(account);

	if (mode == ACCOUNT_SHOW || n == 0)
		return;
	if (mode == ACCOUNT_HIDE || key == NULL) {
		explicit_bzero(account, ACCOUNT_MAX);
		return;
	}
	digest_hmac_sha256(key_bytes(key), bytes_of(account, n), mac);
	hex(mac, SHOWN_BYTES, digits);
	explicit_bzero(account, ACCOUNT_MAX);
	(void)snprintf(account, ACCOUNT_MAX, "k%s:%s", key->id, digits);
}
