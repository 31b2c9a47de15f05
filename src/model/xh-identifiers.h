/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Checks of the national identifiers: 统一社会信用代码 (GB 32100-2015), 公民身份号码 (GB 11643-1999), telephone numbers; and the names of
 * records (UUIDv7). The checks take text as it is stored: pass what a person typed through xh_identifier_normalise() first.
 * Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  XH_IDENTIFIER_OK,
  XH_IDENTIFIER_LENGTH,
  XH_IDENTIFIER_CHARACTER,
  XH_IDENTIFIER_DATE,     /* ID number: no such day, or in the future */
  XH_IDENTIFIER_CHECK,    /* the check character does not fit */
  XH_IDENTIFIER_DAMAGED,  /* looks like a number a spreadsheet has rounded (4.10421E+17, trailing zeros) */
} XhIdentifierFault;

/**
 * xh_id_number_check:
 * @text: (nullable): 18 characters
 * @expected: (out) (optional): the check character that would fit the first 17; NUL where they are wrong themselves
 */
XhIdentifierFault xh_id_number_check (const char *text, char *expected);

/**
 * xh_uscc_check:
 * @text: (nullable): 18 characters of the alphabet without I, O, S, V, Z
 * @expected: (out) (optional): the check character that would fit the first 17; NUL where they are wrong themselves
 */
XhIdentifierFault xh_uscc_check      (const char *text, char *expected);

/**
 * xh_uscc_inner_check:
 *
 * Whether the nine characters inside a code are a valid 组织机构代码 (GB 11714). Older codes of sole traders fail it: a warning
 * only (domain facts 3.2).
 */
gboolean          xh_uscc_inner_check (const char *text);

/**
 * xh_id_number_birthdate:
 *
 * Returns: (transfer full) (nullable): ISO date; the check character is not looked at
 */
char             *xh_id_number_birthdate (const char *text);

/**
 * xh_id_number_sex:
 *
 * Returns: 1 male, 2 female, 0 unknown (GB/T 2261.1)
 */
int               xh_id_number_sex   (const char *text);

/**
 * xh_identifier_normalise:
 * @text: what was typed or pasted; need not be UTF-8
 *
 * Full width becomes ASCII, small letters capitals; white space, dashes and invisible characters go.
 *
 * Returns: (transfer full): what is stored
 */
char             *xh_identifier_normalise (const char *text);

/**
 * xh_identifier_mask:
 *
 * Returns: (transfer full): 410421********1234, 138****5678, 张**
 */
char             *xh_identifier_mask (const char *text);

/* The check character for 17 characters; NUL where one of them may not stand there. */
char              xh_id_number_check_character (const char *first17);
char              xh_uscc_check_character (const char *first17);

/**
 * xh_phone_check:
 *
 * Returns: whether @text is a mobile number of 11 digits or a fixed line with its area code
 */
gboolean          xh_phone_check     (const char *text);

/**
 * xh_uuid_v7_new:
 *
 * Returns: (transfer full): 36 characters (RFC 9562); in the order of making within one process
 */
char             *xh_uuid_v7_new     (void);
gboolean          xh_uuid_is_valid   (const char *text);

G_END_DECLS
