#include "report/digest.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <threads.h>

static void
ready(void)
{
	if (gcry_check_version(GCRYPT_VERSION) == NULL)
		abort();
	(void)gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	(void)gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static void
digest(int algo, unsigned flags, const gcry_buffer_t *of, int n, void *out)
{
	static once_flag once = ONCE_FLAG_INIT;

	call_once(&once, ready);
	if (gcry_md_hash_buffers(algo, flags, out, of, n) != 0)
		abort();
}

static gcry_buffer_t
buffer(struct bytes b)
{
	/* The library's field is not const, and it only reads. */
	return (gcry_buffer_t){.data = (void *)b.p, .len = b.n};
}

void
digest_sha1(struct bytes of, uint8_t out[DIGEST_SHA1])
{
	gcry_buffer_t parts[1] = {buffer(of)};

	digest(GCRY_MD_SHA1, 0, parts, 1, out);
}

void
digest_hmac_sha256(struct bytes key, struct bytes of, uint8_t out[DIGEST_SHA256])
{
	gcry_buffer_t parts[2] = {buffer(key), buffer(of)};

	digest(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, parts, 2, out);
}
