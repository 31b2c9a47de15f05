/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Checks of the national identifiers: 统一社会信用代码 (GB 32100-2015), 公民身份号码 (GB 11643-1999), mobile numbers. */
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

XhIdentifierFault xh_id_number_check (const char *text, char *expected); /* @expected: (out) (optional) right check character */
XhIdentifierFault xh_uscc_check      (const char *text, char *expected);
gboolean          xh_uscc_inner_check (const char *text); /* GB 11714, a warning only (domain.md 3.2) */
char             *xh_id_number_birthdate (const char *text); /* (nullable) ISO date */
int               xh_id_number_sex   (const char *text);     /* 1 male, 2 female, 0 unknown */
char             *xh_identifier_normalise (const char *text); /* trims, full width to ASCII, x to X, no spaces or hyphens */
char             *xh_identifier_mask (const char *text);      /* 410421********1234 */
char              xh_id_number_check_character (const char *first17);
char              xh_uscc_check_character (const char *first17);
gboolean          xh_phone_check     (const char *text);
char             *xh_uuid_v7_new     (void);                  /* 36 characters, ordered by time */
gboolean          xh_uuid_is_valid   (const char *text);

G_END_DECLS
