#define _XOPEN_SOURCE 700
#include "base/text.h"

#include <wchar.h>

/*
 * Length of the well-formed UTF-8 sequence at the start of b and its code
 * point; 0 when there is none (RFC 3629 section 4).
 */
static size_t
utf8_step(struct bytes b, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;
	uint32_t c = b.p[0];

	if (c < 0x80) {
		*code = c;
		return 1;
	}
	n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || b.n < n)
		return 0;
	c &= 0x7fU >> n;
	for (i = 1; i < n; i++) {
		if ((b.p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b.p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return n;
}

/* Characters that steer a terminal or a reader instead of being read. */
static bool
code_is_hostile(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} bad[] = {
	    {0x0000, 0x001f},
	    {0x007f, 0x009f},
	    {0x00ad, 0x00ad},
	    {0x034f, 0x034f},
	    {0x061c, 0x061c},
	    {0x115f, 0x1160},
	    {0x17b4, 0x17b5},
	    {0x180b, 0x180f},
	    {0x200b, 0x200f},
	    {0x2028, 0x202e},
	    {0x2060, 0x206f},
	    {0x3164, 0x3164},
	    {0xe000, 0xf8ff},
	    {0xfe00, 0xfe0f},
	    {0xfeff, 0xfeff},
	    {0xffa0, 0xffa0},
	    {0xfff0, 0xfffb},
	    {0xfffe, 0xffff},
	    {0xe0000, 0x10ffff},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (c >= bad[i].first && c <= bad[i].last)
			return true;
	return false;
}

static void
put_escape(char to[4], uint8_t c)
{
	static const char digits[] = "0123456789abcdef";

	to[0] = '\\';
	to[1] = 'x';
	to[2] = digits[c >> 4];
	to[3] = digits[c & 15];
}

/* Writes one piece of input to out (at most 16 bytes); returns bytes eaten. */
static size_t
safe_step(struct bytes in, bool fold, char out[17], size_t *out_n)
{
	uint32_t code = 0;
	size_t n = utf8_step(in, &code), i;

	if (n == 1 && code == '\\') {
		out[0] = out[1] = '\\';
		*out_n = 2;
		return 1;
	}
	if (n != 0 && !code_is_hostile(code)) {
		memcpy(out, in.p, n);
		if (fold)
			out[0] = (char)byte_fold((uint8_t)out[0]);
		*out_n = n;
		return n;
	}
	if (n == 0)
		n = 1;
	for (i = 0; i < n; i++)
		put_escape(out + 4 * i, in.p[i]);
	*out_n = 4 * n;
	return n;
}

/* Most of what is ever copied: printable ASCII that needs no escape. */
static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

/* Copies what is plain at the start of in, as far as there is room. */
static size_t
copy_plain(char *dst, size_t room, struct bytes in, bool fold)
{
	size_t n, most = in.n < room ? in.n : room;

	for (n = 0; n < most && is_plain(in.p[n]); n++)
		dst[n] = (char)(fold ? byte_fold(in.p[n]) : in.p[n]);
	return n;
}

static size_t
safe_copy(char *dst, size_t size, struct bytes in, bool fold)
{
	const size_t last = size - 4; /* the furthest that "..." can begin */
	char piece[17];
	size_t n = 0, keep = 0, len = 0;

	for (;;) {
		len = copy_plain(dst + n, size - 1 - n, in, fold);
		in = bytes_skip(in, len);
		n += len;
		if (n <= last)
			keep = n;
		else if (n - len <= last)
			keep = last;
		if (in.n == 0)
			break;
		in = bytes_skip(in, safe_step(in, fold, piece, &len));
		if (n + len > size - 1) {
			memcpy(dst + keep, "...", 3);
			n = keep + 3;
			break;
		}
		memcpy(dst + n, piece, len);
		n += len;
		if (n <= last)
			keep = n;
	}
	dst[n] = '\0';
	return n;
}

size_t
text_safe(char *dst, size_t size, struct bytes in)
{
	return safe_copy(dst, size, in, false);
}

size_t
text_safe_fold(char *dst, size_t size, struct bytes in)
{
	return safe_copy(dst, size, in, true);
}

static size_t
code_cells(uint32_t code)
{
	int w = code < 0x80 ? 1 : wcwidth((wchar_t)code);

	return w < 0 ? 1 : (size_t)w;
}

size_t
text_fit(const char *safe, size_t cells)
{
	struct bytes in = bytes_str(safe);
	size_t used = 0, n, w;
	uint32_t code;

	while (in.n != 0) {
		n = utf8_step(in, &code);
		w = n ? code_cells(code) : 1;
		if (used + w > cells)
			break;
		used += w;
		in = bytes_skip(in, n ? n : 1);
	}
	return strlen(safe) - in.n;
}

size_t
text_width(struct bytes safe)
{
	struct bytes in = safe;
	size_t used = 0, n;
	uint32_t code;

	while (in.n != 0) {
		n = utf8_step(in, &code);
		used += n ? code_cells(code) : 1;
		in = bytes_skip(in, n ? n : 1);
	}
	return used;
}

void
text_put(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src);

	if (n >= size)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
}
