#include "base/text.h"
#include "tests/guard.h"
#include "tests/suite.h"

static void
expect(const char *in, size_t n, size_t size, const char *want)
{
	char out[256];

	(void)text_safe(out, size, guard_copy(in, n));
	CU_ASSERT_STRING_EQUAL(out, want);
}

static void
plain_text_is_kept(void)
{
	expect("a@example.com", 13, 64, "a@example.com");
	expect("J\xc3\xb6rg \xe2\x98\x83", 9, 64, "J\xc3\xb6rg \xe2\x98\x83");
	expect("a%0d%0ab", 8, 64, "a%0d%0ab");
}

static void
hostile_text_is_escaped_bytewise(void)
{
	expect("a\x1b[31m", 6, 64, "a\\x1b[31m");
	expect("a\0b\r\n", 5, 64, "a\\x00b\\x0d\\x0a");
	expect("\xe2\x80\xae"
	       "abc",
	    6, 64,
	    "\\xe2\\x80\\xae"
	    "abc");
	expect("\xc2\x9b"
	       "31m",
	    5, 64,
	    "\\xc2\\x9b"
	    "31m");
	expect("a\\b", 3, 64, "a\\\\b");
}

static void
invalid_utf8_is_escaped(void)
{
	expect("\xff\xfe", 2, 64, "\\xff\\xfe");
	expect("\xc0\x80", 2, 64, "\\xc0\\x80");
	expect("\xed\xa0\x80", 3, 64, "\\xed\\xa0\\x80");
	expect("\xe2\x98", 2, 64, "\\xe2\\x98");
	expect("\xf4\x90\x80\x80", 4, 64, "\\xf4\\x90\\x80\\x80");
}

static void
long_text_is_cut_at_a_whole_piece_with_a_mark(void)
{
	expect("abcdefgh", 8, 9, "abcdefgh");
	expect("abcdefghi", 9, 9, "abcde...");
	expect("abc\x1b\x1b", 5, 9, "abc...");
	expect("abcd\xe2\x98\x83\xe2\x98\x83", 10, 9, "abcd...");
}

static void
width_counts_cells(void)
{
	CU_ASSERT_EQUAL(text_width(bytes_str("abc")), 3);
	CU_ASSERT_EQUAL(text_fit("abcdef", 4), 4);
	CU_ASSERT_EQUAL(text_fit("ab", 4), 2);
}

void
suite_text(void)
{
	CU_pSuite s = suite_new("text");

	CASE(s, "plain text is kept", plain_text_is_kept);
	CASE(
	    s, "hostile text is escaped, byte by byte", hostile_text_is_escaped_bytewise);
	CASE(s, "invalid UTF-8 is escaped", invalid_utf8_is_escaped);
	CASE(s, "long text is cut with a mark",
	    long_text_is_cut_at_a_whole_piece_with_a_mark);
	CASE(s, "width counts cells", width_counts_cells);
}
