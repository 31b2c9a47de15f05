/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sort-key.h"

#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uiter.h>

static UCollator *
get_collator (void)
{
  static gsize once;
  static UCollator *collator;

  if (g_once_init_enter (&once))
    {
      UErrorCode status = U_ZERO_ERROR;

      collator = ucol_open ("zh@collation=pinyin", &status);
      if (U_FAILURE (status))
        g_error ("ICU has no collation for Chinese: %s", u_errorName (status));
      /* Case and width do not matter in a list; leaving them out halves the key. */
      ucol_setStrength (collator, UCOL_PRIMARY);
      g_once_init_leave (&once, 1);
    }
  return collator;
}

guint
xh_sort_key (const char *text, guint8 key[XH_SORT_KEY_SIZE])
{
  UErrorCode status = U_ZERO_ERROR;
  UCharIterator iterator;
  uint32_t state[2] = { 0, 0 };
  int32_t n;

  uiter_setUTF8 (&iterator, text, -1);
  n = ucol_nextSortKeyPart (get_collator (), &iterator, state, key, XH_SORT_KEY_SIZE, &status);
  return U_SUCCESS (status) && n > 0 ? (guint) n : 0;
}

char *
xh_sort_key_version (void)
{
  UVersionInfo version;
  char text[U_MAX_VERSION_STRING_LENGTH];

  ucol_getVersion (get_collator (), version);
  u_versionToString (version, text);
  return g_strdup (text);
}
