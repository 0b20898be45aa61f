#include "base/bytes.h"

bool
bytes_eq(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
bytes_starts_fold(struct bytes a, const char *prefix)
{
	size_t i;
	uint8_t c;

	for (i = 0; prefix[i] != '\0'; i++) {
		c = (uint8_t)prefix[i];
		if (i == a.n || (a.p[i] != c && byte_fold(a.p[i]) != byte_fold(c)))
			return false;
	}
	return true;
}

size_t
bytes_find(struct bytes b, uint8_t c)
{
	const uint8_t *hit = b.n ? memchr(b.p, c, b.n) : NULL;

	return hit ? (size_t)(hit - b.p) : b.n;
}

struct bytes
bytes_trim(struct bytes b)
{
	for (; b.n && byte_is_blank(b.p[0]); b.n--)
		b.p++;
	while (b.n && byte_is_blank(b.p[b.n - 1]))
		b.n--;
	return b;
}

bool
bytes_decimal(struct bytes b, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (b.n == 0 || b.n > 10)
		return false;
	for (i = 0; i < b.n; i++) {
		if (!byte_is_digit(b.p[i]))
			return false;
		v = v * 10 + (uint64_t)(b.p[i] - '0');
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}
