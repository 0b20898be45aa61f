#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/account.h"
#include "tests/suite.h"

/* A folder of its own for each case, and the names in it. */
struct place {
	char dir[64];
	char sub[PATH_MAX];
	char key[PATH_MAX];
};

static struct place
place_make(void)
{
	struct place p = {.dir = "/tmp/msnwatch-account-XXXXXX"};

	if (mkdtemp(p.dir) == NULL)
		abort();
	(void)snprintf(p.sub, sizeof(p.sub), "%s/state", p.dir);
	(void)snprintf(p.key, sizeof(p.key), "%s/state/account.key", p.dir);
	return p;
}

static void
place_remove(const struct place *p)
{
	(void)unlink(p->key);
	(void)rmdir(p->sub);
	CU_ASSERT_EQUAL(rmdir(p->dir), 0);
}

static void
write_key(const struct place *p, size_t n, mode_t mode)
{
	uint8_t bytes[64];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	(void)mkdir(p->sub, 0700);
	fd = open(p->key, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || fchmod(fd, mode) != 0)
		abort();
	(void)close(fd);
}

static void
refused(const struct place *p, const char *cure)
{
	struct account_key *key = NULL;
	struct err e = {""};

	CU_ASSERT_EQUAL(account_key_open(&key, p->key, &e), -1);
	CU_ASSERT_PTR_NULL(key);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, p->key));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, cure));
}

static void
a_missing_key_is_made_for_its_owner_alone(void)
{
	struct place p = place_make();
	struct account_key *key = NULL;
	struct err e = {""};
	struct stat st;

	CU_ASSERT_EQUAL_FATAL(account_key_open(&key, p.key, &e), 0);
	account_key_close(key);
	CU_ASSERT_EQUAL(stat(p.key, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(st.st_size, 32);
	CU_ASSERT_EQUAL(stat(p.sub, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0700);
	place_remove(&p);
}

static void
pseudonyms_last_as_long_as_the_key(void)
{
	struct place p = place_make();
	struct account_key *key = NULL;
	char first[ACCOUNT_MAX] = "a@example.com", again[ACCOUNT_MAX] = "a@example.com",
	     other[ACCOUNT_MAX] = "a@example.com";
	struct err e = {""};

	CU_ASSERT_EQUAL_FATAL(account_key_open(&key, p.key, &e), 0);
	account_redact(first, ACCOUNT_HASH, key);
	account_key_close(key);
	CU_ASSERT_EQUAL_FATAL(account_key_open(&key, p.key, &e), 0);
	account_redact(again, ACCOUNT_HASH, key);
	account_key_close(key);
	CU_ASSERT_STRING_EQUAL(first, again);
	(void)unlink(p.key);
	CU_ASSERT_EQUAL_FATAL(account_key_open(&key, p.key, &e), 0);
	account_redact(other, ACCOUNT_HASH, key);
	account_key_close(key);
	CU_ASSERT_STRING_NOT_EQUAL(first, other);
	place_remove(&p);
}

static void
the_pseudonym_is_the_keyed_mac(void)
{
	struct place p = place_make();
	struct account_key *key = NULL;
	char account[ACCOUNT_MAX] = "a@example.com";
	struct err e = {""};
	size_t i;

	write_key(&p, 32, 0600);
	CU_ASSERT_EQUAL_FATAL(account_key_open(&key, p.key, &e), 0);
	account_redact(account, ACCOUNT_HASH, key);
	/* Computed with Python's hmac module over the key 00 01 .. 1f. */
	CU_ASSERT_STRING_EQUAL(account, "k8651:b31e9b3b1eeeeed945426e4c");
	for (i = strlen(account); i < sizeof(account); i++)
		CU_ASSERT_EQUAL(account[i], '\0');
	account_key_close(key);
	place_remove(&p);
}

static void
a_key_that_others_may_read_is_refused(void)
{
	struct place p = place_make();

	write_key(&p, 32, 0640);
	refused(&p, "chmod 600");
	write_key(&p, 32, 0604);
	refused(&p, "chmod 600");
	place_remove(&p);
}

static void
a_key_of_the_wrong_size_is_refused(void)
{
	struct place p = place_make();

	write_key(&p, 0, 0600);
	refused(&p, "32 bytes and this file has 0");
	write_key(&p, 33, 0600);
	refused(&p, "remove the file");
	place_remove(&p);
}

static void
a_folder_is_no_key(void)
{
	struct place p = place_make();
	struct account_key *key = NULL;
	struct err e = {""};

	(void)mkdir(p.sub, 0700);
	CU_ASSERT_EQUAL(account_key_open(&key, p.sub, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "regular file"));
	place_remove(&p);
}

static void
show_and_hide_do_what_they_say(void)
{
	char account[ACCOUNT_MAX] = "a@example.com", empty[ACCOUNT_MAX] = "";

	account_redact(account, ACCOUNT_SHOW, NULL);
	CU_ASSERT_STRING_EQUAL(account, "a@example.com");
	account_redact(empty, ACCOUNT_HASH, NULL);
	CU_ASSERT_STRING_EQUAL(empty, "");
	account_redact(account, ACCOUNT_HIDE, NULL);
	CU_ASSERT_STRING_EQUAL(account, "");
}

static void
hashing_without_a_key_never_shows(void)
{
	char account[ACCOUNT_MAX] = "a@example.com";

	account_redact(account, ACCOUNT_HASH, NULL);
	CU_ASSERT_STRING_EQUAL(account, "");
}

static void
every_mode_has_its_word(void)
{
	CU_ASSERT_STRING_EQUAL(account_mode_words[ACCOUNT_SHOW], "show");
	CU_ASSERT_STRING_EQUAL(account_mode_words[ACCOUNT_HASH], "hash");
	CU_ASSERT_STRING_EQUAL(account_mode_words[ACCOUNT_HIDE], "hide");
	CU_ASSERT_PTR_NULL(account_mode_words[ACCOUNT_HIDE + 1]);
}

void
suite_account(void)
{
	CU_pSuite s = suite_new("account");

	CASE(s, "a missing key is made for its owner alone",
	    a_missing_key_is_made_for_its_owner_alone);
	CASE(s, "pseudonyms last as long as the key", pseudonyms_last_as_long_as_the_key);
	CASE(s, "the pseudonym is the keyed MAC", the_pseudonym_is_the_keyed_mac);
	CASE(s, "a key that others may read is refused",
	    a_key_that_others_may_read_is_refused);
	CASE(s, "a key of the wrong size is refused", a_key_of_the_wrong_size_is_refused);
	CASE(s, "a folder is no key", a_folder_is_no_key);
	CASE(s, "show and hide do what they say", show_and_hide_do_what_they_say);
	CASE(s, "hashing without a key never shows", hashing_without_a_key_never_shows);
	CASE(s, "every mode has its word", every_mode_has_its_word);
}
