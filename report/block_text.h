/* Blocks in the words of the report. */
#ifndef REPORT_BLOCK_TEXT_H
#define REPORT_BLOCK_TEXT_H

#include "report/block.h"
#include "report/page.h"

/*
 * "1863 is refused by 10.0.0.1; 7 of 9 hosts then signed in through the gateway on port
 * 80, 2 did not get in: the block leaks."
 */
void block_sentence(const struct verdict_block *b, struct line *out);

/* "3 hosts signed in directly without meeting a block."  Nothing when there are none. */
void block_unmet(const struct verdict *v, struct line *out);

/* For tables: "direct refused by 10.0.0.1", and " > leaked by gateway". */
void block_brief(const struct verdict_block *b, bool with_device, struct line *out);
void block_brief_fate(enum fate fate, uint8_t ways, bool utf8, struct line *out);

#endif
